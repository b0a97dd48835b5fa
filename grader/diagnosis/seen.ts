import { tensor, type Tensor } from "#tensor";
import { givenShape, gradientOf, type FunctionStep } from "../course/steps.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import { isSame, position, wrongElements } from "../verdict/compare.ts";
import { number } from "../verdict/judge.ts";
import { answersTo, type Probed } from "./behaviour.ts";
import { list, rightAnswer, wordFor, type Diagnosis, type Seen } from "./symptom.ts";

/** How much is said at most, where no cause is known. */
const MOST = 2;

/** What can be seen in the numbers, without a claim to what is behind it. */
export function whatIsSeen(step: FunctionStep, seen: readonly Seen[], probed: readonly Probed[]): Diagnosis | null {
  if (!seen.every(({ case: { truth }, answer }) => sameShape(truth.shape, answer.shape))) return null;
  const found = [
    unusedInputs(step, probed),
    offByDimension(step, seen),
    // among numbers of many magnitudes the largest would speak for all
    ...(step.asks === "value" && seen.some(isOfManyMagnitudes)
      ? []
      : [rightSums(step, seen), sumsToZero(step, seen), closeness(seen)]),
    reach(probed),
    slope(step, probed),
    signs(seen),
  ].filter((text) => text !== undefined);
  const said = found.length > 0 ? found.slice(0, MOST) : [usedInputs(probed) ?? ""];
  return said[0] === "" ? null : { id: "seen", sentence: said.join("; ") };
}

/** Which given tensors the answer changes with, and which the right answer does. */
function inputs(probed: readonly Probed[]): { name: string; used: boolean; needed: boolean }[] {
  const [plain] = answersTo("plain", probed);
  if (!plain) return [];
  return answersTo("moved", probed).map(({ input, answer, case: asked }) => ({
    name: input,
    used: !sameShape(answer.shape, plain.answer.shape) || !equal(answer, plain.answer),
    needed: !isSame(rightAnswer(asked), rightAnswer(plain.case)),
  }));
}

function unusedInputs(step: FunctionStep, probed: readonly Probed[]): string | undefined {
  const all = inputs(probed);
  const unused = all.filter(({ used, needed }) => needed && !used).map(({ name }) => name);
  // what is not used may have been had from another tensor
  const others = all.filter(({ used, needed }) => used && !needed);
  if (unused.length === 0 || others.length > 0 || all.length !== step.given.length) return undefined;
  return `the answer does not change with ${list(unused)}, and the right answer does`;
}

/** Which given tensors the answer changes with, and which the right one does. */
function usedInputs(probed: readonly Probed[]): string | undefined {
  const all = inputs(probed);
  if (all.length === 0) return undefined;
  const used = all.filter(({ used }) => used).map(({ name }) => name);
  const needed = all.filter(({ needed }) => needed).map(({ name }) => name);
  if (used.length === 0) return "the answer changes with none of the given tensors";
  const enough =
    String(used) === String(needed) ? "" : `; ${list(needed)} ${needed.length === 1 ? "is" : "are"} enough`;
  return `the answer changes with ${list(used)}${enough}`;
}

function equal(a: Tensor, b: Tensor): boolean {
  const other = b.toArray();
  return a.toArray().every((value, i) => Object.is(value, other[i]));
}

/** One factor, or one number added, for each entry along a dimension. */
function offByDimension(step: FunctionStep, seen: readonly Seen[]): string | undefined {
  const extents = givenShape(step.tensor);
  const dims = extents.flatMap((extent, dim) => (extent === 1 ? [] : [dim]));
  if (dims.length < 2) return undefined;
  for (const dim of dims) {
    const word = wordFor(extents[dim]!);
    if (seen.every((one) => sameAlong(one, dim, "ratio")))
      return `for each ${word}, all values are off by one factor: something with a value for each ${word} is wrong`;
    if (seen.every((one) => sameAlong(one, dim, "difference")))
      return `for each ${word}, all values are off by the same amount: something with a value for each ${word} is added or left out`;
  }
  return undefined;
}

/** Whether, for each index along a dimension, all values differ from the right ones in the same way. */
function sameAlong({ case: asked, answer }: Seen, dim: number, what: "ratio" | "difference"): boolean {
  const right = rightAnswer(asked);
  const groups = new Map<number, { ratio: number; size: number }>();
  const [a, b] = [answer.toArray(), right.toArray()];
  const measures = [...a].map((value, i) => (what === "ratio" ? value / b[i]! : value - b[i]!));
  // the most exact of a group's measures stands for it
  for (const [i, measure] of measures.entries()) {
    const group = position(i, answer.shape)[dim]!;
    const size = Math.abs(b[i]!);
    if (size > (groups.get(group)?.size ?? -1)) groups.set(group, { ratio: measure, size });
  }
  const expected = right.toArray().map((value, i) => {
    const { ratio } = groups.get(position(i, answer.shape)[dim]!)!;
    return what === "ratio" ? ratio * value : value + ratio;
  });
  return isSame(answer, tensor(expected, right.shape));
}

/** Sums that are right though the values are not. */
function rightSums(step: FunctionStep, seen: readonly Seen[]): string | undefined {
  const extents = givenShape(step.tensor);
  for (const [dim, extent] of extents.entries()) {
    if (extent === 1) continue;
    const agree = seen.every(({ case: asked, answer }) => {
      const right = rightAnswer(asked);
      // sums that are zero anyway show nothing
      if (sumsPart(right, dim) < 1e-3) return false;
      const allowed = 1e-5 * largestOf(right) * right.size(dim);
      const [a, b] = [answer.sum(dim).toArray(), right.sum(dim).toArray()];
      return a.every((value, i) => Math.abs(value - b[i]!) <= allowed);
    });
    if (agree) return `added up over the ${wordFor(extent)}s, the values are right; how they are spread is not`;
  }
  return undefined;
}

