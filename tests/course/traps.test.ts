import { describe, expect, it } from "vitest";
import { keepdim, onesLike, tensor, zerosLike, type Tensor } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { Variable } from "../../grader/autograd/tape.ts";
import { caseFromBatch, caseWith, exampleCase, makeBatches, makeCase, type Case } from "../../grader/kit/case.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { differentiateLines, differentiateLoss, evaluate } from "../../grader/network/backward.ts";
import type { Named } from "../../grader/network/named.ts";
import { lines } from "../../grader/course/makemore/lines.ts";
import { lectureSizes, parameterNames } from "../../grader/course/makemore/parameters.ts";
import { Generator } from "../../grader/network/random.ts";
import { readTorch } from "../../grader/runner/data.ts";
import { difference } from "../../grader/verdict/compare.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";
import { float32Reference, truthOf } from "../../grader/kit/truth.ts";
import { makeBatch } from "../../grader/course/makemore/batches.ts";
import { drawSizes } from "../../grader/course/makemore/sizes.ts";
import { type FunctionStep, tensorOf, upstreamsOf } from "../../grader/kit/step.ts";
import type { Line } from "../../grader/network/line.ts";
import { makemore } from "../../grader/course/makemore/network.ts";
import { gradedTensorsOf } from "../../grader/network/network.ts";

const traps = functionSteps.filter(({ part }) => part === 5);
const trap = (id: string): FunctionStep => traps.find((step) => step.id === id)!;
const lineOf = (output: string): Line => (lines as readonly Line[]).find((line) => line.output === output)!;

function casesOf(id: string, seeds = 10): Case[] {
  return Array.from({ length: seeds }, (_, seed) =>
    makeBatches(makemore, 16 * seed).map((made) => makeCase(trap(id), made, new Generator(seed))),
  ).flat();
}

/** Expects two float64 quantities to agree except in the last digits of the larger numbers they are computed from. */
function expectClose(a: Measured, b: Measured, among: Measured = b): void {
  expect(a.shape).toEqual(b.shape);
  for (const [i, x] of a.value.entries())
    expect(Math.abs(x - b.value[i]!)).toBeLessThan(1e-9 * (1 + among.magnitude[i]!));
}

describe("the traps", () => {
  it("ask for values of the model's tensors, or of names that are not part of it", () => {
    const model = (lines as readonly Line[]).flatMap(({ output, inputs }) => [output, ...inputs]);
    for (const step of traps) {
      expect(step.asks).toBe("value");
      expect(step.chain).toBeUndefined();
      expect(model).not.toContain(step.tensor);
      for (const name of step.given) {
        expect(model.includes(step.roles[name] === "upstream" ? tensorOf(name) : name), name).toBe(
          step.example === undefined,
        );
      }
    }
  });

  it("use no name of one of the model's gradients", () => {
    const gradients = gradedTensorsOf(makemore).map((name) => `d${name}`);
    for (const { tensor } of traps) expect(gradients).not.toContain(tensor);
    const upstream = traps.flatMap(upstreamsOf);
    expect(upstream).toEqual(["dhpreact", "dbndiff"]);
    for (const name of upstream) expect(gradients).toContain(name);
  });

  it("have a correct float32 reference, on the lecture's batch or the lesson's numbers", () => {
    const { tensors } = readTorch("lecture");
    const batch = { Xb: tensors["Xb"]!, Yb: tensors["Yb"]! };
    const parameters = Object.fromEntries(parameterNames.map((name) => [name, tensors[name]!]));
    const { values, gradients } = differentiateLoss<Tensor>(makemore, parameters, batch);
    const { block, embd, hidden } = lectureSizes;
    const sizes = { n: 32, block, embd, hidden, vocab: 27 };
    for (const step of traps) {
      const asked = step.example ? exampleCase(step) : caseFromBatch(step, sizes, batch, values, gradients);
      expect(difference(float32Reference(step, asked.given), asked.truth)).toBeUndefined();
    }
  });

  it("have finite answers in every batch, including batches of two contexts", () => {
    const pair = { sharpness: 1, lift: 0, sizes: (generator: Generator) => drawSizes(generator, 2) };
    // seeds whose first draw is the same context twice, so that no neuron varies
    for (const seed of [109, 5490, 7181, 12173, 13783, 14412]) {
      const made = makeBatch(new Generator(seed), pair);
      const { truth } = makeCase(trap("rescaled"), made, new Generator(seed));
      expect(truth.value.every((x) => Number.isFinite(x))).toBe(true);
    }
    for (const { id } of traps) {
      for (const { truth } of casesOf(id)) expect(truth.value.every((x) => Number.isFinite(x))).toBe(true);
    }
  });
});

