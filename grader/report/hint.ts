import kleur from "kleur";
import { Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import { hintsOf } from "../course/hints/all.ts";
import type { StepHints } from "../course/hints/hint.ts";
import { smallInstance, type Instance } from "../course/hints/instance.ts";
import { looks } from "../course/hints/mistakes.ts";
import { givenShape, gradientOf, type FunctionStep, type Step } from "../course/steps.ts";
import { parameterShapes, type Extent } from "../model/lines.ts";
import { number } from "../verdict/judge.ts";
import type { StepResult } from "../verdict/result.ts";
import { harmless } from "./terminal.ts";
import { paragraph, proseWidth } from "./text.ts";

/** A hint's place: the shapes, the local rule with small numbers, the missing piece. */
export type Rung = 1 | 2 | 3;
export const rungs: readonly Rung[] = [1, 2, 3];

const titles: Readonly<Record<Rung, string>> = {
  1: "the shapes",
  2: "the rule, with small numbers",
  3: "the missing piece",
};

const INDENT = "  ";

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
      ...prose(workedText(hints.worked, instance)),
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
  const { tensor, runs } = step;
  const answer = givenShape(tensor);
  const forward = runs.flat().map((line): Row => ["", `${line.output} = ${line.text}`, ""]);
  forward[0]![0] = "forward";
  const byShape = new Map<string, string[]>();
  for (const name of step.given) {
    const shape = shapeText(givenShape(name));
    byShape.set(shape, [...(byShape.get(shape) ?? []), name]);
  }
  const given = [...byShape].map(([shape, names]): Row => ["", names.join(", "), shape]);
  given[0]![0] = "given";
  const above = step.given.filter((name) => gradientOf(name) !== undefined);
  const compared = above.map((name) => compare(name, givenShape(name), answer));
  return [
    ...rowLines([...forward, ...given, ["return", `d${tensor}`, shapeText(answer)]], width),
    ...(compared.length === 0 ? [] : ["", ...paragraph(`From above: ${compared.join("; ")}.`, width, INDENT)]),
  ];
}

/** What a gradient from above has that the answer has not. */
function compare(name: string, shape: readonly Extent[], answer: readonly Extent[]): string {
  if (String(shape) === String(answer)) return `${name} has the answer's shape, ${shapeText(answer)}`;
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
  const LABEL = "forward ".length;
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

/** The tensors of the small instance, as many side by side as fit; the answer last, in a line of its own. */
function numberLines({ worked, show }: StepHints, { values, answer }: Instance, width: number): string[] {
  const used = [...worked.matchAll(/\{(\w+)/g)].map(([, name]) => name!);
  const names = [...new Set([...(show ?? []), ...used])].filter((name) => name !== answer);
  const lines: string[][] = [];
  for (const name of names) {
    const block = blockOf(name, values[name]!);
    const last = lines.at(-1);
    const beside = last && sideBySide(last, block);
    if (beside && beside.every((line) => INDENT.length + line.length <= width)) lines[lines.length - 1] = beside;
    else lines.push(block);
  }
  return [...lines, blockOf(answer, values[answer]!)].flatMap((block, i) => [
    ...(i === 0 ? [] : [""]),
    ...block.map((line) => (INDENT + line).trimEnd()),
  ]);
}

function sideBySide(left: readonly string[], right: readonly string[]): string[] {
  const width = Math.max(...left.map((line) => line.length));
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => {
    return `${(left[i] ?? "").padEnd(width)}     ${right[i] ?? ""}`.trimEnd();
  });
}

/** name = [1, 2] with the other rows below it. */
function blockOf(name: string, value: Measured | Tensor): string[] {
  const numbers = value instanceof Tensor ? value.toArray() : value.value;
  const texts = Array.from(numbers, short);
  const wide = Math.max(...texts.map((text) => text.length));
  const nested = (dim: number, from: number, size: number): string => {
    if (dim === value.shape.length) return texts[from]!.padStart(wide);
    const part = size / value.shape[dim]!;
    const parts = Array.from({ length: value.shape[dim]! }, (_, i) => nested(dim + 1, from + i * part, part));
    return `[${parts.join(", ")}]`;
  };
  const [rows = 1] = value.shape;
  const start = `${name} = `;
  if (value.shape.length < 2) return [start + nested(0, 0, numbers.length)];
  const size = numbers.length / rows;
  return Array.from(
    { length: rows },
    (_, i) => (i === 0 ? start : " ".repeat(start.length)) + nested(1, i * size, size),
  );
}

/** The worked entry with its numbers, and its value where the text leaves it open. */
function workedText(worked: string, { values }: Instance): string {
  const at = (name: string, place: readonly number[]): number => {
    const value = values[name];
    if (!value || value.shape.length !== place.length) throw new Error(`there is no ${name} [${place}] in "${worked}"`);
    const i = place.reduce((sum, index, dim) => sum * value.shape[dim]! + index, 0);
    return (value instanceof Tensor ? value.toArray() : value.value)[i]!;
  };
  const text = worked.replaceAll(/\{(\w+)((?: \d+)*)\}/g, (_, name: string, place: string) => {
    const x = short(at(name, place.split(" ").slice(1).map(Number)));
    return x.startsWith("-") ? `(${x})` : x;
  });
  const entry = /^(\w+)\[([\d, ]+)\] = /.exec(text);
  return entry ? `${text} = ${short(at(entry[1]!, entry[2]!.split(", ").map(Number)))}` : text;
}

/** As few digits as tell what happens; what rounding leaves of zero is zero. */
function short(x: number): string {
  return Math.abs(x) < 1e-6 ? "0" : number(x);
}

/** The mistake that was named, and what to look at; or what stands in the report; or the piece that is usually missing. */
function pieceTexts(step: Step, hints: StepHints, result: StepResult | undefined): string[] {
  if (!result || result.passed || result.verdict === "not-started" || result.verdict === "missing")
    return [hints.piece];
  const { mistake, verdict, message } = result;
  if (mistake && !mistake.id.startsWith("seen")) {
    const found = mistake.id.split("+").flatMap((id) => hints.look?.[id] ?? looks[id] ?? []);
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
  return [`${kleur.red(verdict)}: ${said}`, look ?? hints.piece];
}
