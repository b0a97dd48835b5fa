import { readFileSync } from "node:fs";
import path from "node:path";
import { transform } from "sucrase";
import { describe, expect, it } from "vitest";
import * as course from "#course";
import * as tensors from "#tensor";
import { keepdim, type Tensor } from "#tensor";
import { functionSteps } from "../../grader/course/steps.ts";
import { makeBatches, makeCase, type Case } from "../../grader/kit/case.ts";
import { smallCases } from "../../grader/kit/instance.ts";
import { tokensOf } from "../../grader/grading/idioms/tokens.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { Generator } from "../../grader/network/random.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { sameShape } from "../../grader/tensor/shape.ts";
import { TOLERANCE, worstRatio } from "../../grader/verdict/compare.ts";
import { someSteps } from "../sample.ts";

type Answer = (given: Readonly<Record<string, Tensor>>) => Tensor;

const seeds = [1, 2, 3];

function casesOf(step: FunctionStep, seed: number): Case[] {
  const drawn = makeBatches(step.network, 16 * seed).map((batch) => makeCase(step, batch, new Generator(seed)));
  return [...drawn, ...smallCases(step)];
}

/** How far off an answer is where it shows best, on the scale of the tolerance. */
function farthest(answer: Answer, cases: readonly Case[]): number {
  const ratios = cases.map(({ given, truth }) => {
    try {
      const found = answer(Object.fromEntries(Object.entries(given).map(([name, x]) => [name, x.clone()])));
      return sameShape(found.shape, truth.shape) ? worstRatio(found, truth) : Infinity;
    } catch {
      return Infinity;
    }
  });
  return Math.max(...ratios);
}

/** The function that a step's file exports. */
function functionIn(text: string, step: FunctionStep): Answer {
  const { code } = transform(text, { transforms: ["typescript", "imports"], disableESTransforms: true });
  const exported: Record<string, Answer> = {};
  const modules: Readonly<Record<string, unknown>> = { "#tensor": tensors, "#course": course };
  // oxlint-disable-next-line typescript/no-implied-eval -- the course's own solution, with a number changed
  new Function("require", "exports", code)((name: string) => modules[name], exported);
  return exported[step.export]!;
}

describe("a number in a solution that is 1.2 times too large or too small", () => {
  const tried = someSteps(functionSteps, 4);
  const changed = tried.flatMap((step) => {
    const text = readFileSync(path.join(solutionsFolder, step.file), "utf8");
    return tokensOf(text)
      .filter((token) => token.kind === "number" && Number(token.text) !== 0)
      .flatMap((token) =>
        [1.2, 1 / 1.2].map((factor) => {
          const other = `${text.slice(0, token.from)}(${Number(token.text) * factor})${text.slice(token.to)}`;
          return { step, what: `${step.id}: ${token.text} in line ${token.line}, times ${factor.toFixed(2)}`, other };
        }),
      );
  });

  it("is noticed, whichever number it is and whatever the seed", () => {
    expect(changed.length).toBeGreaterThan(80);
    const missed = changed.filter(({ step, other }) => {
      const answer = functionIn(other, step);
      return seeds.some((seed) => farthest(answer, casesOf(step, seed)) < 10 * TOLERANCE);
    });
    expect(missed.map(({ what }) => what)).toEqual([]);
  });

  it("would be right without the factor", () => {
    for (const step of tried) {
      const answer = functionIn(readFileSync(path.join(solutionsFolder, step.file), "utf8"), step);
      expect(farthest(answer, casesOf(step, 1)), step.id).toBeLessThan(TOLERANCE / 2);
    }
  });
});

describe("an epsilon of batchnorm that is 5 % too large or too small", () => {
  const EPSILON = 1e-5;
  type Batchnorm = Record<"bngain" | "bnvar_inv" | "bnraw" | "dhpreact", Tensor>;
  const alongBnraw = ({ bnraw, dhpreact }: Batchnorm): Tensor => bnraw.mul(dhpreact.mul(bnraw).sum(0, keepdim));
  const centered = ({ dhpreact }: Batchnorm): Tensor => dhpreact.sub(dhpreact.mean(0, keepdim));
  const written: [what: string, id: string, answer: (given: never, epsilon: number) => Tensor][] = [
    [
      "in dbnvar",
      "dbnvar",
      ({ bnvar, dbnvar_inv }: Record<string, Tensor>, epsilon) =>
        bnvar!.add(epsilon).pow(-1.5).mul(-0.5).mul(dbnvar_inv!),
    ],
    [
      "of a variance that is computed back from bnvar_inv",
      "fused-dhprebn",
      (given: Batchnorm, epsilon) => {
        const inverse = given.bnvar_inv.pow(-2).sub(epsilon).add(EPSILON).pow(-0.5);
        const term = alongBnraw(given).div(given.bnraw.size(0) - 1);
        return given.bngain.mul(inverse).mul(centered(given).sub(term));
      },
    ],
    [
      "in the variance's term alone",
      "fused-dhprebn",
      (given: Batchnorm, epsilon) => {
        const { bngain, bnvar_inv, bnraw } = given;
        const variance = bnvar_inv.pow(-2).sub(EPSILON);
        const weight = variance.add(epsilon).pow(-1.5).div(bnvar_inv.pow(3));
        const term = alongBnraw(given).div(bnraw.size(0) - 1);
        return bngain.mul(bnvar_inv).mul(centered(given).sub(term.mul(weight)));
      },
    ],
  ];

  it.each(written)("is noticed %s", (_, id, answer) => {
    const step = functionSteps.find((one) => one.id === id)!;
    const with_ =
      (epsilon: number): Answer =>
      (given) =>
        answer(given as never, epsilon);
    for (const seed of seeds) {
      const cases = casesOf(step, seed);
      expect(farthest(with_(EPSILON), cases)).toBeLessThan(TOLERANCE / 2);
      for (const factor of [0.95, 1.05]) expect(farthest(with_(factor * EPSILON), cases)).toBeGreaterThan(1000);
    }
  });
});
