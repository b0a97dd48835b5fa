import { describe, expect, it } from "vitest";
import { functionSteps } from "../../grader/course/steps.ts";
import { isLadder } from "../../grader/kit/hint.ts";
import { smallCases } from "../../grader/kit/instance.ts";
import { sameShape } from "../../grader/tensor/shape.ts";
import { TOLERANCE, worstRatio } from "../../grader/verdict/compare.ts";
import { exercise, gradeFiles } from "../trees.ts";

/** Forward values that are never zero: those of exp, their sums and inverses, and what epsilon is added to. */
const NEVER_ZERO = new Set([
  "probs",
  "counts",
  "counts_sum",
  "counts_sum_inv",
  "logprobs",
  "loss",
  "bnvar",
  "bnvar_inv",
]);

const all = functionSteps.flatMap((step) => smallCases(step).map((small) => ({ step, small })));
const asked = all.filter(({ small }) => small.small === "hints");

describe("the small numbers of the hints, on which every answer is judged as well", () => {
  it("belong to every step with three hints that has no example of its own", () => {
    const wanted = functionSteps.filter(({ hints, example }) => isLadder(hints) && !example);
    expect(wanted.map(({ id }) => id)).toEqual(asked.map(({ step }) => step.id));
  });

  it("contain a zero wherever there can be one, so that dividing by a tensor shows", () => {
    const ofNetwork = asked.filter(({ step }) => step.part <= 3);
    const without = ofNetwork.flatMap(({ step, small }) =>
      step.given
        .filter((name) => step.roles[name] === "value" && step.shapes[name] !== undefined && !NEVER_ZERO.has(name))
        .filter((name) => sameShape(small.given[name]!.shape, small.truth.shape))
        .filter((name) => !small.given[name]!.toArray().includes(0))
        .map((name) => `${step.id}: ${name}`),
    );
    expect(without).toEqual([]);
  });

  it("accept every correct form, with a wide margin", () => {
    const failed = all.flatMap(({ step, small }) =>
      step.forms.flatMap((form, i) => {
        const answer = form(Object.fromEntries(Object.entries(small.given).map(([name, x]) => [name, x.clone()])));
        const isRight = sameShape(answer.shape, small.truth.shape) && worstRatio(answer, small.truth) < TOLERANCE / 2;
        return isRight ? [] : [`${step.id}: form ${i}`];
      }),
    );
    expect(failed).toEqual([]);
  });

  it("refuse what divides by zero there", async () => {
    const bodies = {
      dlogit_maxes: "logits.sub(norm_logits).div(logit_maxes).mul(dnorm_logits).neg().sum(1, keepdim)",
      dbngain: "hpreact.sub(bnbias).div(bngain).mul(dhpreact).sum(0, keepdim)",
      dbndiff2: "bndiff2.div(bndiff2).mul(dbnvar.div(bndiff2.size(0) - 1))",
      dbndiff: "bndiff.mul(2).mul(dbndiff2).add(dbnraw.mul(bnraw.div(bndiff)))",
      dhprebn: "dbndiff.add(hprebn.div(hprebn).mul(dbnmeani).div(hprebn.size(0)))",
    };
    const files = Object.entries(bodies).map(([id, body]) => {
      const { given } = functionSteps.find((step) => step.id === id)!;
      return [id, exercise(id, `const { ${given.join(", ")} } = given;\n  return ${body};`)];
    });
    const results = await gradeFiles(Object.fromEntries(files) as Record<string, string>);
    for (const id of Object.keys(bodies)) {
      expect(results[id], id).toMatchObject({
        verdict: "not-finite",
        message: expect.stringContaining("(on the hints' small numbers: n ="),
        mistake: { sentence: expect.stringMatching(/^with the hints' small numbers, .* (0|zero everywhere)$/) },
      });
    }
  });

  it("refuse what is added to a sum of exponentials, though it is within rounding on random numbers", async () => {
    const body = `const { logits, Yb } = given;
  const e = logits.sub(logits.max(1, keepdim).values).exp();
  return e.div(e.sum(1, keepdim).add(1e-5)).sub(oneHot(Yb, logits.size(1))).div(logits.size(0));`;
    const { "fused-dlogits": result } = await gradeFiles({ "fused-dlogits": exercise("dlogits", body) });
    expect(result).toMatchObject({ verdict: "wrong", mistake: { isSeen: true } });
  });
});
