import { smallInstance } from "../../kit/instance.ts";
import type { Numbers } from "../../kit/hint.ts";
import { shapeOf, upstreamsOf, type FunctionStep } from "../../kit/step.ts";
import { factorsOf } from "../../network/shape.ts";

/** Numbers that are easy to work with on paper; no two that are next to each other are the same. */
const EASY = [2, -1, 3, 0.5, 1, -2, 4, -0.5, 5];
const SIZE = 2;

type SmallNumbers = Readonly<Record<string, Numbers>>;

/** Small numbers for a step's hints: for what it is given and no line of it computes. */
export function smallNumbersFor(step: FunctionStep): SmallNumbers {
  const outputs = new Set(step.runs.flat().map(({ output }) => output));
  const upstreams = new Set(upstreamsOf(step));
  const names = step.given.filter((name) => upstreams.has(name) || !outputs.has(name));
  const easy = numbersFor(step, names, (x) => x);
  // logarithms and roots need positive numbers
  return isFinite(step, easy) ? easy : numbersFor(step, names, Math.abs);
}

function numbersFor(step: FunctionStep, names: readonly string[], change: (x: number) => number): SmallNumbers {
  let drawn = 0;
  const nested = (shape: readonly number[], isIndex: boolean): Numbers => {
    const [length, ...rest] = shape;
    if (length !== undefined) return Array.from({ length }, () => nested(rest, isIndex));
    drawn += 1;
    return isIndex ? drawn % SIZE : change(EASY[drawn % EASY.length]!);
  };
  return Object.fromEntries(
    names.map((name) => {
      const shape = shapeOf(step, name).map((extent) => SIZE ** factorsOf(extent).length);
      return [name, nested(shape, step.roles[name] === "index")];
    }),
  );
}

function isFinite(step: FunctionStep, numbers: SmallNumbers): boolean {
  try {
    const { values, answer } = smallInstance({ ...step, hints: { ...step.hints, numbers } });
    const found = values[answer]!;
    return "value" in found && found.value.every(Number.isFinite);
  } catch {
    return false;
  }
}

/** The numbers as code, a row of a tensor in a line. */
export function numbersText(numbers: SmallNumbers): string {
  const indent = "      ";
  const text = (value: Numbers, space: string): string => {
    if (typeof value === "number") return String(value);
    if (value.every((one) => typeof one === "number")) return `[${value.join(", ")}]`;
    return `[\n${value.map((one) => `${space}  ${text(one, `${space}  `)},\n`).join("")}${space}]`;
  };
  return Object.entries(numbers)
    .map(([name, value]) => `${indent}${name}: ${text(value, indent)},`)
    .join("\n");
}