describe("the gap", () => {
  const dbngain = stepOf("dbngain") as FunctionStep;

  it("is the gradient of the gain computed with hpreact instead of bnraw, minus the correct one", () => {
    for (const { given, truth } of casesOf("gap")) {
      const hpreact = given["bngain"]!.mul(given["bnraw"]!).add(given["bnbias"]!);
      const all = { ...given, hpreact };
      const wrong = truthOf(dbngain, { ...all, bnraw: hpreact });
      const right = truthOf(dbngain, all);
      // hpreact is rounded to float32 here
      const gap = wrong.sub(right);
      for (const [i, x] of truth.value.entries()) {
        expect(Math.abs(x - gap.value[i]!)).toBeLessThan(1e-6 * (1 + gap.magnitude[i]!));
      }
    }
  });

  it("is zero if gains are one and biases zero, and only then", () => {
    for (const asked of casesOf("gap", 3)) {
      const { bngain, bnbias } = asked.given as Record<string, Tensor>;
      const fresh = caseWith(asked, { bngain: onesLike(bngain!), bnbias: zerosLike(bnbias!) });
      expect(fresh.truth.value.every((x) => x === 0)).toBe(true);
      expect(asked.truth.value.every((x) => x !== 0)).toBe(true);
    }
  });
});

describe("the limited gradient", () => {
  it("is the slope of a loss that continues in a straight line beyond the limits of the error", () => {
    const huber = (e: number): number => (Math.abs(e) < 1 ? 0.5 * e * e : Math.abs(e) - 0.5);
    const h = 1e-5;
    for (const { given, truth } of casesOf("dpredicted", 3)) {
      const [predicted, target] = [given["predicted"]!, given["target"]!].map((x) => x.toArray());
      for (const [i, slope] of truth.value.entries()) {
        const error = predicted![i]! - target![i]!;
        expect((huber(error + h) - huber(error - h)) / (2 * h)).toBeCloseTo(slope, 8);
      }
    }
  });

  it("is graded with outliers on both sides, small errors on both sides, and no error at a limit", () => {
    for (const { given } of casesOf("dpredicted", 40)) {
      const errors = [...given["predicted"]!.sub(given["target"]!).toArray()];
      for (const error of errors) expect(Math.abs(Math.abs(error) - 1)).toBeGreaterThan(1e-3);
      for (const side of [-1, 1]) {
        expect(errors.some((error) => error * side > 1)).toBe(true);
        expect(errors.some((error) => error * side > 0 && error * side < 1)).toBe(true);
      }
      expect(Math.max(...errors.map(Math.abs))).toBeGreaterThan(2);
    }
  });
});

describe("the forgotten branch", () => {
  it("is what the tape passes back through the mean", () => {
    for (const { given, truth } of casesOf("forgotten")) {
      const dbndiff = Measured.from(given["dbndiff"]!);
      const hprebn = Measured.from(zerosLike(given["dbndiff"]!));
      const bnmeani = evaluate<Measured>(lineOf("bnmeani"), { hprebn });
      const back = differentiateLines(
        [lineOf("bnmeani"), lineOf("bndiff")],
        { hprebn, bnmeani },
        {},
        {
          bndiff: dbndiff,
        },
      );
      expectClose(truth, back["hprebn"]!.sub(dbndiff));
    }
  });
});

describe("the uses of a character", () => {
  it("are what its row of dC sums up to if every contribution is one", () => {
    for (const { given, truth } of casesOf("uses")) {
      const batch = { Xb: given["Xb"]! };
      const C = Measured.from(given["C"]!);
      const emb = evaluate<Measured>(lineOf("emb"), { C, ...batch });
      const ones = new Measured(
        emb.shape,
        emb.value.map(() => 1),
      );
      const back = differentiateLines([lineOf("emb")], { C }, batch, { emb: ones });
      expectClose(
        truth,
        new Measured(
          truth.shape,
          back["C"]!.sum(1, keepdim).value.map((x) => x / C.shape[1]!),
        ),
      );
      expect(truth.value.some((count) => count > 1)).toBe(true);
      expect(truth.value.reduce((sum, count) => sum + count)).toBe(batch.Xb.numel());
    }
  });

  it("are zero for some character in some batch", () => {
    expect(casesOf("uses", 3).some(({ truth }) => truth.value.includes(0))).toBe(true);
  });
});

describe("the spacing", () => {
  it("leads to a float32 number, with none in between", () => {
    for (const { given, truth } of casesOf("spacing")) {
      const sizes = [...given["x"]!.toArray()].map(Math.abs);
      for (const [i, spacing] of truth.value.entries()) {
        expect(Math.fround(sizes[i]! + spacing) - sizes[i]!).toBe(spacing);
        expect(Math.fround(sizes[i]! + 0.49 * spacing)).toBe(sizes[i]);
        expect(Number.isInteger(Math.log2(spacing))).toBe(true);
      }
    }
  });

  it("is graded with many magnitudes and both signs, at powers of two and directly below one", () => {
    for (const { given } of casesOf("spacing", 20)) {
      const x = [...given["x"]!.toArray()];
      const isPower = (size: number): boolean => Number.isInteger(Math.log2(size));
      expect(x.every((value) => value !== 0)).toBe(true);
      expect(x.some((value) => isPower(Math.abs(value)))).toBe(true);
      expect(x.some((value) => isPower(Math.abs(value) / (1 - 2 ** -24)))).toBe(true);
      expect(x.some((value) => value < 0) && x.some((value) => value > 0)).toBe(true);
    }
    const sizes = casesOf("spacing", 20).flatMap(({ given }) => [...given["x"]!.toArray()].map(Math.abs));
    expect(Math.min(...sizes)).toBeLessThan(2 ** -19);
    expect(Math.max(...sizes)).toBeGreaterThan(2 ** 19);
  });
});

