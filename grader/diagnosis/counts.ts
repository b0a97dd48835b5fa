import { wrongElements } from "../verdict/compare.ts";
import { describeSizes } from "../verdict/judge.ts";
import { hasBatch, seenOnly, type Diagnosis, type Seen } from "./symptom.ts";

/**
 * What can be counted in any wrong answer, if nothing else is seen in it: zeros where there should be none, or the other
 * way around, and else signs. The largest case is the example.
 */
export function countsOf(seen: readonly Seen[]): Diagnosis | null {
  for (const count of [zeros, signs]) {
    for (const one of seen.toReversed()) {
      const sentence = count(one);
      if (sentence === undefined) continue;
      const inputs = hasBatch(one.case) ? "in one batch" : "for one set of inputs";
      return seenOnly("counts", `${inputs} with ${describeSizes(one.case)}, ${sentence}`);
    }
  }
  return null;
}

/** How many values are zero, if the correct ones are zero elsewhere. */
function zeros({ answer, case: { truth } }: Seen): string | undefined {
  const values = answer.toArray();
  const isOther = values.some((value, i) => (value === 0) !== (truth.value[i] === 0));
  if (!isOther) return undefined;
  const yours = values.filter((value) => value === 0).length;
  const right = truth.value.filter((value) => value === 0).length;
  const count = (zero: number): string => (zero === 0 ? "none" : zero === values.length ? "all" : `${zero}`);
  const others = yours === right ? `${count(right)} as well, but at other positions` : count(right);
  return `${count(yours)} of ${values.length} values are zero; of the correct ones, ${others}`;
}

/** How many wrong values have the wrong sign. */
function signs({ answer, case: { truth } }: Seen): string | undefined {
  const values = answer.toArray();
  const wrong = wrongElements(answer, truth);
  const flipped = wrong.filter((i) => values[i]! * truth.value[i]! < 0);
  if (wrong.length === 0) return undefined;
  const [count, all] = [flipped.length, wrong.length];
  if (count === all) return `${all === 1 ? "the wrong value has" : `all ${all} wrong values have`} the wrong sign`;
  return `${count === 0 ? "none" : count} of the ${all} wrong values ${count === 1 ? "has" : "have"} the wrong sign`;
}
