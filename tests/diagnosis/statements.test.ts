import { describe, expect, it } from "vitest";
import { keepdim, oneHot, type Tensor } from "#tensor";
import { exampleCase } from "../../grader/kit/case.ts";
import { truthOf } from "../../grader/kit/truth.ts";
import type { FunctionStepId } from "../../grader/course/steps.ts";
import { whereFirstNotFinite } from "../../grader/diagnosis/not-finite.ts";
import type { Diagnosis } from "../../grader/diagnosis/symptom.ts";
import { sampleOf } from "../sample.ts";
import { ask, diagnosisOf, stepOf } from "./ask.ts";

/** How many seeds a statement is tried with. */
const SEEDS = sampleOf(8, 3);

type Given = Readonly<Record<string, Tensor>>;
type Answer = (given: Required<Given>) => Tensor;

const found = (id: FunctionStepId, answer: (given: never) => Tensor, seed = 3): Diagnosis | null =>
  diagnosisOf(id, answer, seed);
const say = (id: FunctionStepId, answer: (given: never) => Tensor): string | undefined => found(id, answer)?.sentence;

/** Expects that over many seeds, no statement about an answer is like this. */
function neverSays(id: FunctionStepId, answer: (given: never) => Tensor, words: RegExp): void {
  for (let seed = 0; seed < SEEDS; seed++) expect(found(id, answer, seed)?.sentence ?? "").not.toMatch(words);
}

interface Dprobs {
  probs: Tensor;
  logprobs: Tensor;
  dlogprobs: Tensor;
}

describe("the statement about an answer without finite values", () => {
  it("claims no cause: it says what the values are, and what usually leads to them", () => {
    const byZero = ({ probs, dlogprobs }: Dprobs): Tensor => dlogprobs.div(probs.sub(probs));
    expect(found("dprobs", byZero)).toMatchObject({
      id: "seen-not-finite",
      sentence:
        "with random numbers, every number is Infinity of either sign: a number divided by zero is infinite, and so is the logarithm of zero",
      isSeen: true,
    });
    const zeroByZero = ({ N }: { N: Tensor }): Tensor => N.sub(N).div(N.sub(N).sum(1, keepdim));
    expect(say("normalize", zeroByZero)).toBe(
      "with random numbers, every number is NaN: zero divided by zero is NaN, and so are the logarithm or the root of a negative number, and a sum with undefined",
    );
    const ofNegative = ({ logprobs, dlogprobs }: Dprobs): Tensor => dlogprobs.div(logprobs.log());
    expect(say("dprobs", ofNegative)).toMatch(
      /^with random numbers, every number is NaN: .*; logprobs is negative everywhere$/,
    );
    neverSays("dprobs", byZero, /right|correct|instead|multiplied|reaches|depend/);
    neverSays("normalize", zeroByZero, /right|correct|instead|factor|reaches|depend/);
    neverSays("dprobs", ofNegative, /right|correct|instead|multiplied|reaches|depend/);
  });
});

describe("the statement about an answer with some finite values", () => {
  it("judges these values, and says where the others are", () => {
    const ofLog = ({ probs, dlogprobs }: Dprobs): Tensor => dlogprobs.log().div(probs);
    for (let seed = 0; seed < SEEDS; seed++) {
      expect(found("dprobs", ofLog, seed)).toMatchObject({
        id: "dlogprobs-log",
        sentence: expect.stringMatching(/dlogprobs is negative.*; everywhere else, only one thing is wrong: it uses/),
      });
    }
    neverSays("dprobs", ofLog, /reaches/);
  });

  it("can say that all of these values are right", () => {
    const rooted = ({ h, dh }: { h: Tensor; dh: Tensor }): Tensor => h.pow(0.5).pow(4).neg().add(1).mul(dh);
    expect(say("dhpreact", rooted)).toBe(
      "with random numbers, the answer is NaN where hpreact and h are negative; every other number is right",
    );
  });

  it("names a known mistake, including its infinite values", () => {
    const squared = ({ probs, dlogprobs }: Dprobs): Tensor => probs.pow(-2).mul(dlogprobs);
    for (let seed = 0; seed < SEEDS; seed++) expect(found("dprobs", squared, seed)?.id).toBe("squared");
    const otherwise = ({ probs, dlogprobs }: Dprobs): Tensor => dlogprobs.div(probs.mul(probs));
    for (let seed = 0; seed < SEEDS; seed++)
      expect(found("dprobs", otherwise, seed)?.sentence).toMatch(/the square of probs/);
  });

  it("says what is given at the other positions if nothing else is known", () => {
    const logarithm = ({ dcounts_sum_inv }: { dcounts_sum_inv: Tensor }): Tensor => dcounts_sum_inv.log().log();
    expect(say("dcounts_sum", logarithm)).toMatch(
      /^with random numbers, the answer is NaN .*dcounts_sum_inv is below about/,
    );
  });

  it("refers to the lesson's numbers if it is about them alone", () => {
    const step = stepOf("normalize");
    const asked = exampleCase(step);
    const viaInverse = ({ N }: { N: Tensor }): Tensor => N.div(N).mul(N).div(N.sum(1, keepdim));
    const [symptom] = ask(viaInverse, [asked]);
    expect(whereFirstNotFinite(symptom!)?.sentence).toBe("the answer is NaN where N is 0");
    const [right] = ask((({ N }: { N: Tensor }) => N.div(N.sum(1, keepdim))) as never, [asked]);
    expect(whereFirstNotFinite(right!)).toBeNull();
  });
});

