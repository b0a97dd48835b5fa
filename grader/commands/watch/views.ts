import path from "node:path";
import kleur from "kleur";
import { dojo, steps } from "../../course/steps.ts";
import { lessonFile } from "../../kit/lesson.ts";
import { stepTask } from "../../kit/stub.ts";
import { taskLines } from "../../report/hint/contract.ts";
import { codeLines } from "../../report/code.ts";
import { cutTo, fold, HANG, widthOf, type Layable } from "../../report/text.ts";
import { progressInReach } from "../../grading/progress.ts";
import { listLines, passedText, type ListLine } from "../../report/listing.ts";
import { newsLines } from "../../report/news.ts";
import { outOfRange } from "../../report/out-of-range.ts";
import { chainLines, stepLines, type Layout } from "../../report/terminal.ts";
import { displayPath, exercisesFolder } from "../../runner/project.ts";
import type { StepResult } from "../../verdict/result.ts";
import { actions, leavingKeys, movingKeys, type Action, type At } from "./actions.ts";
import { isOver, roundKeys, roundLines, type Round } from "./round.ts";
import type { Session } from "./session.ts";
import type { Step } from "../../kit/step.ts";

/** What the screen shows. */
export type View =
  | { kind: "step" }
  /** All steps, or those that the typed text finds; one of them is selected. */
  | { kind: "list"; filter: string; selected: Step | undefined }
  /** What a key shows, laid out anew if the terminal has another width. */
  | { kind: "text"; text: Layable; action: Action }
  /** A question, answered with y or n. */
  | { kind: "question"; action: Action }
  /** The questions to the step, answered with digits; the key that began them also leaves them. */
  | { kind: "quiz"; round: Round; action: Action };

/** A screen's three parts; the middle one scrolls. */
export interface Page {
  head: string[];
  body: string[];
  foot: string[];
  /** The line of the body that must be visible. */
  focus?: number | undefined;
}

/**
 * @param said the lines above the keys: about the last key, and about grading
 */
export function pageOf(
  view: View,
  session: Session,
  said: readonly [key: string, grading: string],
  columns: number,
): Page {
  const head = heading(session, columns);
  const told = said.filter((line) => line !== "").flatMap((line) => fold(line, columns));
  switch (view.kind) {
    case "step":
      return {
        head,
        body: stepBody(session, columns),
        foot: [...told, ...keyLines(session, columns)],
      };
    case "question": {
      const question = view.action.question!(placeOf(session));
      const foot = [
        ...fold(kleur.yellow(question), columns),
        ...keyRows(
          [
            ["y", "yes"],
            ["n", "no"],
          ],
          columns,
        ),
      ];
      return { head, body: stepBody(session, columns), foot };
    }
    case "text": {
      const body = view.text(columns).flatMap((line) => fold(line, columns));
      return {
        head,
        body,
        foot: [
          ...fold(said[0], columns).filter((line) => line !== ""),
          ...keyRows([...textKeys(view.action, placeOf(session)), ["up, down, Space", "scroll"]], columns),
        ],
      };
    }
    case "quiz":
      return quizPage(view, head, columns);
    case "list":
      return { head, ...listPage(view, session, columns) };
  }
}

function quizPage({ round, action: { key } }: Extract<View, { kind: "quiz" }>, head: string[], columns: number): Page {
  const back = [...(isOver(round) ? ["Enter"] : []), key, "Escape", "q"].join(", ");
  const foot = keyRows([...roundKeys(round), [back, "back"]], columns);
  return { head, body: roundLines(round, columns).flatMap((line) => fold(line, columns)), foot };
}

/** The keys of an open text: its own shows more, or closes it; what no key has opened is the end of a stretch. */
function textKeys({ key, again }: Action, at: At): [string, string][] {
  const name = again?.(at);
  if (key === "") {
    return [
      ["n", "next"],
      ["Escape, q", "back"],
    ];
  }
  if (name === undefined) return [[`${key}, Escape, q`, "back"]];
  return [
    [key, name],
    ["Escape, q", "back"],
  ];
}

/** The situation in which an action is run. */
export function placeOf({ current, result, root }: Session, isOpen = false): At {
  return { step: current, result, root, isOpen };
}

function heading({ current, root, progress }: Session, columns: number): string[] {
  const inPart = steps.filter(({ part }) => part === current.part).length;
  const left = `${current.id}: part ${current.part}, step ${current.number} of ${inPart}`;
  const counted = progress.filter(({ step }) => (current.isOptional ? step.part === current.part : !step.isOptional));
  const right = passedText(counted);
  const gap = columns - left.length - right.length;
  return [
    kleur.bold(left) + (gap < 2 ? "" : " ".repeat(gap) + right),
    ...fold(displayPath(path.join(root, current.file)), columns, HANG).map((line) => kleur.cyan(line)),
    "",
  ];
}

