import kleur from "kleur";
import { hintsOf } from "../course/hints/all.ts";
import type { StepHints } from "../course/hints/hint.ts";
import { smallInstance } from "../course/hints/instance.ts";
import { looks, valueLooks } from "../course/hints/mistakes.ts";
import { answerName, givenShape, gradientOf, type FunctionStep, type Step } from "../course/steps.ts";
import { forwardTexts } from "../course/stub.ts";
import { parameterShapes, type Extent } from "../model/lines.ts";
import type { StepResult } from "../verdict/result.ts";
import { numberLines, workedLines } from "./hint-numbers.ts";
import { harmless } from "./terminal.ts";
import { INDENT, paragraph, proseWidth } from "./text.ts";

/** A hint's place: the shapes, the local rule with small numbers, the missing piece. */
export type Rung = 1 | 2 | 3;
export const rungs: readonly Rung[] = [1, 2, 3];

const titles: Readonly<Record<Rung, string>> = {
  1: "the shapes",
  2: "the rule, with small numbers",
  3: "the missing piece",
};

/**
 * One hint, with its heading. None of them holds the answer's code.
 *
 * @param result what grading the step found: the third hint speaks to the mistake that it names
 * @param columns the terminal's; undefined where the output is no terminal
 */
export function rungLines(step: Step, rung: Rung, result: StepResult | undefined, columns?: number): string[] {
  const width = proseWidth(columns);
  const hints = hintsOf(step.id);
  const prose = (text: string): string[] => paragraph(text, width, INDENT);
  const heading = `${kleur.bold(step.id)}: hint ${rung} of ${rungs.length}, ${titles[rung]}`;
  if (rung === 1) return [heading, "", ...contractLines(step, width), "", ...prose(hints.ask)];
  if (rung === 2) {
    const instance = smallInstance(step, hints);
    return [
      heading,
      "",
      ...prose(hints.rule),
      "",
      ...numberLines(hints, instance, width),
      "",
      ...workedLines(hints, instance, width),
    ];
  }
  return [
    heading,
    "",
    ...pieceTexts(step, hints, result).flatMap((text, i) => (i === 0 ? [] : [""]).concat(prose(text))),
  ];
}

/** Which shapes come in and which must come out. */
function contractLines(step: Step, width: number): string[] {
  if (step.kind === "function") return functionContract(step, width);
  const parameters = Object.entries(parameterShapes).map(([name, shape]): Row => ["", name, shapeText(shape)]);
  parameters[0]![0] = "a gradient for each parameter, in its shape:";
  return rowLines(parameters, width);
}

function functionContract(step: FunctionStep, width: number): string[] {
  const answer = givenShape(step.tensor);
  const forward = forwardTexts(step).map((text): Row => ["", text, ""]);
  forward[0]![0] = "forward";
  const byShape = new Map<string, string[]>();
  for (const name of step.given) {
    const shape = shapeText(givenShape(name));
    byShape.set(shape, [...(byShape.get(shape) ?? []), name]);
  }
  const given = [...byShape].map(([shape, names]): Row => ["", names.join(", "), shape]);
  given[0]![0] = "given";
  const above = step.given.filter((name) => gradientOf(name) !== undefined);
  const alike = above.filter((name) => String(givenShape(name)) === String(answer));
  const compared = above.filter((name) => !alike.includes(name)).map((name) => compare(name, givenShape(name), answer));
  if (alike.length > 0) {
    const have = alike.length === 1 ? "has" : "have";
    compared.unshift(`${alike.join(" and ")} ${have} the answer's shape, ${shapeText(answer)}`);
  }
  return [
    ...rowLines([...forward, ...given, ["return", answerName(step), shapeText(answer)]], width),
    ...(compared.length === 0 ? [] : ["", ...paragraph(`From above: ${compared.join("; ")}.`, width, INDENT)]),
  ];
}

/** How the shape of a gradient from above differs from the answer's. */
function compare(name: string, shape: readonly Extent[], answer: readonly Extent[]): string {
  if (shape.length !== answer.length)
    return `${name} has the shape ${shapeText(shape)}, the answer ${shapeText(answer)}`;
  const apart = shape.flatMap((extent, dim) =>
    extent === answer[dim] ? [] : [`${extent} where the answer has ${answer[dim]}`],
  );
  return `${name} has ${apart.join(", and ")}`;
}

function shapeText(shape: readonly Extent[]): string {
  return `[${shape.join(", ")}]`;
}

/** What it is, which tensors, their shape. */
type Row = [label: string, names: string, shape: string];

/** Rows in columns; a label that is long stands above its row. */
function rowLines(rows: readonly Row[], width: number): string[] {
  const LABEL = "forward  ".length;
  const inner = Math.max(...rows.filter(([, , shape]) => shape !== "").map(([, names]) => names.length));
  return rows.flatMap(([label, names, shape]) => {
    const above = label.length > LABEL ? [INDENT + label] : [];
    const start = INDENT + (above.length > 0 ? "" : label).padEnd(LABEL);
    const whole = `${start}${names.padEnd(shape === "" ? 0 : inner)}  ${shape}`.trimEnd();
    if (whole.length <= width) return [...above, whole];
    return [
      ...above,
      ...paragraph(`${names}  ${shape}`.trimEnd(), width, " ".repeat(start.length)).map((line, i) =>
        i === 0 ? start + line.trimStart() : line,
      ),
    ];
  });
}

/** The mistake that was named, and what to look at; or what stands in the report; or the piece that is usually missing. */
function pieceTexts(step: Step, hints: StepHints, result: StepResult | undefined): string[] {
  if (!result || result.passed || result.verdict === "not-started" || result.verdict === "missing")
    return [hints.piece];
  const { mistake, verdict, message, at } = result;
  if (mistake && !mistake.id.startsWith("seen")) {
    const common = step.kind === "function" && step.asks === "value" ? valueLooks : looks;
    const found = mistake.id.split("+").flatMap((id) => hints.look?.[id] ?? common[id] ?? []);
    const told = found.map((text) =>
      text.replaceAll("{tensor}", step.kind === "function" ? step.tensor : "the parameter"),
    );
    return [`${kleur.yellow("looks like")}: ${mistake.sentence}`, ...(told.length > 0 ? new Set(told) : [hints.piece])];
  }
  if (mistake) return [`${kleur.yellow("seen")}: ${mistake.sentence}`, hints.piece];
  const said = harmless(message ?? "");
  // the training loop's report names the parameter and what is wrong with it
  const look =
    step.kind === "train" ? Object.entries(hints.look ?? {}).find(([part]) => said.includes(part))?.[1] : undefined;
  return [`${kleur.red(verdict)}: ${said}${at ? ` (line ${at.line})` : ""}`, look ?? hints.piece];
}
