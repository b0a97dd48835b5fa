import { describe, expect, it } from "vitest";
import { keepdim, type Tensor } from "#tensor";
import { functionSteps, type FunctionStepId } from "../../grader/course/steps.ts";
import { sampled, someSteps } from "../sample.ts";
import { diagnosisOf } from "./ask.ts";

type Given = Readonly<Record<string, Tensor>>;

const say = (id: FunctionStepId, answer: (given: never) => Tensor): string =>
  diagnosisOf(id, answer, 3)?.sentence ?? "nothing";

describe("two mistakes at once", () => {
  it("are both named if one is known and the other is a sign", () => {
    const told = someSteps(functionSteps, 25).flatMap(({ id, mistakes }) =>
      sampled(mistakes, 3).map((mistake) => {
        const diagnosis = diagnosisOf(
          id as FunctionStepId,
          ((given: Given) => mistake.answer(given).neg()) as (given: never) => Tensor,
          3,
        );
        // with some mistakes, a wrong sign makes another known one; with those that flip it themselves, it cancels
        return diagnosis && !diagnosis.isSeen;
      }),
    );
    expect(told.filter(Boolean).length / told.length).toBeGreaterThan(0.95);
  }, 180_000);

  it("are both named: the sign of one branch, and a mean instead of a sum in the other", () => {
    const answer = ({ counts_sum_inv, dprobs, dcounts_sum }: Given): Tensor =>
      counts_sum_inv!
        .mul(dprobs!)
        .neg()
        .add(dcounts_sum!.div(dprobs!.size(1)));
    expect(say("dcounts", answer as never)).toMatch(
      /the branch through counts_sum is wrong: .*size of the vocabulary.*; the branch through probs is wrong: there, the sign/,
    );
  });

  it("are both named: a missing branch, and a sum over the wrong dimension in the other", () => {
    const answer = ({ bnvar_inv, dbnraw }: Given): Tensor => bnvar_inv!.mul(dbnraw!.sum(1, keepdim)).expand(-1, -1);
    expect(say("dbndiff", answer as never)).toMatch(
      /^two things: first, the branch through bndiff2 is missing: bndiff goes into bndiff2 as well; second, in the branch through bnraw, dbnraw is summed over the neurons/,
    );
  });

  it("are both named: a wrong factor, and a dropped dimension", () => {
    const answer = ({ hpreact, dhpreact }: Given): Tensor => hpreact!.mul(dhpreact!).sum(0);
    expect(say("dbngain", answer as never)).toBe(
      "two things: first, bngain has shape [1, hidden], but the answer has shape [hidden]: a sum dropped its dimension; " +
        "keepdim keeps it; second, the copies are weighted by hpreact, the output; the local gradient is the factor that bngain is multiplied by",
    );
  });

  it("are both named: a sign, and a missing division", () => {
    const answer = ({ embcat, dhprebn }: Given): Tensor => embcat!.T.matmul(dhprebn!).neg().mul(dhprebn!.size(0));
    expect(say("dW1", answer as never)).toBe(
      "the sign is flipped, and every value is n times too large (n is the number of examples)",
    );
  });
});

describe("two mistakes at once, in a step with two branches", () => {
  it("are listed one after the other: one that names its branch, and the missing other branch", () => {
    expect(say("dx", (({ x, du }: Given) => du!.mul(x!)) as never)).toBe(
      "two things: first, in the branch through u, x itself is used as the slope; the local gradient of a factor is the other factor; " +
        "second, the branch through v is missing: x goes into v as well",
    );
  });

  it("are listed one after the other: a missing sum, and a wrong tensor", () => {
    expect(say("dcolumn", (({ dgrid, row }: Given) => dgrid!.sub(row!)) as never)).toBe(
      "two things: first, column has shape [rows, 1], but the answer has shape [rows, columns]: column was broadcast, so its " +
        "gradient should still be summed over the columns; second, it uses dgrid minus row instead of dgrid",
    );
  });
});

describe("a wrong shape", () => {
  it("is explained by a missing sum, a dropped dimension, or a transpose", () => {
    const unsummed = ({ norm_logits, dnorm_logits }: Given): Tensor => norm_logits!.exp().mul(dnorm_logits!);
    expect(say("dlogit_maxes", unsummed as never)).toBe(
      "this is dnorm_logits times the exponential of norm_logits; the answer has shape [n, vocab], but logit_maxes has " +
        "shape [n, 1]: it still has one entry per character",
    );
    const dropped = ({ norm_logits, dnorm_logits }: Given): Tensor => norm_logits!.exp().mul(dnorm_logits!).sum(1);
    expect(say("dlogit_maxes", dropped as never)).toMatch(/a sum dropped its dimension; keepdim keeps it$/);
    const transposed = ({ h, dlogits }: Given): Tensor => dlogits!.T.matmul(h!.exp());
    expect(say("dW2", transposed as never)).toMatch(/rows and columns are swapped/);
  });
});

describe("if shapes do not fit", () => {
  it("the case with equal sizes shows what a loop over the wrong extents was meant to compute", () => {
    const loop = ({ W2, dlogits }: Given): Tensor => {
      const answer = dlogits!.matmul(W2!.T).mul(0);
      for (let i = 0; i < answer.size(0); i++)
        for (let j = 0; j < answer.size(1); j++)
          for (let k = 0; k < dlogits!.size(1); k++)
            answer.set(i, j, answer.get(i, j) + dlogits!.get(i, k) * W2!.get(k, j));
      return answer;
    };
    expect(say("dh", loop as never)).toMatch(/^the product does not fit as it is/);
  });
});