function stepBody(session: Session, columns: number): string[] {
  const { current, result } = session;
  if (!result) return [];
  const pathOf = (file: string): string => displayPath(path.join(session.root, file));
  const layout = { columns, pathOf };
  const news = session.news ? newsLines({ ...session.news, finished: [] }, columns) : [];
  const lines = [
    ...stepLines(current, result, layout),
    ...brokenChain(result, layout),
    "",
    toDo(session, result),
    ...news,
  ];
  // the task, as long as there is no code of the learner's own
  if (result.verdict === "not-started" && current.kind === "function") {
    lines.push("", ...stepTask(current).flatMap((line) => codeLines(line, columns)));
  }
  if (result.verdict === "not-started" && current.kind === "program") lines.push("", ...taskLines(current, columns));
  return lines.flatMap((line) => fold(line, columns));
}

/** Where the step is wrong in the learner's chain; a chain that does not reach it yet is not worth a line here. */
function brokenChain(result: StepResult, layout: Layout): string[] {
  return result.inChain?.verdict === "wrong" ? chainLines([result], layout) : [];
}

/** What to do next, in a sentence. */
export function toDo({ next, current, progress }: Session, { verdict, passed, notes }: StepResult): string {
  if (passed) {
    const after = steps[steps.indexOf(current) + 1];
    const ahead = after ? ` n goes to ${after.id}${beginning(after)}.` : "";
    if (!next) return kleur.green(`Passed, and so have all ${progressInReach(progress).length} steps.`) + ahead;
    const open = next.step === after ? "" : ` To do next: ${next.step.id}; l lists the steps.`;
    return `${kleur.green("Passed.")}${ahead}${open}`;
  }
  if (verdict === "not-started")
    return "To do: replace the throw todo(...) with your code, and save. t shows the lesson.";
  if (verdict === "missing") return "To do: export the function under its name; r restores the stub.";
  const also = notes.length > 0 ? " The notes may say why." : "";
  return `To do: fix it and save; every save is graded.${also}`;
}

/** If a step is the first of its part, so that the part and its lesson are announced. */
function beginning(step: Step): string {
  const lesson = lessonFile(step);
  if (step.number > 1 || lesson === undefined) return "";
  return `, where part ${step.part}${step.isOptional ? " (optional)" : ""} begins: ${displayPath(path.join(exercisesFolder, lesson))}`;
}

function keyLines(session: Session, columns: number): string[] {
  const offered = actions.filter(({ isOffered }) => isOffered(placeOf(session)));
  const keys = [...movingKeys, ...offered, ...leavingKeys];
  return keyRows(
    keys.map(({ key, name }): [string, string] => [key, name]),
    columns,
  );
}

/** Keys with their names, as many in a line as fit: none is parted from its name. */
function keyRows(keys: readonly [key: string, name: string][], columns: number): string[] {
  const rows: string[] = [];
  for (const [key, name] of keys) {
    const text = `${kleur.bold(key)} ${name}`;
    const longer = `${rows.at(-1)}   ${text}`;
    if (rows.length > 0 && widthOf(longer) <= columns) rows[rows.length - 1] = longer;
    else rows.push(text);
  }
  return rows;
}

/** The steps that a filter finds, as lines. */
export function filtered({ progress, next }: Session, filter: string): ListLine[] {
  return listLines(progress, next?.step, filter.split(" ").filter(Boolean));
}

function listPage(
  { filter, selected }: Extract<View, { kind: "list" }>,
  session: Session,
  columns: number,
): Omit<Page, "head"> {
  const lines = filtered(session, filter);
  const isSelected = ({ step }: ListLine): boolean => step !== undefined && step === selected;
  const folded = lines.map((line) => fold(isSelected(line) ? `*${line.text.slice(1)}` : line.text, columns, HANG));
  const body = folded.flatMap((own, i) => (isSelected(lines[i]!) ? own.map((part) => kleur.inverse(part)) : own));
  const at = lines.findIndex(isSelected);
  if (lines.length === 0)
    body.push(
      ...fold(`${outOfRange(dojo, filter) ?? "no step has this in its name"}; Backspace removes letters`, columns),
    );
  const foot = [
    filter === "" ? cutTo("filter: _  type part of a name, a number, open or wrong", columns) : `filter: ${filter}_`,
    ...keyRows(
      [
        ["up, down", "select (*)"],
        ["Enter", "go there"],
        ["Escape", "back"],
      ],
      columns,
    ),
  ];
  return { body, foot, focus: at < 0 ? at : folded.slice(0, at).flat().length };
}

/**
 * A page as lines of the screen; a body that does not fit scrolls.
 *
 * @param offset how many lines of the body to leave out at the top
 * @returns the lines, the offset that was possible, and how many lines of the body are seen
 */
export function layOut(
  { head, body, foot, focus }: Page,
  rows: number,
  offset: number,
): { lines: string[]; offset: number; seen: number } {
  const room = Math.max(1, rows - head.length - foot.length - 1);
  if (body.length <= room)
    return { lines: [...head, ...body, ...blank(room - body.length), "", ...foot], offset: 0, seen: room };
  const seen = room - 1;
  let first = Math.min(Math.max(0, offset), body.length - seen);
  if (focus !== undefined && focus >= 0) first = Math.min(Math.max(first, focus - seen + 1), focus);
  const where = kleur.dim(`lines ${first + 1} to ${Math.min(first + seen, body.length)} of ${body.length}; up, down`);
  return { lines: [...head, ...body.slice(first, first + seen), where, "", ...foot], offset: first, seen };
}

function blank(count: number): string[] {
  return Array.from({ length: Math.max(0, count) }, () => "");
}
