import type { Tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import { tensorOf, upstreamsOf } from "../kit/step.ts";
import { sameShape } from "../tensor/shape.ts";
import { EPSILON, TOLERANCE, isSame } from "../verdict/compare.ts";
import { short } from "./factors/constants.ts";
import { ratioOf } from "./factors/factors.ts";
import { SCALE, type Probe } from "./probes.ts";
import { listed } from "../kit/listed.ts";
import {
  allFinite,
  claimed,
  type Diagnosis,
  givenFloats,
  isRight,
  mistakesOf,
  ONE_THING,
  seenOnly,
  several,
  type Symptom,
} from "./symptom.ts";

/** A probe and the answer to it. */
export type Probed = Probe & { answer: Symptom["answer"] };

/** A probe's case, and the tensor that was answered. */
interface AnsweredProbe {
  case: Case;
  answer: Tensor;
}

/** The probes of a kind whose answers are tensors, in order. */
export function answersTo<Kind extends Probe["kind"]>(
  kind: Kind,
  probed: readonly Probed[],
): (Extract<Probe, { kind: Kind }> & { answer: Tensor })[] {
  return probed.filter((probe): probe is Extract<Probe, { kind: Kind }> & { answer: Tensor } => {
    return probe.kind === kind && "shape" in probe.answer;
  });
}

/**
 * Checks that the answer is linear in the upstream gradient, as every gradient is: zero for zero, and k times as large
 * for k times as much. If it is not, says what it does instead.
 */
export function unlikeAGradient(probed: readonly Probed[]): Diagnosis | null {
  const [plain] = answersTo("plain", probed);
  const [silent] = answersTo("silent", probed);
  const [scaled] = answersTo("scaled", probed);
  if (!plain || !silent || !scaled) return null;
  const { above, many } = upstreamIn(plain.case);
  if (!allFinite(plain.answer) || !allFinite(scaled.answer)) return null;
  if (!allFinite(silent.answer)) {
    return seenOnly(
      "not-finite-for-zero",
      `with zeros for ${above} the answer is not finite, but it should be zero: is something divided by it?`,
    );
  }
  if (silent.answer.toArray().every((value) => value === 0)) return notProportional(plain, scaled);
  if (isSame(plain.answer, silent.answer) && isSame(plain.answer, scaled.answer)) {
    return seenOnly(
      "nothing-from-above",
      `the answer is the same whatever ${above} ${many ? "are" : "is"}: the chain rule multiplies by the upstream gradient`,
    );
  }
  if (!sameShape(plain.answer.shape, silent.answer.shape)) return null;
  const added = whatIsAdded(silent);
  // what is left may be rounding errors of terms that cancel
  if (added === undefined && largestOf(silent.answer) <= LOST * largestOf(plain.answer)) return null;
  const beside = plain.answer.sub(silent.answer);
  if (isSame(scaled.answer.sub(silent.answer), beside.mul(SCALE))) return addedBeside(plain, silent, beside, added);
  return seenOnly(
    "not-zero",
    `with zeros for ${above} the answer is not zero, but it should be: every gradient is a multiple of the upstream gradient`,
  );
}

/** What a case's upstream gradients are called in a sentence, and whether they are several. */
function upstreamIn({ step }: Case): { above: string; many: boolean } {
  const upstream = upstreamsOf(step);
  return { above: listed(upstream), many: upstream.length > 1 };
}

/** What an answer does instead of growing with the upstream gradient; null if it grows as it should. */
function notProportional(plain: AnsweredProbe, scaled: AnsweredProbe): Diagnosis | null {
  const { above, many } = upstreamIn(plain.case);
  const times = (factor: number): boolean => isSame(scaled.answer, plain.answer.mul(factor));
  if (times(SCALE)) return null;
  const what = times(-SCALE)
    ? `it is multiplied by ${-SCALE}: the sign of ${above} is lost`
    : times(SCALE * SCALE)
      ? `it is multiplied by ${SCALE * SCALE}: ${many ? "is one multiplied by the other" : "is it squared"}?`
      : times(1)
        ? `it does not change: is the magnitude of ${above} divided out?`
        : "it is not: is a sum multiplied as a whole, as in x.add(y).mul(z), which is (x + y) * z? Or is something " +
          "other than multiplying and summing done to it?";
  const sentence =
    `a gradient is proportional to the upstream gradient: if ${above} ${many ? "are" : "is"} multiplied by ` +
    `${SCALE}, the answer should be as well; here ${what}`;
  return seenOnly("not-linear", sentence);
}

/** Something is added to an answer that is otherwise a multiple of the upstream gradient. */
function addedBeside(
  plain: AnsweredProbe,
  silent: AnsweredProbe,
  beside: Tensor,
  added: string | undefined,
): Diagnosis {
  const { above, many } = upstreamIn(plain.case);
  const right = isRightBeside(beside, plain.case, silent.answer);
  const sentence =
    `with zeros for ${above} the answer is ${added ?? "not zero"}, but it should be zero: ` +
    (right
      ? "without that it is right"
      : many
        ? `each of its terms should be a multiple of one of them`
        : `all of it should be multiplied by ${above}`);
  if (!right && added === undefined) return seenOnly("added", sentence);
  return { id: right ? "added-beside" : "not-multiplied", sentence };
}

/** Float32's rounding, of terms some hundred times larger than their sum, explains no more than this part of it. */
export const LOST = 1e-4;

export function largestOf(x: Tensor): number {
  let largest = 0;
  for (const value of x.toArray()) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** Whether an answer, without what was added to it, is right within rounding. */
function isRightBeside(beside: Tensor, { truth }: Case, added: Tensor): boolean {
  const sizes = added.toArray();
  return beside.toArray().every((value, i) => {
    const size = truth.magnitude[i]! + 2 * Math.abs(sizes[i]!);
    return Math.abs(value - truth.value[i]!) <= TOLERANCE * EPSILON * size;
  });
}

/** What is left if the upstream gradient is zero: a given tensor, a whole multiple of it, or a number. */
function whatIsAdded({ case: asked, answer }: AnsweredProbe): string | undefined {
  for (const name of givenFloats(asked.step)) {
    const ratio = ratioOf(answer, asked.given[name]!);
    if (ratio === undefined) continue;
    if (Math.abs(ratio - 1) < 1e-5) return name;
    const few = Number(ratio.toPrecision(2));
    return Math.abs(ratio / few - 1) < 1e-5 ? `${short(few)} times ${name}` : `a multiple of ${name}`;
  }
  const [value, ...others] = answer.toArray();
  if (!others.every((other) => other === value)) return undefined;
  return Number.isInteger(value) ? `${value}` : "the same number at every position";
}

function isZero({ answer }: Symptom): boolean {
  return "shape" in answer && answer.toArray().every((value) => value === 0);
}

/**
 * Which branch is wrong, and how, if a gradient has several branches, each with an upstream gradient of its own.
 *
 * @param explain says what is wrong with answers that should be one branch alone, given the cases of the others
 */
export function byBranch(
  probed: readonly Probed[],
  explain: (symptoms: readonly Symptom[], others: readonly Case[]) => Diagnosis | null,
): Diagnosis | null {
  const plains = answersTo("plain", probed);
  const all = answersTo("branch", probed);
  const branches = [...new Set(all.map(({ upstream }) => upstream))].map((upstream) => {
    return [upstream, all.filter((probe) => probe.upstream === upstream)] as const;
  });
  if (branches.length < 2 || branches.some(([, probes]) => probes.length !== plains.length)) return null;
  const isSum = plains.every(({ answer }, i) => {
    const parts = branches.map(([, probes]) => probes[i]!.answer);
    if (parts.some((part) => !sameShape(part.shape, answer.shape))) return false;
    return isSame(
      answer,
      parts.reduce((sum, part) => sum.add(part)),
    );
  });
  if (!isSum) return null;
  const wrong = branches.filter(([, probes]) => !probes.every(isRight));
  const right = branches.filter((branch) => !wrong.includes(branch));
  if (wrong.length === 0) return null;
  const found = wrong.map(([upstream, probes]) => {
    const others = all.filter((probe) => probe.upstream !== upstream).map((probe) => probe.case);
    return { upstream, diagnosis: explain(probes, others), missing: probes.every(isZero) };
  });
  const { step } = all[0]!.case;
  const nameOf = (upstream: string): string => `the branch through ${tensorOf(upstream)}`;
  const faults = found.flatMap(({ upstream, diagnosis, missing }) => {
    if (missing) return `${nameOf(upstream)} is missing: ${step.tensor} goes into ${tensorOf(upstream)} as well`;
    if (!diagnosis) return `${nameOf(upstream)} is wrong`;
    // the sentence of a known mistake may itself say which branch it is about
    if (diagnosis.namesBranch) return mistakesOf(diagnosis);
    const named = (sentence: string): string => `in ${nameOf(upstream)}, ${sentence.replace(ONE_THING, "")}`;
    // several things in the only wrong branch are listed behind its name, and within no other list
    return wrong.length === 1 ? named(diagnosis.sentence) : mistakesOf(diagnosis).map(named);
  });
  const parts = [...right.map(([upstream]) => `${nameOf(upstream)} is right`), several(faults)];
  const known = found.every(({ diagnosis }) => claimed(diagnosis));
  const id = found.map(({ upstream, diagnosis }) => `${upstream}:${diagnosis?.id ?? "wrong"}`).join("+");
  const sentence = parts.join("; ");
  return known ? { id, sentence } : seenOnly(`branch-${id}`, sentence);
}
