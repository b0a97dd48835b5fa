import { Tensor } from "#tensor";
import type { Measured } from "../../autograd/measured.ts";
import type { StepHints } from "../../kit/hint.ts";
import type { Instance } from "../../kit/instance.ts";
import { number } from "../../verdict/judge.ts";
import { INDENT, paragraph, widthOf } from "../text.ts";

/** The tensors of the small instance, as many side by side as fit; the answer last, in a line of its own. */
export function numberLines({ worked, show }: StepHints, { values, answer }: Instance, width: number): string[] {
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
  const numbers = numbersOf(value);
  const texts = Array.from(numbers, (x) => short(x, numbers));
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
  const at = (name: string, place: readonly number[]): string => {
    const value = values[name];
    if (!value || value.shape.length !== place.length) throw new Error(`there is no ${name} [${place}] in "${worked}"`);
    const i = place.reduce((sum, index, dim) => sum * value.shape[dim]! + index, 0);
    const numbers = numbersOf(value);
    return short(numbers[i]!, numbers);
  };
  const text = worked.replaceAll(/\{(\w+)((?: \d+)*)\}/g, (_, name: string, place: string) => {
    const x = at(name, place.split(" ").slice(1).map(Number));
    return x.startsWith("-") ? `(${x})` : x;
  });
  const [, name, place] = /^([A-Za-z_]\w*)(?:\[([\d, ]+)\])? = /.exec(text) ?? [];
  return name === undefined ? text : `${text} = ${at(name, place?.split(", ").map(Number) ?? [])}`;
}

/** The entry that is worked out, in lines. */
export function workedLines({ worked }: StepHints, instance: Instance, width: number): string[] {
  return equationLines(workedText(worked, instance), width);
}

/** An equation, broken before its equals signs where it is too long, each below the first. */
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

/** As long as a number may be to be shown in full. */
const WHOLE = "-0.03125".length;
/** Smaller ones are written with their power of ten. */
const SMALL = 1e-4;

/**
 * As few digits as tell what happens: all of a number that has few. What rounding leaves of zero, beside the others of
 * its tensor, is zero.
 */
function short(x: number, others: Iterable<number>): string {
  const largest = Math.max(...Array.from(others, Math.abs));
  if (Math.abs(x) < Math.max(1e-6 * Math.min(largest, 1), 1e-12)) return "0";
  if (Math.abs(x) < SMALL) return Number(number(x)).toExponential();
  return String(x).length <= WHOLE ? String(x) : number(x);
}
