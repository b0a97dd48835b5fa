import { cpSync, writeFileSync } from "node:fs";
import path from "node:path";
import kleur from "kleur";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { actions, recap, type Action } from "../../grader/commands/watch/actions.ts";
import { afterKey, roundOf, type Round } from "../../grader/commands/watch/round.ts";
import type { Session } from "../../grader/commands/watch/session.ts";
import { layOut, pageOf, type Page, type View } from "../../grader/commands/watch/views.ts";
import { dojo as course, functionSteps, steps } from "../../grader/course/steps.ts";
import { finishable, newsOf, type News } from "../../grader/grading/news.ts";
import type { LastVerdict, StepProgress } from "../../grader/grading/progress.ts";
import { lessonFile } from "../../grader/kit/lesson.ts";
import type { Step } from "../../grader/kit/step.ts";
import { finishedLines, newlyFinishedLines } from "../../grader/report/news.ts";
import { widthOf, type Layable } from "../../grader/report/text.ts";
import { exercisesFolder, projectRoot } from "../../grader/runner/project.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";
import { withWorkspace } from "./in-process.ts";

/** The lessons are the course's own. */
const lessons = path.join(projectRoot, "exercises");

vi.mock("../../grader/runner/project.ts", async (original) => (await import("./in-process.ts")).inWorkspace(original));

const COLUMNS = [60, 80, 100];
/** Wide enough for every line. */
const WIDE = 2000;
const ROWS = 24;
const enabled = kleur.enabled;

beforeAll(() => {
  kleur.enabled = false;
});
afterAll(() => {
  kleur.enabled = enabled;
});

/** As much of a session as a screen shows. */
function sessionAt(current: Step, result?: Partial<StepResult>, more: Partial<Session> = {}): Session {
  const session = { current, result, root: "exercises", progress: progressOfAll(), news: undefined, ...more };
  return { next: session.progress.find(({ state }) => state !== "passed"), ...session } as Session;
}

/** A state after the other, so that the list shows all of them. */
function progressOfAll(): StepProgress[] {
  const states: Omit<StepProgress, "step">[] = [
    { state: "reopened", verdict: "changed-inputs", because: "course" },
    { state: "passed", verdict: "rounding", because: null },
    { state: "reopened", verdict: null, because: "edit" },
    { state: "started", verdict: "out-of-memory", because: null },
    { state: "not-started", verdict: null, because: null },
    { state: "missing", verdict: null, because: null },
    { state: "missing", verdict: null, because: null, unread: "a link, a folder or a pipe" },
  ];
  return steps.map((step, i) => ({ step, ...states[i % states.length]! }));
}

/** What is cut, with a mark, instead of broken: a line of code with its caret, and what a learner's code printed. */
const isCut = (line: string): boolean => /^ +(\d+ \| |\| +\^|printed \|)/.test(line);
const wordsOf = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => !isCut(line))
    .flatMap((line) => line.split(/\s+/))
    .filter((word) => /\w/.test(word));

/** The pieces of a word between signs: where code and paths may be continued. */
function piecesOf(word: string): Set<string> {
  const ends = [...word.matchAll(/(?<!\w)|(?!\w)/g)].map(({ index }) => index);
  return new Set([0, ...ends].flatMap((from) => [...ends, word.length].map((to) => word.slice(from, to))));
}

/**
 * What is wrong with a screen at the widths, beside one that is wide enough for everything.
 *
 * @param isOtherWhenWide whether that one says other things
 */
function problemsOf(what: string, screen: (columns: number) => Page, isOtherWhenWide = false): string[] {
  const wide = screen(WIDE);
  const known = new Set([...wordsOf(wide.body), ...wordsOf(wide.foot), ...wordsOf(wide.head)]);
  const isPiece = (word: string): boolean => [...known].some((one) => one.includes(word) && piecesOf(one).has(word));
  return COLUMNS.flatMap((columns) => {
    const page = screen(columns);
    const { lines } = layOut(page, ROWS, 0);
    const all = [...page.head, ...page.body, ...page.foot];
    const tooWide = all.filter((line) => widthOf(line) > columns);
    const broken = isOtherWhenWide ? [] : wordsOf(all).filter((word) => !known.has(word) && !isPiece(word));
    const isWhole = wordsOf(page.foot).join(" ") === wordsOf(wide.foot).join(" ");
    const isShown = page.foot.every((line) => lines.includes(line)) && lines.length <= ROWS;
    return [
      ...tooWide.map((line) => `too wide: ${line}`),
      ...broken.map((word) => `broken: ${word}`),
      ...(isWhole ? [] : [`footer: ${page.foot.join(" / ")}`]),
      ...(isShown ? [] : [`footer not on the screen: ${page.foot.join(" / ")}`]),
    ].map((text) => `${what} at ${columns}: ${text}`);
  });
}