describe("a formula with one thing changed", () => {
  it("is described by what it uses, and instead of what", () => {
    type Dx = Record<"x" | "y" | "du" | "dv", Tensor>;
    const scaled = ({ x, y, du, dv }: Dx): Tensor => y.mul(du).add(dv.mul(x));
    expect(say("dx", scaled)).toBe("only one thing is wrong: it uses dv times x instead of dv");
    const value = ({ counts_sum, counts_sum_inv, dprobs }: Record<string, Tensor>): Tensor =>
      counts_sum_inv!.mul(dprobs!).add(counts_sum!);
    expect(say("dcounts", value as never)).toBe("only one thing is wrong: it uses counts_sum instead of dcounts_sum");
  });

  it("is named rather than the positions of its wrong values", () => {
    const ones = ({ logits, dnorm_logits }: Record<"logits" | "dnorm_logits", Tensor>): Tensor =>
      dnorm_logits.add(oneHot(logits.max(1).indices, logits.size(1)));
    expect(say("dlogits", ones)).toBe("dlogit_maxes is missing: ones are used instead");
  });

  it("names the bound of a clamp if it is a round number", () => {
    const raised = ({ probs, dlogprobs }: Dprobs): Tensor => dlogprobs.div(probs.clamp(1e-3, 1));
    expect(say("dprobs", raised)).toBe(
      "only one thing is wrong: it uses probs clamped to at least 0.001 instead of probs",
    );
    const crooked = ({ probs, dlogprobs }: Dprobs): Tensor => dlogprobs.div(probs.clamp(0.00317, 1));
    expect(found("dprobs", crooked)).toMatchObject({
      id: expect.stringMatching(/^seen-below-probs$/),
      sentence: expect.stringMatching(
        /^the values where probs is below about 0.003\d? are wrong, and all others are right$/,
      ),
    });
  });
});

describe("an answer that is right but for a little", () => {
  const almost: [what: string, change: (right: Tensor) => Tensor][] = [
    ...[1.00001, 1.001].map((times): [string, (right: Tensor) => Tensor] => [
      `times ${times}`,
      (right) => right.mul(times),
    ]),
    ["plus 1e-6", (right) => right.add(1e-6)],
  ];

  it.each(almost)("is not two mistakes that cancel, nor 1 times what it should be (%s)", (what, change) => {
    // means and sums among their known mistakes, powers, branches, a closed form
    for (const id of ["dprobs", "dlogit_maxes", "dcounts", "dbnvar", "dW1", "db1", "fused-dlogits"] as const) {
      // a number that is added is in each branch
      if (id === "dcounts" && what.startsWith("plus")) continue;
      const step = stepOf(id);
      const answer = (given: Given): Tensor => change(truthOf(step, given).toTensor());
      const sentence = found(id, answer)?.sentence ?? "";
      expect(sentence, step.id).not.toMatch(/things:|\b[10] times|is missing|example 1 in/);
      if (what.startsWith("times 1.0")) expect(sentence, step.id).toContain(what.slice(6));
    }
  });

  it("may have lost digits: terms of its own cancel", () => {
    type Maxes = Record<"logits" | "logit_maxes" | "norm_logits" | "dnorm_logits", Tensor>;
    const cancels = ({ logits, logit_maxes, norm_logits, dnorm_logits }: Maxes): Tensor =>
      logits.sub(logit_maxes).sub(norm_logits).sum(1, keepdim).add(dnorm_logits.sum(1, keepdim)).neg();
    expect(say("dlogit_maxes", cancels)).toMatch(/^every value is close, within [\d.e-]+ %.*do large terms cancel/);
  });

  it("has a number added only if it is one that is written in code", () => {
    const plus =
      (number: number) =>
      ({ probs, dlogprobs }: Dprobs): Tensor =>
        dlogprobs.div(probs.add(number));
    for (const number of [1e-12, 1e-8, 2e-5, 0.25])
      expect(say("dprobs", plus(number))).toMatch(`, ${number} is added to probs`.replace("0.00002", "2e-5"));
  });
});

