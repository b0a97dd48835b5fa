import { listed } from "../../kit/listed.ts";
import {
  answerExtents,
  answerName,
  shapeOf,
  upstreamsOf,
  type FunctionStep,
  type ProgramStep,
  type Step,
} from "../../kit/step.ts";
import { forwardLines } from "../../kit/stub.ts";
import type { Line } from "../../network/line.ts";
import { sameExtents, shapeText, type Extent } from "../../network/shape.ts";
import { codeLines } from "../code.ts";
import { sideBySide } from "../side-by-side.ts";
import { fold, HANG, INDENT, paragraph } from "../text.ts";

/** The shapes that go in and the shape that must come out, as lines. */
export function contractLines(step: Step, width: number): string[] {
  if (step.kind === "program") return taskLines(step, width, INDENT);
  const { rows, upstream } = contractOf(step);
  return [...rowLines(rows, width), ...(upstream === undefined ? [] : ["", ...paragraph(upstream, width, INDENT)])];
}

/** A program's task, which is prose: its lines end where they are wide enough, and not where those of the comment do. */
export function taskLines({ task }: ProgramStep, width: number, indent = ""): string[] {
  const whole: string[] = [];
  for (const line of task) {
    const before = whole.at(-1) ?? "";
    const goesOn = isProse(before) && isProse(line) && !before.endsWith(":");
    if (goesOn) whole[whole.length - 1] = `${before} ${line}`;
    else whole.push(line);
  }
  return whole.flatMap((line) => (line === "" ? [""] : fold(indent + line, width, isProse(line) ? 0 : HANG)));
}

/** Whether a line belongs to a paragraph: what is given is indented. */
function isProse(line: string): boolean {
  return line !== "" && !line.startsWith(" ");
}

/** The shapes that go in and the shape that must come out. */
export interface Contract {
  readonly rows: readonly Row[];
  /** How the upstream gradients' shapes compare with the answer's, in a sentence; undefined if there are none. */
  readonly upstream: string | undefined;
}

export function contractOf(step: Step): Contract {
  if (step.kind === "function") return functionContract(step);
  if (step.kind === "program") {
    const lines = step.task.filter((line) => line !== "");
    return { rows: lines.map((line): Row => ["", line, ""]), upstream: undefined };
  }
  const parameters = Object.entries(step.network.parameters).map(([name, shape]): Row => ["", name, shapeText(shape)]);
  parameters[0]![0] = "a gradient for each parameter, in its shape:";
  return { rows: parameters, upstream: undefined };
}

function functionContract(step: FunctionStep): Contract {
  const answer = answerExtents(step);
  const { shown, between } = forwardOf(step);
  const forward = shown.map((line): Row => ["", `${line.output} = ${line.text}`, ""]);
  const rows = [
    ...labeled("forward", forward),
    ...labeled("given", byShape(step, step.given)),
    ...labeled("between", byShape(step, between)),
    ["return", answerName(step), shapeText(answer)] as Row,
  ];
  const compared = comparisons(step);
  return { rows, upstream: compared.length === 0 ? undefined : `Upstream: ${compared.join("; ")}.` };
}

/**
 * The forward lines that a hint may show, and the names of the tensors between, which the others compute. If the step asks
 * for a value, a line that computes it would give the answer away, unless it is in words.
 */
function forwardOf(step: FunctionStep): { shown: readonly Line[]; between: string[] } {
  const all = forwardLines(step);
  if (step.asks === "gradient") return { shown: all, between: [] };
  const computing = step.runs.flat();
  const shown = all.filter((line) => !computing.includes(line) || line.inWords);
  const others = all.filter((line) => !shown.includes(line) && line.output !== step.tensor);
  return { shown, between: others.map(({ output }) => output) };
}

/** Tensors by shape, a row for each. */
function byShape(step: FunctionStep, names: readonly string[]): Row[] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const shape = shapeText(shapeOf(step, name));
    groups.set(shape, [...(groups.get(shape) ?? []), name]);
  }
  return [...groups].map(([shape, names]) => ["", names.join(", "), shape]);
}

function labeled(label: string, rows: readonly Row[]): Row[] {
  return rows.map(([, names, shape], i) => [i === 0 ? label : "", names, shape]);
}

/** How the shapes of the upstream gradients compare with the answer's: those that are equal together. */
function comparisons(step: FunctionStep): string[] {
  const answer = answerExtents(step);
  const above = upstreamsOf(step);
  const isAlike = (name: string): boolean => sameExtents(shapeOf(step, name), answer);
  const alike = above.filter(isAlike);
  const others = above.filter((name) => !isAlike(name)).map((name) => compare(name, shapeOf(step, name), answer));
  if (alike.length === 0) return others;
  const have = alike.length === 1 ? "has" : "have";
  return [`${listed(alike)} ${have} the answer's shape, ${shapeText(answer)}`, ...others];
}

/** How the shape of an upstream gradient differs from the answer's. */
function compare(name: string, shape: readonly Extent[], answer: readonly Extent[]): string {
  if (shape.length !== answer.length) return `${name} has shape ${shapeText(shape)}, the answer ${shapeText(answer)}`;
  const apart = shape.flatMap((extent, dim) =>
    extent === answer[dim] ? [] : [`${extent} where the answer has ${answer[dim]}`],
  );
  return `${name} has ${apart.join(", and ")}`;
}

/** What it is, which tensors, their shape. */
export type Row = [label: string, names: string, shape: string];

/** Rows in columns; a long label has a line of its own above its row. */
function rowLines(rows: readonly Row[], width: number): string[] {
  const LABEL = rows.some(([label]) => label !== "") ? "forward  ".length : 0;
  const inner = Math.max(...rows.filter(([, , shape]) => shape !== "").map(([, names]) => names.length));
  const room = width - INDENT.length - LABEL;
  return rows.flatMap(([label, names, shape]) => {
    const above = label.length > LABEL ? [INDENT + label] : [];
    const whole = `${names.padEnd(shape === "" ? 0 : inner)}  ${shape}`.trimEnd();
    // a row without a shape is a line of the forward pass
    const lines =
      shape === "" ? codeLines(names, room) : whole.length <= room ? [whole] : fold(`${names}  ${shape}`, room);
    const row = sideBySide([[above.length > 0 ? "" : label], lines], "", [LABEL]);
    return [...above, ...row.map((line) => INDENT + line)];
  });
}
