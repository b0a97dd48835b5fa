import { Tensor } from "#tensor";
import type { Measured } from "../../autograd/measured.ts";
import type { HintLadder } from "../../kit/hint.ts";
import type { Instance } from "../../kit/instance.ts";
import { significant } from "../../kit/number.ts";
import { describe } from "../../tensor/shape.ts";
import { flow } from "../side-by-side.ts";
import { largest } from "../statistics.ts";
import { INDENT, paragraph, widthOf } from "../text.ts";

/** Between tensors next to each other. */
const GAP = " ".repeat(5);

/** The tensors of the small instance, as many next to each other as fit; the answer last, in a row of its own. */
export function numberLines(hints: HintLadder, instance: Instance, width: number): string[] {
  return rowsOf([...inputRows(hints, instance, width), answerBlock(instance)]);
}

/** The tensors of the small instance without the answer: what the worked entry is computed from. */
export function inputLines(hints: HintLadder, instance: Instance, width: number): string[] {
  return rowsOf(inputRows(hints, instance, width));
}

function inputRows(hints: HintLadder, instance: Instance, width: number): string[][] {
  return flow(inputBlocks(hints, instance), width - INDENT.length, GAP);
}

/** The tensor that the step asks for, as lines. */
export function answerBlock({ values, answer }: Instance): string[] {
  return blockOf(answer, values[answer]!);
}

/** The other tensors of the small instance, each as lines. */
export function inputBlocks({ worked, show }: HintLadder, { values, answer }: Instance): string[][] {
  const used = [...worked.matchAll(/\{(\w+)/g)].map(([, name]) => name!);
  const names = [...new Set([...(show ?? []), ...used])].filter((name) => name !== answer);
  return names.map((name) => {
    const value = values[name];
    if (!value) throw new Error(`"${worked}" needs ${name}: write its numbers under numbers`);
    return blockOf(name, value);
  });
}

function rowsOf(rows: readonly (readonly string[])[]): string[] {
  return rows.flatMap((row, i) => [...(i === 0 ? [] : [""]), ...row.map((line) => INDENT + line)]);
}

/**
 * name [2, 2] = [1, 2] with the other rows below it. The shape is part of it: [1, 2] and [2] have the same numbers, and
 * telling them apart is half of many a step.
 */
function blockOf(name: string, value: Measured | Tensor): string[] {
  const numbers = numbersOf(value);
  const texts = Array.from(numbers, (x) => short(x, numbers));
  const wide = Math.max(...texts.map((text) => text.length));
  const nested = (dim: number, from: number, size: number): string => {
    if (dim === value.shape.length) return texts[from]!.padStart(wide);
    const part = size / value.shape[dim]!;
    const parts = Array.from({ length: value.shape[dim]! }, (_, i) => nested(dim + 1, from + i * part, part));
    return `[${parts.join(", ")}]`;
  };
  // of four dimensions, one line for each pair of the first two
  const leading = value.shape.length > 3 ? 2 : 1;
  const rows = value.shape.slice(0, leading).reduce((product, extent) => product * extent, 1);
  const start = value.shape.length === 0 ? `${name} = ` : `${name} ${describe(value.shape)} = `;
  if (value.shape.length < 2) return [start + nested(0, 0, numbers.length)];
  const size = numbers.length / rows;
  return Array.from(
    { length: rows },
    (_, i) => (i === 0 ? start : " ".repeat(start.length)) + nested(leading, i * size, size),
  );
}

/** The worked entry with its numbers, and its value if the text leaves it open. */
export function workedText(worked: string, { values }: Instance): string {
  const at = (name: string, place: readonly number[]): string => {
    const value = values[name];
    const isThere = value?.shape.length === place.length && place.every((index, dim) => index < value.shape[dim]!);
    if (!value || !isThere) throw new Error(`there is no ${name}${describe(place)} among the numbers of "${worked}"`);
    const i = place.reduce((sum, index, dim) => sum * value.shape[dim]! + index, 0);
    const numbers = numbersOf(value);
    return short(numbers[i]!, numbers);
  };
  const text = worked.replaceAll(/\{(\w+)((?: \d+)*)\}/g, (match, name: string, place: string, start: number) => {
    const x = at(name, place.split(" ").slice(1).map(Number));
    const isEnclosed = worked[start - 1] === "(" && worked[start + match.length] === ")";
    return x.startsWith("-") && !isEnclosed ? `(${x})` : x;
  });
  const [, name, place] = /^([A-Za-z_]\w*)(?:\[([\d, ]+)\])? = /.exec(text) ?? [];
  if (name === undefined) return text;
  const result = at(name, place?.split(", ").map(Number) ?? []);
  // of an entry that is copied, there is nothing to compute
  return text.endsWith(` = ${result}`) ? text : `${text} = ${result}`;
}

/** The worked entry, in lines. */
export function workedLines({ worked }: HintLadder, instance: Instance, width: number): string[] {
  return equationLines(workedText(worked, instance), width);
}

/** An equation; if it is too long, it is broken before its equals signs, which are then below each other. */
function equationLines(text: string, width: number): string[] {
  if (widthOf(INDENT + text) <= width) return [INDENT + text];
  const [left, first, ...sides] = text.split(" = ") as [string, string, ...string[]];
  const indent = " ".repeat(INDENT.length + left.length + 1);
  const lines = [`${INDENT}${left} = ${first}`];
  for (const [i, side] of sides.entries()) {
    const longer = `${lines.at(-1)} = ${side}`;
    if (i > 0 && widthOf(longer) <= width) lines[lines.length - 1] = longer;
    else lines.push(`${indent}= ${side}`);
  }
  return lines.every((line) => widthOf(line) <= width) ? lines : paragraph(text, width, INDENT);
}

function numbersOf(value: Measured | Tensor): ArrayLike<number> & Iterable<number> {
  return value instanceof Tensor ? value.toArray() : value.value;
}

/** Numbers up to this length are shown in full. */
const WHOLE = "-0.03125".length;
/** Smaller numbers are written with a power of ten. */
const SMALL = 1e-4;

/**
 * A number in as few digits as show what happens; all of its digits if there are few. A rounding error around zero, next to
 * the other numbers of its tensor, is shown as 0.
 */
export function short(x: number, others: ArrayLike<number>): string {
  if (Math.abs(x) < Math.max(1e-6 * Math.min(largest(others), 1), 1e-12)) return "0";
  if (Math.abs(x) < SMALL) return Number(significant(x)).toExponential();
  return String(x).length <= WHOLE ? String(x) : significant(x);
}
