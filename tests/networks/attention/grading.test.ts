import { describe, expect, expectTypeOf, it } from "vitest";
import { gradeSteps } from "../../../grader/grading/grade.ts";
import { makeBatches } from "../../../grader/kit/case.ts";
import { makeStub, stepComment } from "../../../grader/kit/stub.ts";
import type { FunctionStep } from "../../../grader/kit/step.ts";
import type { StepResult } from "../../../grader/verdict/result.ts";
import { inProcessHost } from "../../grading/in-process-host.ts";
import { QUIET } from "./batches.ts";
import { attention } from "./network.ts";
import { fileWith, solutions } from "./solutions.ts";
import { courseOf } from "../course-of.ts";
import { batchOf, steps, type GivenNames } from "./steps.ts";

const course = courseOf(steps, batchOf(1));
const stepOf = (id: string): FunctionStep => steps.find((step) => step.id === id)!;

/** Grades the solutions with some steps' expressions replaced; each result by id. */
async function grade(
  others: Readonly<Record<string, string>> = {},
  asked: readonly FunctionStep[] = steps,
): Promise<Record<string, StepResult>> {
  const files = steps.map((step) => [step.file, fileWith(step, others[step.id] ?? solutions[step.id]!)]);
  const results = await gradeSteps(inProcessHost(Object.fromEntries(files)), course, asked);
  return Object.fromEntries(results.map((result) => [result.id, result]));
}

/** What a result says of the mistake. */
const said = ({ mistake }: StepResult): string => `${mistake?.id}: ${mistake?.sentence}`;

it("29 steps are derived from the lines, from the loss back to C", () => {
  expect(new Set(steps.map(({ id }) => id))).toEqual(new Set(Object.keys(solutions)));
  expect([steps.length, steps[0]!.id, steps.at(-1)!.id]).toEqual([29, "dlogprobs", "dC"]);
});

it("what each step is given is known to the type checker, letter for letter", () => {
  expectTypeOf<GivenNames<"scores">>().toEqualTypeOf<"scores" | "later" | "masked" | "dmasked">();
  expectTypeOf<GivenNames<"logprobs">>().toEqualTypeOf<"logprobs" | "Yb" | "loss">();
});

it("a step's comment and stub are made from the lines", async () => {
  const step = stepOf("dx");
  expect(stepComment(step)).toBe(`/**
 * 26. dx
 *
 * Forward:
 *   lnmean = x.mean(-1, keepdim)
 *   lndiff = x - lnmean
 *   out = x + mixed @ Wo
 *
 * Given:
 *   x, lndiff, dlndiff, out, dout [batch, time, embd]
 *   lnmean, dlnmean [batch, time, 1]
 *   mixed [batch, time, head]
 *   Wo [head, embd]
 *
 * Return: dx [batch, time, embd]
 */`);
  const stub = makeStub(fileWith(step, solutions["dx"]!), step);
  expect(stub).toContain('throw todo("dx");');
  const [result] = await gradeSteps(inProcessHost({ [step.file]: stub }), course, [step]);
  expect(result!.verdict).toBe("not-started");
});