describe("if an error that says what is wrong was thrown", () => {
  it("no other mistake is named", () => {
    const written: Answer = ({ Yb }) => oneHot(Yb!, 27).mul(-1 / 32);
    for (let seed = 0; seed < SEEDS; seed++) {
      expect(found("dlogprobs", written as never, seed)?.sentence ?? "").not.toMatch(/transpose|equal/);
    }
    const dropped: Answer = ({ counts_sum_inv, dprobs, dcounts_sum }) =>
      counts_sum_inv!.mul(dprobs!).add(dcounts_sum!.sum(1));
    expect(found("dcounts", dropped as never)).toBeNull();
  });

  it("a known mistake is named nevertheless, by what it throws or by its answers if all sizes are equal", () => {
    const maxima = ({ logits, dnorm_logits, dlogit_maxes }: Record<string, Tensor>): Tensor =>
      dnorm_logits!.add(dlogit_maxes!.mul(oneHot(logits!.max(0).indices, logits!.size(1))));
    expect(say("dlogits", maxima as never)).toMatch(/^the maximum is taken over the wrong dimension/);
  });

  it("the sizes are named as in the step", () => {
    // throws if n and vocab differ; not a known mistake, and not the correct formula with one thing changed
    const mixed = ({ probs, dlogprobs }: Dprobs): Tensor => dlogprobs.div(probs).add(probs.T.exp().mul(probs));
    expect(say("dprobs", mixed)).toMatch(/^the shapes fit only if n and vocab are equal/);
  });
});

describe("a number of classes that is written as a number", () => {
  it("is named, without a question about loops", () => {
    const written: Answer = ({ Yb }) => oneHot(Yb!, 1).mul(-1);
    expect(say("dlogprobs", written as never)).toMatch(
      /^1 class is written as a number, and other batches have another number of them/,
    );
  });
});

describe("a single number instead of a gradient", () => {
  it("is answered with the shape that is expected", () => {
    const summed = ({ probs, dlogprobs }: Dprobs): Tensor => dlogprobs.div(probs).sum();
    expect(say("dprobs", summed)).toBe(
      "the answer is a single number, but probs has shape [n, vocab]: there should be one number per entry",
    );
  });
});

describe("a branch that is off by a factor", () => {
  it("is described by the size that the factor equals, or by the number that may have been written", () => {
    type Dcounts = Record<"counts_sum_inv" | "dprobs" | "dcounts_sum", Tensor>;
    const branch =
      (divisor: (dprobs: Tensor) => number) =>
      ({ counts_sum_inv, dprobs, dcounts_sum }: Dcounts): Tensor =>
        counts_sum_inv.mul(dprobs).add(dcounts_sum.div(divisor(dprobs)));
    expect(
      say(
        "dcounts",
        branch(() => 27),
      ),
    ).toBe(
      "the branch through probs is right; the branch through counts_sum is 1/27 of what it should be: " +
        "is 27 written as a number?",
    );
    expect(
      say(
        "dcounts",
        branch((dprobs) => dprobs.size(0)),
      ),
    ).toMatch(/the branch through counts_sum is wrong: there, every value is n times too small \(n is the number/);
  });
});

describe("a statement about every value, or about a tensor", () => {
  it("is not made of a factor within rounding, of an edge between batches, or of a tensor that is used", () => {
    const onePass = ({ hprebn }: { hprebn: Tensor }): Tensor => {
      const n = hprebn.size(0);
      const biased = hprebn.pow(2).mean(0, keepdim).sub(hprebn.mean(0, keepdim).pow(2));
      const v = biased.each((x) => Math.max(x, 0));
      return v
        .add(1e-5)
        .div(v.mul(n / (n - 1)).add(1e-5))
        .sqrt();
    };
    neverSays("ratio", onePass, /every value is [\d.]+ times/);
    const perLabel = ({ logits, Yb }: { logits: Tensor; Yb: Tensor }): Tensor =>
      logits
        .softmax(1)
        .sub(oneHot(Yb, logits.size(1)))
        .div(Yb.toArray().filter((y) => y > 0).length);
    neverSays("fused-dlogits", perLabel, /magnitude of logits is (above|below)/);
    const bySize = ({ logits, dnorm_logits, dlogit_maxes }: Record<string, Tensor>): Tensor =>
      oneHot(logits!.each(Math.abs).max(1).indices, logits!.size(1)).mul(dlogit_maxes!).add(dnorm_logits!);
    neverSays("dlogits", bySize as never, /does not depend on logits/);
  });

  it("names no tensor as the one whose sum cancels if the correct answer does not contain it", () => {
    const centered = ({ dbndiff }: { dbndiff: Tensor }): Tensor =>
      dbndiff.sub(dbndiff.mean(0, keepdim)).sum(0, keepdim).neg();
    neverSays("dbnmeani", centered, /bndiff sums to zero/);
    expect(say("dbnmeani", centered)).toMatch(/^every value is zero except for rounding: the terms of a sum cancel/);
  });
});

describe("the statement about an answer that is almost right", () => {
  it("claims no change that gives almost the correct answer as well", () => {
    const withoutEpsilon = ({ res, raw2, draw2, dout }: Given): Tensor => {
      const inverse = res!.sub(res!.mean(2, keepdim)).pow(2).mean(2, keepdim).pow(-0.5);
      const along = raw2!.mul(draw2!.mul(raw2!).mean(2, keepdim));
      return dout!.add(draw2!.sub(draw2!.mean(2, keepdim)).sub(along).mul(inverse));
    };
    expect(say("block-dres", withoutEpsilon as never)).toMatch(/every value is close/);
  });
});
