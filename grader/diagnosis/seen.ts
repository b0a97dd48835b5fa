import { Tensor, tensor, type Shape } from "#tensor";
import { sameExtents } from "../network/shape.ts";
import { answerExtents, shapeOf, sizeNamesOf, upstreamsOf, type FunctionStep } from "../kit/step.ts";
import { significant } from "../kit/number.ts";
import type { Case } from "../kit/case.ts";
import { sameShape } from "../tensor/shape.ts";
import { EPSILON, TOLERANCE, isSame, position, wrongElements } from "../verdict/compare.ts";
import { answersTo, largestOf, LOST, type Probed } from "./behaviour.ts";
import { answerOf } from "./formulas/formula.ts";
import { listed } from "../kit/listed.ts";
import {
  isRight,
  rightAnswer,
  seenOnly,
  severalIn,
  stepOf,
  wordIn,
  type Diagnosis,
  type Seen,
  type Symptom,
} from "./symptom.ts";

/** How many observations are stated at most if no cause is known. */
const MOST = 2;

/** What can be seen in the numbers, without a claim about the cause. */
export function whatIsSeen(seen: readonly Seen[], probed: readonly Probed[]): Diagnosis | null {
  if (!seen.every(({ case: { truth }, answer }) => sameShape(truth.shape, answer.shape))) return null;
  const step = stepOf(seen);
  const found = [
    unusedInputs(step, probed),
    offByDimension(seen),
    // with numbers of many magnitudes, the largest would decide for all
    ...(step.asks === "value" && seen.some(isOfManyMagnitudes)
      ? []
      : [rightSums(seen), sumsToZero(seen), closeness(seen)]),
    reach(step, probed),
    slope(step, probed),
    signs(seen),
    needless(probed),
  ].filter((text) => text !== undefined);
  const said = found.slice(0, MOST);
  return said.length === 0 ? null : seenOnly("", said.join("; "));
}

/**
 * What can be seen if random cases are answered correctly and another one is not: small numbers, or the report's first
 * line. Sizes that are equal in it and in a probe that is wrong as well, or else what its numbers show.
 *
 * @param symptoms all of them; one at least is wrong
 */
export function whatIsSeenInOne(symptoms: readonly Symptom[], probed: readonly Probed[]): Diagnosis | null {
  const [right, wrong] = [symptoms.filter(isRight), symptoms.filter((symptom) => !isRight(symptom))];
  const [first] = wrong.filter((symptom): symptom is Seen => "shape" in symptom.answer);
  if (!first) return null;
  return wrongIfEqual(first, right, probed) ?? whatIsSeen([first], []);
}

/** Two sizes that are equal where answers are wrong, and differ in every case that is right. */
function wrongIfEqual({ case: asked }: Seen, right: readonly Symptom[], probed: readonly Probed[]): Diagnosis | null {
  const names = sizeNamesOf(asked.step);
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
  const found = pairs.filter((pair) => {
    const areEqual = ({ sizes }: Case): boolean => sizes[pair[0]] === sizes[pair[1]];
    const others = probed.filter((probe) => areEqual(probe.case));
    const isWrong = others.length > 0 && !others.some(isRight);
    return areEqual(asked) && isWrong && !right.some((other) => areEqual(other.case));
  });
  if (found.length !== 1) return null;
  const both = listed(found[0]!);
  const sentence = `the answer is right where ${both} differ, and wrong where they are equal: does the code tell them apart by their sizes?`;
  return seenOnly("equal-sizes", sentence);
}

/** The given tensors on which the answer was seen not to depend. */
export function unusedBy(probed: readonly Probed[]): Set<string> {
  return new Set(inputs(probed).flatMap(({ name, used }) => (used === false ? [name] : [])));
}

/**
 * Which given tensors the answer depends on, and on which the correct answer does. Answers of zeros to
 * both do not show what they depend on.
 */
function inputs(probed: readonly Probed[]): { name: string; used: boolean | undefined; needed: boolean }[] {
  const [plain] = answersTo("plain", probed);
  if (!plain) return [];
  return answersTo("moved", probed).map(({ input, answer, case: asked }) => {
    const hasMoved = !sameShape(answer.shape, plain.answer.shape) || !hasNotMoved(answer, plain.answer);
    return {
      name: input,
      used: hasMoved || (largestOf(answer) === 0 ? undefined : false),
      needed: !isSame(rightAnswer(asked), rightAnswer(plain.case)),
    };
  });
}