const pageFor =
  (view: View, session: Session, said: readonly [string, string] = ["", "graded at 12:00:00, in 0.3 s"]) =>
  (columns: number): Page =>
    pageOf(view, session, said, columns);

const action = (name: string): Action => actions.find((one) => one.name === name)!;

/** What a key shows for a step. */
async function shownBy(name: string, session: Session): Promise<(columns: number) => Page> {
  const { current: step, result, root } = session;
  const text = (await action(name).run({ step, result, root })) as Layable;
  return pageFor({ kind: "text", text, action: action(name) }, session);
}

const passed = (step: Step): Partial<StepResult> => ({
  ...step,
  verdict: "exact",
  passed: true,
  tensors: [{ name: "counts", shape: [32, 27], exact: true, approximate: true, maxdiff: 0 }],
  notes: [],
  printed: "",
});

describe("at 60, 80 and 100 columns no line of watch is too wide, no word is broken and the footer is whole:", () => {
  it("the list, filtered and not", () => {
    const session = sessionAt(stepOf("dcounts"));
    const filters = ["", "bn", "open", "wrong 1-8", "zebra", "99"];
    const found = filters.flatMap((filter) =>
      [undefined, stepOf("numericalGradient"), stepOf("dy")].flatMap((selected) =>
        problemsOf(`list ${filter}`, pageFor({ kind: "list", filter, selected }, session)),
      ),
    );
    expect(found).toEqual([]);
  });

  it("the section of the lesson on each step", async () => {
    for (const file of new Set(steps.map((step) => lessonFile(step)!)))
      cpSync(path.join(lessons, file), path.join(exercisesFolder, file));
    const found: string[] = [];
    for (const step of steps)
      found.push(...problemsOf(`lesson ${step.id}`, await shownBy("lesson", sessionAt(step, passed(step)))));
    expect(found).toEqual([]);
  });

  it("the questions, with each of their replies", () => {
    // to make questions takes a while: every fourth step's
    const asked = steps.filter((_, i) => i % 4 === 0);
    const found = asked.flatMap((step) => {
      const session = sessionAt(step);
      const start = roundOf(step, "not-started");
      const rounds = start.questions.flatMap((question, at): Round[] => [
        { ...start, at },
        ...[0, question.options.length - 1].map((chosen): Round => ({ ...start, at, chosen })),
      ]);
      const end = afterKey({ ...start, at: start.questions.length - 1 }, { name: "s", text: "s", ctrl: false });
      return [...rounds, ...(end ? [end] : [])].flatMap((round) =>
        problemsOf(`quiz ${step.id}`, pageFor({ kind: "quiz", round, action: action("quiz") }, session)),
      );
    });
    expect(found).toEqual([]);
  });

  it("the hints", async () => {
    const found: string[] = [];
    for (const step of steps) {
      const session = sessionAt(step, { ...passed(step), verdict: "wrong", passed: false, mistake: null });
      for (const isOpen of [false, true, true]) {
        const text = (await action("hint").run({ step, result: session.result, root: "exercises", isOpen })) as Layable;
        found.push(...problemsOf(`hint ${step.id}`, pageFor({ kind: "text", text, action: action("hint") }, session)));
      }
    }
    expect(found).toEqual([]);
  });

  it("the solution and the known mistakes", async () => {
    const found: string[] = [];
    for (const step of steps) {
      const session = sessionAt(step, passed(step));
      for (const name of ["solution", "mistakes"])
        found.push(...problemsOf(`${name} ${step.id}`, await shownBy(name, session)));
    }
    expect(found).toEqual([]);
  });

  it("the keys, the question before a reset, and what is said above the keys", async () => {
    const found: string[] = [];
    for (const step of [stepOf("da"), stepOf("numericalGradient"), stepOf("fused-dhprebn"), stepOf("train")]) {
      for (const result of [undefined, passed(step)]) {
        const session = sessionAt(step, result);
        found.push(
          ...problemsOf("keys", await shownBy("keys", session)),
          ...problemsOf("question", pageFor({ kind: "question", action: action("reset") }, session)),
          ...problemsOf(
            "said",
            pageFor({ kind: "step" }, session, [
              "check: available once there is an answer, which has to be a gradient of one tensor",
              "exercises is missing; it is graded again once it is back",
            ]),
          ),
        );
      }
    }
    expect(found).toEqual([]);
  });

  it("the end of each part and of each stretch of steps, and what a first pass brings", () => {
    const found = finishable(course).flatMap((end) => {
      const last = end.steps.at(-1)!;
      const text: Layable = (columns) => newlyFinishedLines([end], columns);
      const session = sessionAt(last, passed(last));
      return [
        ...problemsOf(end.milestone.title, pageFor({ kind: "text", text, action: recap }, session)),
        ...problemsOf(
          `${end.milestone.title}, again`,
          pageFor({ kind: "text", text: (columns) => finishedLines(end, columns), action: recap }, session),
        ),
      ];
    });
    const last = (verdict: "exact"): LastVerdict => ({ verdict, passedOnce: true, grader: "", files: [], texts: "" });
    const news = steps.map((step): [Step, News] => [
      step,
      newsOf(course, new Map(), new Map([[step.id, last("exact")]])),
    ]);
    found.push(
      ...news.flatMap(([step, news]) =>
        problemsOf(`passed ${step.id}`, pageFor({ kind: "step" }, sessionAt(step, passed(step), { news }))),
      ),
    );
    expect(found).toEqual([]);
  });

  it("steps with every kind of verdict, their drawings, checks and differences", async () => {
    await withWorkspace(async (root) => {
      const tree = path.join(root, "exercises");
      const bodies: Record<string, string> = {
        dlogprobs: 'console.log("x ".repeat(200)); return given.logprobs;',
        dprobs: "return given.dlogprobs.div(given.probs).sum(1);",
        dcounts_sum: "return given.dcounts_sum_inv.mul(given.nothing.at.all);",
        dcounts: "return given.counts.mul(NaN);",
        dnorm_logits: "return undefined;",
        dlogit_maxes: "return given.dnorm_logits.sum(1, keepdim);",
        dlogits: "return given.dnorm_logits.add(given.dlogit_maxes);",
        dh: "return given.dlogits @ given.W2.T;",
        dleft: "return given.right.matmul(given.dproduct);",
        ratio: "return given.bnraw;",
      };
      for (const [id, body] of Object.entries(bodies)) {
        const step = functionSteps.find((one) => one.id === id)!;
        writeFileSync(path.join(tree, step.file), exercise(step.export, body));
      }
      cpSync(path.join(root, "solutions", stepOf("dz").file), path.join(tree, stepOf("dz").file));
      const files = Object.fromEntries(
        Object.entries(bodies).map(([id, body]) => {
          const step = functionSteps.find((one) => one.id === id)!;
          return [id, exercise(step.export, body)];
        }),
      );
      const results = await gradeFiles(files);
      const found: string[] = [];
      for (const id of Object.keys(bodies)) {
        const session = sessionAt(stepOf(id), results[id], { root: tree });
        found.push(...problemsOf(`step ${id}`, pageFor({ kind: "step" }, session)));
      }
      for (const [id, names] of [
        ["dlogits", ["check", "diff"]],
        ["dleft", ["show", "diff"]],
        ["dz", ["show"]],
      ] as const) {
        const session = sessionAt(stepOf(id), results[id] ?? passed(stepOf(id)), { root: tree });
        for (const name of names)
          found.push(...problemsOf(`${name} ${id}`, await shownBy(name, session), name === "show"));
      }
      expect(found).toEqual([]);
    });
  });
});