/** Sums that are zero in every right answer, and not in these. */
function sumsToZero(step: FunctionStep, seen: readonly Seen[]): string | undefined {
  for (const [dim, extent] of givenShape(step.tensor).entries()) {
    if (extent === 1) continue;
    const zero = seen.every(({ case: asked }) => sumsPart(rightAnswer(asked), dim) < 1e-5);
    const wrong = seen.every(({ answer }) => sumsPart(answer, dim) > 1e-3);
    if (zero && wrong)
      return `added up over the ${wordFor(extent)}s, every right ${step.asks} is zero, and this one is not`;
  }
  return undefined;
}

/** Whether most of the right values are next to nothing beside the largest. */
function isOfManyMagnitudes({ case: asked }: Seen): boolean {
  const right = rightAnswer(asked);
  const largest = largestOf(right);
  const small = right.toArray().filter((value) => value !== 0 && Math.abs(value) < 1e-4 * largest);
  return small.length > right.numel() / 2;
}

/** How large the sums over a dimension are, as a part of what they could be. */
function sumsPart(x: Tensor, dim: number): number {
  return largestOf(x.sum(dim)) / (largestOf(x) * x.size(dim));
}

/** Values that are close to the right ones, as an approximation's are. */
function closeness(seen: readonly Seen[]): string | undefined {
  const off = seen.map(({ case: asked, answer }) => {
    const right = rightAnswer(asked);
    return largestOf(answer.sub(right)) / largestOf(right);
  });
  const most = Math.max(...off);
  if (!(most < 0.02)) return undefined;
  const percent = number(100 * most, 2);
  return `every value is close, within ${percent} % of the largest, and not right: is it an approximation, or a small number added?`;
}

/** Where one number from above goes in the answer, if that is not where it belongs. */
function reach(probed: readonly Probed[]): string | undefined {
  const [single] = answersTo("single", probed);
  if (!single) return undefined;
  const { upstream, at, answer, case: asked } = single;
  const places = (x: Tensor): string[] =>
    [...x.toArray()].flatMap((value, i) => (value === 0 ? [] : [describe(position(i, x.shape))]));
  const [yours, right] = [places(answer), places(rightAnswer(asked))];
  const text = (all: readonly string[]): string => {
    if (all.length === 0) return "nothing";
    return all.length > 2 ? `${all.length} places` : all.join(" and ");
  };
  if (String(yours) === String(right)) return undefined;
  return (
    `what comes from above at ${describe(at)} of ${upstream} belongs at ${text(right)}` +
    `${right.length === 1 ? " alone" : ""}, and reaches ${text(yours)}`
  );
}

/** For a function of each value by itself: what the gradient from above is multiplied by at one place. */
function slope(step: FunctionStep, probed: readonly Probed[]): string | undefined {
  const [plain] = answersTo("plain", probed);
  if (step.runs.some((run) => run.length > 1) || reach(probed) !== undefined) return undefined;
  const [above, ...others] = step.given.filter((name) => gradientOf(name) !== undefined);
  if (!plain || !above || others.length > 0) return undefined;
  const { answer, case: asked } = plain;
  const upstream = asked.given[above]!;
  if (String(givenShape(above)) !== String(givenShape(step.tensor)) || !sameShape(answer.shape, upstream.shape))
    return undefined;
  const [u, right, yours] = [upstream, rightAnswer(asked), answer].map((x) => x.toArray());
  // of the places that are wrong, one that is plainly so, and no further out of the ordinary than that takes
  const off = (i: number): number => Math.abs(yours![i]! - right![i]!) / Math.abs(right![i]!);
  const places = wrongElements(answer, asked.truth)
    .filter((i) => u![i] !== 0 && right![i] !== 0)
    .toSorted((a, b) => off(a) - off(b));
  const at = places.find((i) => off(i) > 0.5) ?? places.at(-1);
  if (at === undefined) return undefined;
  const slopes = [yours, right].map((x) => x![at]! / u![at]!);
  const values = step.given.filter((name) => name !== above && String(givenShape(name)) === String(givenShape(above)));
  // where the answer is no function of values beside it, one place tells nothing
  if (values.length === 0) return undefined;
  const where = values.map((name) => `${name} is ${number(asked.given[name]!.toArray()[at]!)}`);
  return `where ${list(where)}, ${above} is multiplied by ${apart(slopes)[0]}, and is to be by ${apart(slopes)[1]}`;
}

function signs(seen: readonly Seen[]): string | undefined {
  const pairs = seen.flatMap(({ case: asked, answer }) => {
    const right = rightAnswer(asked).toArray();
    return [...answer.toArray()].map((value, i) => [value, right[i]!] as const);
  });
  if (pairs.every(([a, b]) => Math.sign(a) === Math.sign(b))) {
    return "every value has the right sign, and not the right size";
  }
  return undefined;
}

function largestOf(x: Tensor): number {
  let largest = 0;
  for (const value of x.toArray()) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Two numbers with as many digits as tell them apart. */
function apart([a, b]: readonly number[]): [string, string] {
  const digits = [3, 4, 5, 6, 7].find((digits) => number(a!, digits) !== number(b!, digits)) ?? 8;
  return [number(a!, digits), number(b!, digits)];
}