function unusedInputs(step: FunctionStep, probed: readonly Probed[]): string | undefined {
  const all = inputs(probed);
  const unused = all
    .filter(({ used, needed }) => needed && used === false)
    .map(({ name }) => name)
    .filter((name) => !isSpared(step, name, probed));
  // what is not used may have been computed from another tensor
  const others = all.filter(({ used, needed }) => used && !needed);
  if (unused.length === 0 || others.length > 0 || all.length !== step.given.length) return undefined;
  return `the answer does not depend on ${listed(unused)}, but the correct answer does`;
}

/** Whether some correct form does without a given tensor, such as a mask whose zeros are in another tensor as well. */
function isSpared(step: FunctionStep, name: string, probed: readonly Probed[]): boolean {
  const [plain] = answersTo("plain", probed);
  const moved = answersTo("moved", probed).find(({ input }) => input === name);
  if (!plain || !moved) return false;
  return step.forms.some((answer) => {
    const [before, after] = [answerOf({ answer }, plain.case.given), answerOf({ answer }, moved.case.given)];
    return before instanceof Tensor && after instanceof Tensor && isSame(before, after);
  });
}

/** The given tensors that the answer depends on, though the correct one can be computed without them. */
function needless(probed: readonly Probed[]): string | undefined {
  const all = inputs(probed);
  const extra = all.filter(({ used, needed }) => used && !needed).map(({ name }) => name);
  const needed = all.filter(({ needed }) => needed).map(({ name }) => name);
  if (extra.length === 0 || needed.length === 0) return undefined;
  return `the answer depends on ${listed(extra)}, though ${listed(needed)} ${needed.length === 1 ? "is" : "are"} enough`;
}

/** Whether nothing moved: a NaN that stays NaN has not, and 0 that becomes -0 has. */
function hasNotMoved(a: Tensor, b: Tensor): boolean {
  const other = b.toArray();
  return a.toArray().every((value, i) => Object.is(value, other[i]));
}

/** One factor, or one number added, for each entry along a dimension. */
function offByDimension(seen: readonly Seen[]): string | undefined {
  const step = stepOf(seen);
  const extents = answerExtents(step);
  const dims = extents.flatMap((extent, dim) => (extent === 1 ? [] : [dim]));
  if (dims.length < 2) return undefined;
  for (const dim of dims) {
    const word = wordIn(step, extents[dim]!);
    if (seen.every((one) => sameAlong(one, dim, "ratio")))
      return `for each ${word}, all values are off by the same factor: something with one value per ${word} is wrong`;
    if (seen.every((one) => sameAlong(one, dim, "difference")))
      return `for each ${word}, all values are off by the same amount: something with one value per ${word} is added or left out`;
  }
  return undefined;
}

/** Whether, for each index along a dimension, all values differ from the correct ones in the same way. */
function sameAlong({ case: asked, answer }: Seen, dim: number, what: "ratio" | "difference"): boolean {
  const right = rightAnswer(asked);
  const groups = new Map<number, { ratio: number; size: number }>();
  const [a, b] = [answer.toArray(), right.toArray()];
  const measures = [...a].map((value, i) => (what === "ratio" ? value / b[i]! : value - b[i]!));
  // each group is represented by its most exact measure
  for (const [i, measure] of measures.entries()) {
    const group = position(i, answer.shape)[dim]!;
    const size = Math.abs(b[i]!);
    if (size > (groups.get(group)?.size ?? -1)) groups.set(group, { ratio: measure, size });
  }
  const expected = [...b].map((value, i) => {
    const { ratio } = groups.get(position(i, answer.shape)[dim]!)!;
    return what === "ratio" ? ratio * value : value + ratio;
  });
  // a factor of zero is a part that was left out, and says nothing of the others
  if (what === "ratio" && [...groups.values()].some(({ ratio }) => ratio === 0)) return false;
  const { magnitude } = asked.truth;
  const allowed = expected.map((_, i) => {
    const { ratio } = groups.get(position(i, answer.shape)[dim]!)!;
    const size = what === "ratio" ? Math.abs(ratio) * magnitude[i]! : magnitude[i]! + Math.abs(ratio);
    return 4 * TOLERANCE * EPSILON * size;
  });
  // values that are hardly wrong would fit any pattern
  if (!a.some((value, i) => Math.abs(value - b[i]!) > 10 * allowed[i]!)) return false;
  return a.every((value, i) => Math.abs(value - expected[i]!) <= allowed[i]!);
}