describe("the ratio", () => {
  it("is that of bnraw with one variance to bnraw with the other, at every position", () => {
    for (const { given, truth } of casesOf("ratio")) {
      const values: Named<Measured> = { hprebn: Measured.from(given["hprebn"]!) };
      for (const output of ["bnmeani", "bndiff", "bndiff2", "bnvar", "bnvar_inv", "bnraw"])
        values[output] = evaluate<Measured>(lineOf(output), values);
      const n = given["hprebn"]!.size(0);
      const biased: Named<Measured> = { ...values, bnvar: values["bnvar"]!.mul((n - 1) / n) };
      biased["bnvar_inv"] = evaluate<Measured>(lineOf("bnvar_inv"), biased);
      expectClose(truth.mul(evaluate<Measured>(lineOf("bnraw"), biased)), values["bnraw"]!);
    }
  });
});

describe("the rescaled weights", () => {
  it("give every neuron a standard deviation of one", () => {
    for (const { given, truth } of casesOf("rescaled")) {
      const values: Named<Measured> = { hprebn: Measured.from(given["embcat"]!).matmul(truth) };
      for (const output of ["bnmeani", "bndiff", "bndiff2", "bnvar"])
        values[output] = evaluate<Measured>(lineOf(output), values);
      for (const variance of values["bnvar"]!.value) expect(variance).toBeCloseTo(1, 6);
    }
  });
});

describe("an elementwise function", () => {
  const x = new Measured([3], Float64Array.of(0.5, -3, 2), Float64Array.of(4, 5, 6));

  it("keeps the magnitude of elements that it leaves unchanged, and treats the others as given", () => {
    const clamped = x.each((value) => Math.max(value, 0));
    expect([...clamped.value]).toEqual([0.5, 0, 2]);
    expect([...clamped.magnitude]).toEqual([4, 0, 6]);
    expect([...tensor([0.5, -3]).each(Math.abs).toArray()]).toEqual([0.5, 3]);
    expect(x.newTensor(tensor([7])).value[0]).toBe(7);
  });

  it("is refused in a backward pass, with a message that says so", () => {
    const variable = new Variable(x);
    expect(() => variable.each()).toThrow("each: no gradient flows back");
  });
});

describe("a report on a trap", () => {
  const grade = async (id: string, body: string) => (await gradeFiles({ [id]: exercise(id, body) }))[id]!;

  it("shows the lecture's batch, is in no chain, and needs no earlier step", async () => {
    const answer = "return given.dbndiff.mean(0, keepdim).neg().expand(given.dbndiff.shape);";
    const right = await grade("forgotten", answer);
    expect(right).toMatchObject({ verdict: "exact", inChain: null });
    expect(right.tensors).toMatchObject([{ name: "forgotten", shape: [32, 64], exact: true }]);
    expect(right).not.toHaveProperty("gradient");
  });

  it("names the trap itself, and other mistakes", async () => {
    const error = "given.predicted.sub(given.target)";
    const trapped = await grade(
      "dpredicted",
      `return ${error}.clamp(-1, 1).mul(tensor(${error}.toArray().map((e: number) => Math.abs(e) < 1 ? 1 : 0), given.target.shape));`,
    );
    expect(trapped).toMatchObject({ verdict: "wrong", mistake: { id: "silenced" } });
    const relative = await grade("spacing", "return given.x.mul(2 ** -23);");
    expect(relative).toMatchObject({ verdict: "wrong", mistake: { id: "relative-signed" } });
    const logarithm = "2 ** (Math.floor(Math.log2(x)) - 23)";
    const negative = await grade(
      "spacing",
      `return tensor(given.x.toArray().map((x: number) => ${logarithm}), given.x.shape);`,
    );
    expect(negative).toMatchObject({ verdict: "not-finite", mistake: { id: "not-absolute" } });
    const alone = await grade(
      "ratio",
      "return onesLike(given.hprebn.sum(0, keepdim)).mul(Math.sqrt((given.hprebn.size(0) - 1) / given.hprebn.size(0)));",
    );
    expect(alone).toMatchObject({ verdict: "wrong", mistake: { id: "epsilon-forgotten" } });
    expect(alone.message).toMatch(/with random numbers and n = \d+, hidden = \d+/);
    const across = await grade(
      "rescaled",
      "return given.W1.div(given.embcat.matmul(given.W1).var(1, keepdim).sqrt());",
    );
    expect(across).toMatchObject({ verdict: "threw", mistake: { id: "across" } });
    const zero = await grade("gap", "return zerosLike(given.bngain);");
    expect(zero).toMatchObject({ verdict: "wrong", mistake: { id: "zero" } });
  });
});
