import type { Tensor } from "#tensor";
import type { Case } from "../course/cases.ts";
import type { FunctionStep } from "../course/steps.ts";
import { sameShape } from "../tensor/shape.ts";
import { constantOf, factorOf, fractionOf, type Factor } from "./factors.ts";
import { givenFloats, type Diagnosis, type Seen } from "./symptom.ts";

/** What an answer may be a weighted sum of. */
interface Term {
  name: string;
  of: (asked: Case) => ArrayLike<number>;
}

/** How much of an answer a fit may leave over, as a part of its largest value. */
const LEFT_OVER = 1e-4;
/** A fit says nothing unless it has this many more values than terms. */
const SURPLUS = 3;

/** An answer that is made of the right branches, each with a factor of its own. */
export function weightedBranches(seen: readonly Seen[]): Diagnosis | null {
  const [first] = seen;
  const names = first!.case.branches.map(({ name }) => name);
  if (names.length < 2) return null;
  const found = fit(
    seen,
    names.map((name, i) => ({
      name,
      of: ({ branches }) => branches[i]!.gradient.value,
    })),
  );
  if (!found) return null;
  const weights = names.map((name, i) => ({
    name,
    ...meaningOf(
      found.map(({ weights }) => weights[i]!),
      found,
    ),
  }));
  if (weights.some(({ text }) => text === undefined)) return null;
  const wrong = weights.filter(({ id }) => id !== "one");
  if (wrong.length === 0) return null;
  return {
    id: wrong.map(({ name, id }) => `${name}:${id}`).join("+"),
    sentence: weights.map(({ name, text }) => `${name} ${text}`).join("; "),
  };
}

/** The right answer with a multiple of a given tensor, or a number, added to it. */
export function somethingAdded(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const right: Term = { name: "the right answer", of: ({ truth }) => truth.value };
  const others: Term[] = [
    ...givenFloats(step, seen[0]!.case).map((name) => ({ name, of: ({ given }: Case) => given[name]!.toArray() })),
    { name: "one", of: ({ truth }) => new Float32Array(truth.value.length).fill(1) },
  ];
  for (const other of others) {
    const found = fit(seen, [right, other]);
    if (!found) continue;
    const whole = found.every(({ weights }) => Math.abs(weights[0]! - 1) < 1e-3);
    const constant = constantOf(found.map(({ weights }) => weights[1]!));
    if (!whole || constant === undefined) continue;
    const size = Number(Math.abs(constant).toPrecision(3));
    const amount =
      other.name === "one" ? `${size} in every place` : `${size === 1 ? "" : `${size} times `}${other.name}`;
    return { id: "added", sentence: `this is the right answer ${constant < 0 ? "minus" : "plus"} ${amount}` };
  }
  return null;
}

interface Fit {
  case: Case;
  weights: number[];
}

/** The weights that make the terms into the answers, for each case with values enough to be sure. */
function fit(seen: readonly Seen[], terms: readonly Term[]): Fit[] | undefined {
  const fits: Fit[] = [];
  for (const { case: asked, answer } of seen) {
    if (!sameShape(answer.shape, asked.truth.shape)) return undefined;
    if (answer.numel() < terms.length + SURPLUS) continue;
    const columns = terms.map(({ of }) => of(asked));
    if (columns.some((column) => column.length !== answer.numel())) return undefined;
    const weights = leastSquares(columns, answer.toArray());
    if (!weights || leftOver(columns, weights, answer) > LEFT_OVER) return undefined;
    fits.push({ case: asked, weights });
  }
  return fits.length > 1 ? fits : undefined;
}

function leftOver(columns: readonly ArrayLike<number>[], weights: readonly number[], answer: Tensor): number {
  let largest = 0;
  let most = 0;
  for (const [i, value] of answer.toArray().entries()) {
    const sum = columns.reduce((sum, column, j) => sum + weights[j]! * column[i]!, 0);
    largest = Math.max(largest, Math.abs(value));
    // NaN counts as more than any number
    most = Math.abs(value - sum) <= most ? most : Math.abs(value - sum);
  }
  return most / largest;
}

/** Least squares by the normal equations, the columns brought to length 1; undefined where they depend on each other. */
function leastSquares(columns: readonly ArrayLike<number>[], y: ArrayLike<number>): number[] | undefined {
  const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
    return sum;
  };
  const lengths = columns.map((column) => Math.sqrt(dot(column, column)));
  if (lengths.some((length) => !(length > 0 && Number.isFinite(length)))) return undefined;
  const rows = columns.map((a, i) => [
    ...columns.map((b, j) => dot(a, b) / (lengths[i]! * lengths[j]!)),
    dot(a, y) / lengths[i]!,
  ]);
  for (const [i, pivot] of rows.entries()) {
    if (!(pivot[i]! > 1e-9)) return undefined;
    for (const [k, row] of rows.entries()) {
      if (k === i) continue;
      const times = row[i]! / pivot[i]!;
      for (let j = i; j < row.length; j++) row[j]! -= times * pivot[j]!;
    }
  }
  return rows.map((row, i) => row.at(-1)! / row[i]! / lengths[i]!);
}

/** What a branch's weights say of it: that it is right, missing, or off by a factor. */
function meaningOf(weights: readonly number[], found: readonly Fit[]): { id: string; text: string | undefined } {
  if (weights.every((weight) => Math.abs(weight) < 1e-3)) return { id: "missing", text: "is missing" };
  const factor: Factor | "one" | undefined = factorOf(
    weights,
    found.map(({ case: { sizes } }) => sizes),
  );
  if (factor === "one") return { id: "one", text: "is right" };
  if (factor) return { id: factor.id, text: `is not right: ${factor.sentence}` };
  const constant = constantOf(weights);
  if (constant === undefined) return { id: "unknown", text: undefined };
  const { text, written } = fractionOf(constant);
  const times = `is ${text} ${text.includes("/") ? "of what" : "times as large as"} it is to be`;
  return { id: "constant", text: times + (written === undefined ? "" : `: is ${written} written as a number?`) };
}