/** Sums that are right although the values are not. */
function rightSums(seen: readonly Seen[]): string | undefined {
  const step = stepOf(seen);
  const extents = answerExtents(step);
  for (const [dim, extent] of extents.entries()) {
    if (extent === 1) continue;
    const agree = seen.every(({ case: asked, answer }) => {
      const right = rightAnswer(asked);
      // sums that are zero anyway show nothing
      if (sumsPart(right, dim) < 1e-3) return false;
      const magnitudes = new Float32Array(asked.truth.magnitude);
      const allowed = tensor(magnitudes, right.shape).sum(dim).toArray();
      const off = 2 * TOLERANCE * EPSILON;
      const [a, b] = [answer.sum(dim).toArray(), right.sum(dim).toArray()];
      // differences that vanish next to larger values say nothing about a sum
      const distances = tensor(answer.sub(right).toArray().map(Math.abs), right.shape).sum(dim).toArray();
      const isLost = isLostInSums(distances, allowed, off);
      return !isLost && a.every((value, i) => Math.abs(value - b[i]!) <= off * allowed[i]!);
    });
    if (agree)
      return `summed over the ${severalIn(step, extent)} the values are right, but they are distributed wrongly`;
  }
  return undefined;
}

/** Whether all differences are as small as the rounding errors of the sums that they are part of. */
function isLostInSums(distances: ArrayLike<number>, allowed: ArrayLike<number>, off: number): boolean {
  let isAnyPlain = false;
  for (let i = 0; i < distances.length; i++) if (distances[i]! > 100 * off * allowed[i]!) isAnyPlain = true;
  return !isAnyPlain;
}

/** Sums that are zero in every correct answer, but not in these. */
function sumsToZero(seen: readonly Seen[]): string | undefined {
  const step = stepOf(seen);
  for (const [dim, extent] of answerExtents(step).entries()) {
    if (extent === 1) continue;
    const zero = seen.every(({ case: asked }) => sumsPart(rightAnswer(asked), dim) < 1e-5);
    const wrong = seen.every(({ answer }) => sumsPart(answer, dim) > 1e-3);
    if (zero && wrong)
      return `summed over the ${severalIn(step, extent)}, the correct ${step.asks} is zero, but this one is not`;
  }
  return undefined;
}

/** Whether most of the correct values are tiny compared with the largest. */
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

/** Values that are close to the correct ones, as those of an approximation are. */
function closeness(seen: readonly Seen[]): string | undefined {
  const off = seen.map(({ case: asked, answer }) => {
    const right = rightAnswer(asked);
    return largestOf(answer.sub(right)) / largestOf(right);
  });
  const most = Math.max(...off);
  if (!(most < 0.02)) return undefined;
  return closeButWrong(most);
}

/**
 * What is said of numbers that are almost right.
 *
 * @param most how far off they are at most, as a part of the largest
 * @param lost how much of the largest can be lost to rounding where terms cancel
 */
export function closeButWrong(most: number, lost = LOST): string {
  const causes =
    most < lost
      ? "is it an approximation, is a small number added, or do large terms cancel, so that digits are lost?"
      : "is it an approximation, or is a small number added?";
  return `every value is close, within ${significant(100 * most, 2)} % of the largest, but not right: ${causes}`;
}

/** Which entries of the answer one entry of the upstream gradient reaches, if not those that it should. */
function reach(step: FunctionStep, probed: readonly Probed[]): string | undefined {
  const [single] = answersTo("single", probed);
  if (!single) return undefined;
  const { upstream, answer, case: asked } = single;
  // what is there with upstream gradients of zero does not come from this one
  const [silent] = answersTo("silent", probed);
  if (!silent || !sameShape(silent.answer.shape, answer.shape)) return undefined;
  const beside = silent.answer.toArray();
  const places = (x: Tensor, none: (i: number) => number): number[][] =>
    [...x.toArray()].flatMap((value, i) => (value === none(i) ? [] : [position(i, x.shape)]));
  const [yours, right] = [places(answer, (i) => beside[i]!), places(rightAnswer(asked), () => 0)];
  if (String(yours) === String(right)) return undefined;
  const [found, belongs] = [yours, right].map((all) => inWords(all, step, answer.shape));
  if (found !== belongs) return `one entry of ${upstream} should reach ${belongs}, but it reaches ${found}`;
  return `an entry of ${upstream} reaches as many positions as it should, but not the right ones`;
}

