import { wrongElements } from "../verdict/compare.ts";
import { unlikeAGradient, type Probed } from "./behaviour.ts";
import { byFiniteNumbers, byKnownMistake } from "./by-formula.ts";
import { byOverflow, whereNotFinite } from "./not-finite.ts";
import { unusedBy } from "./seen.ts";
import { byShapeAlone } from "./shapes.ts";
import { byStrategies } from "./strategies.ts";
import {
  allFinite,
  hasRightShape,
  isRight,
  seenOnly,
  stepOf,
  type About,
  type Diagnosis,
  type Seen,
  type Symptom,
} from "./symptom.ts";

/**
 * Names the mistake that a step's answers show: a known one, two known ones at once, a formula with one thing changed,
 * or what the numbers have in common. If nothing is certain, it says what is seen and claims nothing.
 *
 * @param symptoms the answers to random cases (not to the lecture's batch, on which some mistakes do not show)
 * @param probed the answers to makeProbes, if they were asked for
 */
export function diagnose(symptoms: readonly Symptom[], probed: readonly Probed[] = []): Diagnosis | null {
  const telling = symptoms.filter(isTelling);
  if (telling.length === 0) return null;
  const about: About = { step: stepOf(telling), unused: unusedBy(probed) };
  // small cases first: most comparisons fail on the first
  const { examples } = about.step.network.words;
  const smallness = ({ case: { sizes, truth } }: Symptom): number => sizes[examples] ?? truth.value.length;
  const sorted = telling.toSorted((a, b) => smallness(a) - smallness(b));
  const isWhole = ({ answer }: { answer: Symptom["answer"] }): boolean => !("shape" in answer) || allFinite(answer);
  if (!sorted.every(isWhole)) {
    const found = byNotFinite(about, sorted, probed);
    return found && { by: "not finite", ...found };
  }
  // behavior is read from finite numbers; what comes of zeros and of other inputs may show in others
  const isRead = (probe: Probed): boolean => probe.kind === "silent" || probe.kind === "moved" || isWhole(probe);
  const isPlainWhole = probed.every((probe) => probe.kind !== "plain" || isWhole(probe));
  const read = isPlainWhole ? probed.filter(isRead) : [];
  return byStrategies({ ...about, unused: unusedBy(read) }, sorted, read);
}

/** What answers with NaN or infinite numbers show: a known mistake that gives the same, or what is certain of the rest. */
function byNotFinite(about: About, symptoms: readonly Symptom[], probed: readonly Probed[]): Diagnosis | null {
  const seen = symptoms.filter((symptom): symptom is Seen => "shape" in symptom.answer);
  if (!seen.every(hasRightShape)) return byShapeAlone(seen);
  const isAnyFinite = seen.some(({ answer }) =>
    answer.toArray().some((value) => Number.isFinite(value) && value !== 0),
  );
  const known = (isAnyFinite ? byKnownMistake(symptoms) : null) ?? byOverflow(symptoms);
  if (known) return known;
  // on the lecture's batch, with its many zeros, other numbers may not be finite
  const where = `with random numbers, ${whereNotFinite(seen)}`;
  if (isRightWhereFinite(seen)) return seenOnly("not-finite", `${where}; every other number is right`);
  const whole = seen.filter(({ answer }) => allFinite(answer));
  const wrong = whole.filter((symptom) => !isRight(symptom));
  const rest =
    byFiniteNumbers(about, seen) ?? (wrong.length > 1 ? diagnose(whole, probed) : null) ?? unlikeAGradient(probed);
  if (!rest) return seenOnly("not-finite", where);
  return { ...rest, sentence: `${where}; everywhere else, ${rest.sentence}` };
}

/** Whether some numbers are finite, and all of these are right. */
function isRightWhereFinite(seen: readonly Seen[]): boolean {
  let finite = 0;
  for (const {
    answer,
    case: { truth },
  } of seen) {
    const values = answer.toArray();
    finite += values.filter((value) => Number.isFinite(value)).length;
    if (wrongElements(answer, truth).some((i) => Number.isFinite(values[i]!))) return false;
  }
  return finite > 0;
}

/** Below this part of its magnitude, a value shows its rounding errors. */
const NOISE = 1e-3;

/** Whether the correct answer is more than rounding errors: the fused batchnorm's is not, in a batch of two. */
function isTelling({ case: { truth } }: Symptom): boolean {
  const { value, magnitude } = truth;
  const clear = value.filter((x, i) => Math.abs(x) > NOISE * magnitude[i]!);
  return clear.length >= value.filter((x) => x !== 0).length / 2;
}
