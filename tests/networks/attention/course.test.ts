import { readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { Tensor } from "#tensor";
import { lectureBatch } from "../../../grader/grading/lecture.ts";
import { gradeSteps } from "../../../grader/grading/grade.ts";
import { makeBatches, makeCase } from "../../../grader/kit/case.ts";
import { makeStub, stepComment } from "../../../grader/kit/stub.ts";
import type { FunctionStep } from "../../../grader/kit/step.ts";
import { Generator } from "../../../grader/network/random.ts";
import { readSafetensors } from "../../../grader/network/safetensors.ts";
import { shapeIn } from "../../../grader/network/shape.ts";
import type { StepResult } from "../../../grader/verdict/result.ts";
import { inProcessHost } from "../../grading/in-process-host.ts";
import { attention } from "./network.ts";
import { solutions } from "./solutions.ts";
import { reference, steps, type Given } from "./steps.ts";

const stepOf = (tensor: string): FunctionStep => steps.find((step) => step.tensor === tensor)!;

/** A step's file: its comment, and its function with a marked body. */
function fileOf(step: FunctionStep, body: string): string {
  return [
    'import { todo } from "#course";',
    'import { keepdim, oneHot, zerosLike, type Tensor } from "#tensor";',
    "",
    stepComment(step),
    `export function ${step.export}({ ${step.given.join(", ")} }: Record<string, Tensor>): Tensor {`,
    "  // solution",
    `  ${body}`,
    "  // end of solution",
    "}",
    "",
  ].join("\n");
}

/** Grades the whole tree, with some bodies other than the solutions'. */
async function grade(others: Readonly<Record<string, string>> = {}): Promise<Map<string, StepResult>> {
  const files = Object.fromEntries(
    steps.map((step) => [step.file, fileOf(step, others[step.tensor] ?? solutions[step.tensor]!)]),
  );
  const { tensors } = readSafetensors(readFileSync(new URL(`${reference.file}.safetensors`, import.meta.url)));
  const course = {
    identity: "attention",
    steps,
    lecture: () => lectureBatch(reference, tensors, "ours"),
    training: () => {
      throw new Error("nothing is trained here");
    },
  };
  const results = await gradeSteps(inProcessHost(files), course, steps);
  return new Map(results.map((result) => [steps.find(({ id }) => id === result.id)!.tensor, result]));
}

describe("a second network, which no file of the engine knows", () => {
  it("gives a step for each tensor, in backward order, each with the shapes and roles of what it is given", () => {
    expect(steps.map(({ tensor }) => tensor)).toEqual(Object.keys(solutions));
    const { given, roles, shapes } = stepOf("scores");
    expect(given).toEqual(["scores", "later", "masked", "dmasked"]);
    expect(roles).toEqual({ scores: "value", later: "index", masked: "value", dmasked: "upstream" });
    expect(shapes["dmasked"]).toEqual(["batch", "time", "time"]);
    expectTypeOf<keyof Given<"scores">>().toEqualTypeOf<"scores" | "later" | "masked" | "dmasked">();
    expectTypeOf<Given<"logprobs">>().toEqualTypeOf<{ readonly [N in "logprobs" | "Yb" | "loss"]: Tensor }>();
  });

  it("gives stubs, with the forward lines and the shapes in the comment above", () => {
    const step = stepOf("ln");
    const stub = makeStub(fileOf(step, solutions["ln"]!), step);
    expect(stub).toContain(" *   query = ln @ Wq\n *   key = ln @ Wk\n *   value = ln @ Wv\n");
    expect(stub).toContain(" *   ln [batch, time, embd]\n");
    expect(stub).toContain('throw todo("dln");');
    expect(stub).not.toContain("return dquery");
  });

  it("gives random cases of the shapes that the table says, with a truth for each", () => {
    for (const batch of makeBatches(attention, 3)) {
      for (const step of steps) {
        const { given, sizes, truth } = makeCase(step, batch, new Generator(1));
        for (const [name, value] of Object.entries(given)) {
          expect(value.shape, name).toEqual(shapeIn(step.shapes[name]!, sizes));
        }
        expect(truth.shape).toEqual(shapeIn(step.shapes[step.tensor]!, sizes));
        expect(
          truth.value.every((x) => Number.isFinite(x)),
          step.id,
        ).toBe(true);
      }
    }
  });
});

describe("a tree of its exercises", () => {
  it("passes where all answers are right, alone and in the chain", { timeout: 60_000 }, async () => {
    const found = [...(await grade())].filter(([, { passed, inChain }]) => {
      return !passed || !["exact", "rounding"].includes(inChain!.verdict);
    });
    expect(found.map(([tensor, { message }]) => `${tensor}: ${message}`)).toEqual([]);
  });

  it("has its mistakes named: signs, branches, factors, known ones", { timeout: 120_000 }, async () => {
    const results = await grade({
      key: "return dscores.transpose(1, 2).matmul(query).mul(query.size(2) ** -0.5).neg();",
      ln: "return dquery.matmul(Wq.T).add(dvalue.matmul(Wv.T));",
      x: "return dlnmean.div(x.size(2)).add(dlndiff);",
      lndiff: "return dlnraw.mul(lnvar_inv);",
      P: "return dx.mean(0);",
      lnbias: "return dln.sum(0);",
      lnvar: "return lnvar.add(1e-5).pow(-0.5).mul(-0.5).mul(dlnvar_inv);",
      query: "return dscores.matmul(key);",
    });
    const said = Object.fromEntries(
      [...results].flatMap(([tensor, { mistake }]) => (mistake ? [[tensor, mistake.sentence]] : [])),
    );
    expect(said).toEqual({
      key: "the sign of every value is flipped",
      ln: "the branch through query and the branch through value are right; the branch through key is missing",
      x: "the branch through lnmean and the branch through lndiff are right; the branch through out is missing",
      lndiff: "the branch through lnraw is right; the branch through lnvar is missing",
      P:
        "every value is batch times too small, batch being the number of examples: " +
        "a division by batch is too many, or a multiplication missing",
      lnbias:
        "lnbias has shape [embd], and the answer [time, embd]: " +
        "lnbias was copied, so its gradient should still be summed over the positions",
      lnvar: "the exponent is that of the forward line",
      query: "every value is sqrt(head) times what it should be",
    });
    expect([...results.values()].filter(({ passed }) => !passed).map(({ id }) => id)).toHaveLength(8);
  });

  it("shows where its chain first broke", { timeout: 60_000 }, async () => {
    const results = await grade({ lndiff: "return dlnraw.mul(lnvar_inv);" });
    expect(results.get("lnvar")!.inChain).toEqual({ verdict: expect.stringMatching(/exact|rounding/), brokenAt: null });
    // what was forgotten sums to zero over each row: the mean's gradient has nothing of it
    expect(results.get("lnmean")!.inChain!.brokenAt).toBeNull();
    for (const tensor of ["lndiff", "x", "emb", "C"]) {
      expect(results.get(tensor)!.inChain, tensor).toEqual({ verdict: "wrong", brokenAt: "dlndiff" });
      expect(results.get(tensor)!.passed).toBe(tensor !== "lndiff");
    }
  });
});
