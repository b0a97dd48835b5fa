import { describe, expect, it } from "vitest";
import { keepdim, oneHot, type Tensor } from "#tensor";
import { isRight } from "../../grader/diagnosis/symptom.ts";
import { ask, casesOf, diagnosisOf, stepOf } from "./ask.ts";

type Given = { logits: Tensor; Yb: Tensor };

/** The fused dlogits from probabilities. */
const from =
  (probs: (logits: Tensor) => Tensor) =>
  ({ logits, Yb }: Given): Tensor =>
    probs(logits)
      .sub(oneHot(Yb, logits.size(1)))
      .div(logits.size(0));

const sums = (x: Tensor): Tensor => x.sum(1, keepdim);

describe("a softmax whose exp exceeds the range of float32", () => {
  const overflowing: [what: string, probs: (logits: Tensor) => Tensor][] = [
    ["exp over its sum", (logits) => logits.exp().div(sums(logits.exp()))],
    ["exp times the inverse of its sum", (logits) => logits.exp().mul(sums(logits.exp()).pow(-1))],
    ["the logarithm of the sum of exp", (logits) => logits.sub(sums(logits.exp()).log()).exp()],
    ["the logarithm of the quotient", (logits) => logits.exp().div(sums(logits.exp())).log().exp()],
  ];

  it("is said to overflow in exp, if it does", () => {
    for (const [what, probs] of overflowing) {
      for (const seed of [1, 2, 3]) {
        const found = diagnosisOf("fused-dlogits", from(probs), seed);
        expect(found?.sentence, what).toMatch(
          /right only for small logits.* exp overflows .*subtract each row's maximum/,
        );
      }
    }
  });

  it("is said to have an exp of 0 throughout, if only that happens", () => {
    const clamped = from((logits) => {
      const counts = logits.sub(logits.max(1, keepdim).values.clamp(0, Infinity)).exp();
      return counts.div(sums(counts));
    });
    expect(diagnosisOf("fused-dlogits", clamped, 1)?.sentence).toMatch(/every exp is 0 if all logits of a row/);
  });

  it("gets neither statement if something else is wrong as well", () => {
    const summed = ({ logits, Yb }: Given): Tensor =>
      from((logits) => logits.exp().div(sums(logits.exp())))({ logits, Yb }).mul(logits.size(0));
    expect(diagnosisOf("fused-dlogits", summed, 1)?.sentence).not.toContain("right only for small logits");
  });
});

describe("log-sum-exp with the maximum subtracted first", () => {
  it("is accepted for every seed, in each of its forms", () => {
    const maximum = (logits: Tensor): Tensor => logits.max(1, keepdim).values;
    const lse = (logits: Tensor): Tensor =>
      sums(logits.sub(maximum(logits)).exp())
        .log()
        .add(maximum(logits));
    const forms: ((logits: Tensor) => Tensor)[] = [
      (logits) => logits.sub(lse(logits)).exp(),
      (logits) => lse(logits).sub(logits).neg().exp(),
      (logits) => lse(logits).sub(logits).exp().pow(-1),
      (logits) =>
        logits
          .sub(maximum(logits))
          .sub(lse(logits).sub(maximum(logits)))
          .exp(),
    ];
    const step = stepOf("fused-dlogits");
    for (let seed = 0; seed < 100; seed++) {
      const cases = casesOf(step, seed);
      for (const probs of forms) expect(ask(from(probs), cases).every(isRight)).toBe(true);
    }
    expect(step.forms.length).toBeGreaterThan(12);
  });
});