describe("a tree of this network is graded by the same engine", () => {
  it("the backward pass by hand is right, step by step and in the chain", async () => {
    const results = await grade();
    for (const step of steps) {
      const { passed, inChain, message } = results[step.id]!;
      expect({ id: step.id, passed, message }).toMatchObject({ id: step.id, passed: true });
      expect(["exact", "rounding"], step.id).toContain(inChain!.verdict);
    }
  });

  it("each flipped sign is told", async () => {
    const flipped = Object.fromEntries(Object.entries(solutions).map(([id, code]) => [id, `(${code}).neg()`]));
    const results = await grade(flipped);
    for (const { id } of steps) {
      expect(results[id]!.verdict, id).toBe("wrong");
      expect(said(results[id]!), id).toMatch(/sign/);
      expect(said(results[id]!), id).not.toMatch(/transposed/);
    }
  });

  const branches: [id: string, expression: string, found: string][] = [
    ["dx", "dlndiff.add(dout)", "lnmean:missing"],
    ["dx", "dout.clone()", "lnmean:missing+the-branch-through-lndiff:missing"],
    ["dx", "dlnmean.div(x.size(-1)).expand(x.shape).add(dlndiff)", "out:missing"],
    ["dx", "dlnmean.expand(x.shape).add(dlndiff).add(dout)", "lnmean:times-embd"],
    ["dln", "dquery.matmul(Wq.T).add(dkey.matmul(Wk.T))", "value:missing"],
    ["dln", "dvalue.matmul(Wv.T)", "query:missing+the-branch-through-key:missing"],
    ["dlndiff", "dlnraw.mul(lnvar_inv)", "lnvar:missing"],
    ["dlndiff", "lndiff.mul(2 / lndiff.size(-1)).mul(dlnvar)", "lnraw:missing"],
  ];
  it.each(branches)("%s = %s: the wrong branch is named", async (id, expression, found) => {
    const { verdict, mistake } = (await grade({ [id]: expression }, [stepOf(id)]))[id]!;
    expect(verdict).toBe("wrong");
    expect(mistake!.id).toBe(`the-branch-through-${found}`);
  });

  const perRow = "zerosLike(logprobs).scatterAdd(2, Yb.view(...Yb.shape, 1), ones(...Yb.shape, 1).neg())";
  const others: [id: string, expression: string, named: RegExp][] = [
    ["dlogprobs", perRow, /\(batch \* time\) times/],
    ["dquery", "dscores.matmul(key)", /sqrt\(head\) times/],
    ["dbl", "dlogits.mean([0, 1])", /1 \/ \(batch \* time\) times/],
    ["dbl", "dlogits.sum(0)", /summed over the positions/],
    ["dlnmean", "dlndiff.sum(-1).neg()", /keepdim keeps it/],
    ["dWq", "rows(dquery).T.matmul(rows(ln))", /transposed/],
    [
      "dlnvar",
      "lnvar.add(1e-5).pow(-0.5).mul(-0.5).mul(dlnvar_inv)",
      /^exponent: the exponent is that of the forward line/,
    ],
    ["dmasked", "weights.mul(dweights)", /weights times dweights/],
    [
      "dkey",
      "dscores.matmul(query).mul(query.size(2) ** -0.5)",
      /product of dscores and query, dscores should be transp/,
    ],
    ["dvalue", "weights.matmul(dmixed)", /product of weights and dmixed, weights should be transposed: its last two/],
    ["dquery", "dscores.transpose(1, 2).matmul(key).mul(key.size(2) ** -0.5)", /, dscores should not be transposed/],
    ["dweights", "dmixed.matmul(value)", /are equal; in that case, .*value should be transposed: its last two/],
    ["dkey", "dscores.matmul(query)", /the matrix product of dscores and query$/],
  ];
  it.each(others)("%s = %s: what is wrong is told in the network's own words", async (id, expression, named) => {
    const result = (await grade({ [id]: expression }, [stepOf(id)]))[id]!;
    expect(result.passed).toBe(false);
    expect(said(result)).toMatch(named);
  });

  const notTransposes: [id: string, expression: string][] = [
    ["dkey", "dscores.matmul(key)"],
    ["dkey", "dscores.transpose(1, 2).matmul(key)"],
    ["dkey", "dscores.matmul(query).abs()"],
    ["dvalue", "weights.matmul(dmixed).add(1)"],
    ["dvalue", "weights.transpose(1, 2).matmul(dmixed).mul(dmixed)"],
    ["dWo", "rows(mixed).T.matmul(rows(x))"],
    ["dout", "dlogits.matmul(Wl.T).mul(2)"],
  ];
  it.each(notTransposes)("%s = %s: no transpose is named, since none would repair it", async (id, expression) => {
    const result = (await grade({ [id]: expression }, [stepOf(id)]))[id]!;
    expect(result.passed).toBe(false);
    expect(result.mistake?.id ?? "").not.toMatch(/transposed/);
  });

  it("the chain says where it first broke, and later steps stay right by themselves", async () => {
    const results = await grade({ dscores: "dmasked.mul(2)" }, ["dscores", "dkey", "dvalue", "dC"].map(stepOf));
    expect(results["dscores"]!.passed).toBe(false);
    expect(results["dkey"]!.passed).toBe(true);
    expect(results["dkey"]!.inChain).toMatchObject({ verdict: "wrong", brokenAt: "dscores" });
    expect(results["dC"]!.inChain).toMatchObject({ verdict: "wrong", brokenAt: "dscores" });
    // weights @ value: what comes back to value does not go through the scores
    expect(["exact", "rounding"]).toContain(results["dvalue"]!.inChain!.verdict);
  });
});

it("each hostile batch has a position of tiny variance, and characters that repeat and that do not occur", () => {
  for (let seed = 0; seed < 20; seed++) {
    const batches = makeBatches(attention, seed);
    expect(batches.at(-1)!.sizes["batch"]).toBe(2);
    for (const { sizes, indices, value, marks } of batches) {
      const { batch, time } = marks![QUIET]!;
      const variance = value("lnvar").get(batch!, time!, 0);
      expect(variance).toBeGreaterThan(1e-8);
      expect(variance).toBeLessThan(1e-5);
      const characters = [...indices["Xb"]!.toArray()];
      expect(new Set(characters).size).toBeLessThan(characters.length);
      expect(new Set(characters).size).toBeLessThan(sizes["vocab"]!);
      expect(Math.min(...value("probs").toArray())).toBeGreaterThan(0);
    }
  }
});