/** Positions described without their indices: "one position", "all characters of one example". */
function inWords(places: readonly number[][], step: FunctionStep, shape: Shape): string {
  const extents = answerExtents(step);
  if (places.length === 0) return "nothing";
  if (places.length === 1) return "one position";
  const counts = shape.map((_, dim) => new Set(places.map((at) => at[dim])).size);
  const isGrid = counts.reduce((product, count) => product * count, 1) === places.length;
  const whole = counts.map((count, dim) => count > 1 && count === shape[dim]);
  if (!isGrid || counts.some((count, dim) => count > 1 && !whole[dim])) return "several positions";
  const all = extents.flatMap((extent, dim) => (whole[dim] ? [severalIn(step, extent)] : []));
  const one = extents.flatMap((extent, dim) =>
    counts[dim] === 1 && shape[dim]! > 1 ? [`one ${wordIn(step, extent)}`] : [],
  );
  return `all ${listed(all)}${one.length === 0 ? "" : ` of ${listed(one)}`}`;
}

/** For an elementwise function: what the upstream gradient is multiplied by at one position. */
function slope(step: FunctionStep, probed: readonly Probed[]): string | undefined {
  const [plain] = answersTo("plain", probed);
  if (step.runs.some((run) => run.length > 1) || reach(step, probed) !== undefined) return undefined;
  const [above, ...others] = upstreamsOf(step);
  if (!plain || !above || others.length > 0) return undefined;
  const { answer, case: asked } = plain;
  const upstream = asked.given[above]!;
  if (!sameExtents(shapeOf(step, above), answerExtents(step)) || !sameShape(answer.shape, upstream.shape))
    return undefined;
  const [u, right, yours] = [upstream, rightAnswer(asked), answer].map((x) => x.toArray());
  // of the wrong positions, one that is clearly wrong, but no more extreme than necessary
  const off = (i: number): number => Math.abs(yours![i]! - right![i]!) / Math.abs(right![i]!);
  const places = wrongElements(answer, asked.truth)
    .filter((i) => u![i] !== 0 && right![i] !== 0)
    .toSorted((a, b) => off(a) - off(b));
  const at = places.find((i) => off(i) > 0.5) ?? places.at(-1);
  if (at === undefined) return undefined;
  const slopes = [yours, right].map((x) => x![at]! / u![at]!);
  const values = step.given.filter((name) => name !== above && sameExtents(shapeOf(step, name), shapeOf(step, above)));
  // if the answer does not depend on values at the same position, one position shows nothing
  if (values.length === 0) return undefined;
  const where = values.map((name) => `${name} is ${significant(asked.given[name]!.toArray()[at]!)}`);
  return `where ${listed(where)}, ${above} is multiplied by ${apart(slopes)[0]}; it should be multiplied by ${apart(slopes)[1]}`;
}

function signs(seen: readonly Seen[]): string | undefined {
  const pairs = seen.flatMap(({ case: asked, answer }) => {
    const right = rightAnswer(asked).toArray();
    const wrong = new Set(wrongElements(answer, asked.truth));
    return [...answer.toArray()].map((value, i) => ({ value, right: right[i]!, isWrong: wrong.has(i) }));
  });
  if (!pairs.every(({ value, right }) => Math.sign(value) === Math.sign(right))) return undefined;
  const told = pairs.filter(({ right }) => right !== 0);
  const wrong = told.filter(({ isWrong }) => isWrong);
  const by = (holds: (pair: (typeof told)[number]) => boolean): boolean => wrong.every(holds);
  const how = by(({ value, right }) => Math.abs(value) > Math.abs(right))
    ? "is too large in magnitude"
    : by(({ value, right }) => Math.abs(value) < Math.abs(right))
      ? "is too small in magnitude"
      : "the wrong magnitude";
  const which = wrong.length === told.length ? "every value" : "every wrong value";
  return `${which} has the right sign but ${how}`;
}

/** Two numbers with as many digits as it takes to tell them apart. */
function apart([a, b]: readonly number[]): [string, string] {
  const digits = [3, 4, 5, 6, 7].find((digits) => significant(a!, digits) !== significant(b!, digits)) ?? 8;
  return [significant(a!, digits), significant(b!, digits)];
}
