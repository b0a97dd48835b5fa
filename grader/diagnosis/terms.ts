import type { Tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import type { Branch } from "../kit/truth.ts";
import type { Sizes } from "../network/shape.ts";
import { sameShape } from "../tensor/shape.ts";
import { EPSILON, TOLERANCE } from "../verdict/compare.ts";
import { constantOf, fractionOf, short } from "./factors/constants.ts";
import { factorsLike } from "./factors/factors.ts";
import { floatsAt } from "./places.ts";
import { listed } from "../kit/listed.ts";
import { givenFloats, several, stepOf, type Diagnosis, type Seen } from "./symptom.ts";

/** What an answer may be a weighted sum of. */
interface Term {
  name: string;
  of: (asked: Case) => ArrayLike<number>;
}

/** How far a fit may be off, as a part of the answer's largest value. */
const LEFT_OVER = 1e-4;
/** A fit says nothing unless it has this many more values than terms. */
const SURPLUS = 3;

/** An answer that is the sum of the correct branches, each with a factor of its own. */
export function weightedBranches(seen: readonly Seen[]): Diagnosis | null {
  const [first] = seen;
  const { branches } = first!.case;
  const names = branches.map(({ name }) => name);
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
      branches[i]!,
    ),
  }));
  if (weights.some(({ text }) => text === undefined)) return null;
  const wrong = weights.filter(({ id }) => id !== "one");
  if (wrong.length === 0) return null;
  const isSum = seen.every(({ case: asked, answer }, i) => {
    const fitted = found.find((one) => one.case === asked) ?? found[i];
    return isWeighted(
      answer,
      asked,
      weights.map(({ of }, j) => of?.(asked.sizes) ?? fitted!.weights[j]!),
    );
  });
  if (!isSum) return null;
  const right = weights.filter(({ id }) => id === "one").map(({ name }) => name);
  const parts = [
    ...(right.length > 0 ? [`${listed(right)} ${right.length > 1 ? "are" : "is"} right`] : []),
    ...wrong.map(({ name, text }) => `${name} ${text}`),
  ];
  return {
    id: wrong.map(({ name, id }) => `${name}:${id}`).join("+"),
    sentence: parts.join("; "),
    ...(!branches[0]!.isTerm && { namesBranch: true }),
  };
}

/** The same, once a given tensor that is missing as a factor, or is one too many, has been multiplied in or divided out. */
export function weightedBeside(seen: readonly Seen[]): Diagnosis | null {
  const [first] = seen;
  if (first!.case.branches.length < 2) return null;
  const ways: [id: string, sentence: (name: string) => string, undo: (a: Tensor, b: Tensor) => Tensor][] = [
    ["missing", (name) => `the factor ${name} is missing from the whole answer`, (a, b) => a.mul(b)],
    ["besides", (name) => `${name} is an extra factor of the whole answer`, (a, b) => a.div(b)],
  ];
  for (const name of floatsAt(first!.case.step)) {
    for (const [id, sentence, undo] of ways) {
      const undone = seen.map(({ case: asked, answer }) => ({ case: asked, answer: undo(answer, asked.given[name]!) }));
      const found = weightedBranches(undone);
      if (!found) continue;
      return { ...found, id: `${name}-${id}+${found.id}`, sentence: several([sentence(name), found.sentence]) };
    }
  }
  return null;
}

/** Whether an answer is this weighted sum of the branches at every position, within rounding. */
function isWeighted(answer: Tensor, { branches }: Case, weights: readonly number[]): boolean {
  return answer.toArray().every((value, i) => {
    let [sum, size] = [0, 0];
    for (const [j, { gradient }] of branches.entries()) {
      sum += weights[j]! * gradient.value[i]!;
      // a branch that is missing may have been computed, and canceled
      size += Math.max(Math.abs(weights[j]!), 1) * gradient.magnitude[i]!;
    }
    return Math.abs(value - sum) <= 2 * TOLERANCE * EPSILON * size;
  });
}

/** The correct answer with a multiple of a given tensor, or a number, added to it. */
export function somethingAdded(seen: readonly Seen[]): Diagnosis | null {
  const right: Term = { name: "the right answer", of: ({ truth }) => truth.value };
  const others: Term[] = [
    ...givenFloats(stepOf(seen)).map((name) => ({ name, of: ({ given }: Case) => given[name]!.toArray() })),
    { name: "one", of: ({ truth }) => new Float32Array(truth.value.length).fill(1) },
  ];
  for (const other of others) {
    const found = fit(seen, [right, other]);
    if (!found) continue;
    const whole = found.every(({ weights }) => Math.abs(weights[0]! - 1) < 1e-3);
    const constant = constantOf(found.map(({ weights }) => weights[1]!));
    if (!whole || constant === undefined || !seen.every((one) => isPlus(one, other, constant))) continue;
    const size = short(Math.abs(constant));
    const amount =
      other.name === "one" ? `${size} at every position` : `${size === "1" ? "" : `${size} times `}${other.name}`;
    return { id: "added", sentence: `this is the correct answer ${constant < 0 ? "minus" : "plus"} ${amount}` };
  }
  return null;
}

/** Whether an answer is the correct one plus this multiple of a term at every position, within rounding. */
function isPlus({ case: asked, answer }: Seen, { of }: Term, times: number): boolean {
  const { value, magnitude } = asked.truth;
  const term = of(asked);
  return answer.toArray().every((x, i) => {
    const added = times * term[i]!;
    // the multiple was fitted
    return Math.abs(x - value[i]! - added) <= 2 * TOLERANCE * EPSILON * (magnitude[i]! + Math.abs(added));
  });
}

interface Fit {
  case: Case;
  weights: number[];
}

/** The weights with which the terms sum to the answers, for each case with enough values to be sure. */
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

/** Least squares by the normal equations, columns scaled to length 1; undefined if they are linearly dependent. */
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

/** What a branch's weights say about it: that it is right, missing, or off by a factor. */
function meaningOf(
  weights: readonly number[],
  found: readonly Fit[],
  { isTerm }: Branch,
): { id: string; text: string | undefined; of?: (sizes: Sizes) => number } {
  if (weights.every((weight) => Math.abs(weight) < 1e-3)) {
    // a term of a closed form has sums of its own
    const text = isTerm ? "is missing, or sums to zero" : "is missing";
    return { id: "missing", text, of: () => 0 };
  }
  const sizes = found.map(({ case: asked }) => asked.sizes);
  const { words } = found[0]!.case.step.network;
  const [factor] = factorsLike(words, weights, sizes);
  if (factor === "one") return { id: "one", text: "is right", of: () => 1 };
  if (factor) {
    const { id, sentence, of } = factor;
    return { id, text: `is wrong: there, ${sentence}`, of };
  }
  const constant = constantOf(weights);
  if (constant === undefined) return { id: "unknown", text: undefined };
  const { text, isFraction, written } = fractionOf(constant);
  const times = `is ${text} ${isFraction ? "of what" : "times as large as"} it should be`;
  return {
    id: "constant",
    text: times + (written === undefined ? "" : `: is ${written} written as a number?`),
  };
}
