import { describe, expect, it } from "vitest";
import { dojo, functionSteps, parts, steps } from "../../grader/course/steps.ts";
import { makeStub, stepComment } from "../../grader/kit/stub.ts";
import { stepOf } from "../trees.ts";
import { findSteps } from "../../grader/kit/course.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { makemore } from "../../grader/course/makemore/network.ts";
import { gradedTensorsOf } from "../../grader/network/network.ts";

const given = (id: string): string[] => [...(stepOf(id) as FunctionStep).given].sort();

describe("the course", () => {
  it("has a unique name for each step, and numbers each part from 1", () => {
    expect(new Set(steps.map(({ id }) => id)).size).toBe(steps.length);
    expect(new Set(steps.map(({ file }) => file)).size).toBe(steps.length);
    for (const [part, folder] of Object.entries(parts)) {
      const here = steps.filter((step) => step.part === Number(part));
      expect(here.map(({ number }) => number)).toEqual(here.map((_, i) => i + 1));
      for (const { file } of here) expect(file.startsWith(`${folder}/`)).toBe(true);
    }
  });

  it("asks in part 1 for the gradient of each of the model's tensors, after those of all lines that use it", () => {
    const tensors = functionSteps.filter(({ part }) => part === 1).map(({ tensor }) => tensor);
    expect(tensors).toEqual(gradedTensorsOf(makemore));
  });

  it("names files, functions and labels as the design says", () => {
    expect(stepOf("dcounts")).toMatchObject({ file: "1-step-by-step/05-dcounts.ts", export: "dcounts", number: 5 });
    expect(stepOf("fused-dlogits")).toMatchObject({ file: "2-fused-cross-entropy/dlogits.ts", export: "dlogits" });
    expect(stepOf("fused-dhprebn")).toMatchObject({ file: "3-fused-batchnorm/dhprebn.ts", export: "dhprebn" });
    expect(stepOf("train")).toMatchObject({ file: "4-training-loop/train.ts", export: "trainStep" });
    expect(stepOf("dy")).toMatchObject({ file: "0-warm-ups/03-dy.ts", export: "dy", number: 3 });
    expect(stepOf("uses")).toMatchObject({ file: "5-trap-lab/04-uses.ts", export: "uses", number: 4 });
    const labels = ["dy", "dcounts", "fused-dlogits", "train", "uses"].map((id) => stepOf(id).label);
    expect(labels).toEqual(["0.3", "5", "2.1", "4.1", "5.4"]);
  });

  it("gives a step its tensor and, for each line that uses it, the other inputs, the output and its gradient", () => {
    expect(given("dcounts")).toEqual(["counts", "counts_sum", "counts_sum_inv", "dcounts_sum", "dprobs", "probs"]);
    expect(given("dlogprobs")).toEqual(["Yb", "logprobs", "loss"]);
    expect(given("dlogits")).toContain("Yb");
    expect(given("dC")).toEqual(["C", "Xb", "demb", "emb"]);
    expect(given("fused-dlogits")).toEqual(["Yb", "logits"]);
  });
});

describe("a word on the command line", () => {
  const found = (word: string): string[] => findSteps(dojo, word).map(({ id }) => id);
  const idsOf = (part: number): string[] => steps.filter((step) => step.part === part).map(({ id }) => id);

  it("can be a name, a number, a part or a path", () => {
    expect(found("dcounts")).toEqual(["dcounts"]);
    expect(found("5")).toEqual(["dcounts"]);
    expect(found("0.3")).toEqual(["dy"]);
    expect(found("2.1")).toEqual(["fused-dlogits"]);
    expect(found("5.1")).toEqual(["gap"]);
    expect(found("5-trap-lab")).toEqual(idsOf(5));
    expect(found("0-warm-ups")).toEqual(idsOf(0));
    expect(found("03-dy")).toEqual(["dy"]);
    expect(found("1-step-by-step")).toEqual(idsOf(1));
    expect(found("exercises/1-step-by-step/05-dcounts.ts")).toEqual(["dcounts"]);
    expect(found("./exercises/3-fused-batchnorm/")).toEqual(["fused-dhprebn"]);
    expect(found("exercises\\1-step-by-step\\05-dcounts.ts")).toEqual(["dcounts"]);
    expect(found("/somewhere/else/4-training-loop/train.ts")).toEqual(["train"]);
  });

  it("can be a range of steps or parts, also from one part to another", () => {
    expect(found("1-8")).toEqual(idsOf(1).slice(0, 8));
    expect(found("0.1-0.5")).toEqual(idsOf(0).slice(0, 5));
    expect(found("26-2.1")).toEqual(["dC", "fused-dlogits"]);
    expect(found("5-5")).toEqual(["dcounts"]);
    expect(found("part2-Part4")).toEqual(["fused-dlogits", "fused-dhprebn", "train"]);
    expect(found("part3-5.1")).toEqual(["fused-dhprebn", "train", "gap"]);
  });

  it("can be nothing else", () => {
    for (const word of ["dcount", "0", "27", "5.8", "", "counts.ts", "8-1", "1-27", "0-3", "1-", "-8", "1--8", "1-2-3"])
      expect(found(word)).toEqual([]);
  });
});

describe("a stub", () => {
  const step = stepOf("dlogprobs");

  it("is the solution with the marked body replaced", () => {
    const solution = "before\n  // solution\n  return 1;\n  // end of solution\nafter\n";
    expect(makeStub(solution, step)).toBe(`before\n  throw todo("${step.id}");\nafter\n`);
  });

  it("is refused if the markers are missing or do not pair", () => {
    for (const text of ["", "// solution", "// end of solution", "// solution\n// solution\n// end of solution"]) {
      expect(() => makeStub(text, step)).toThrow(step.file);
    }
  });

  it("says the forward lines, what is given with shapes, and what to return", () => {
    const comment = stepComment(stepOf("dbnvar_inv") as FunctionStep);
    expect(comment).toContain("*   bnraw = bndiff * bnvar_inv");
    expect(comment).toContain("*   bnvar_inv [1, hidden]\n *   bndiff, bnraw, dbnraw [n, hidden]");
    expect(comment).toContain("* Return: dbnvar_inv [1, hidden]");
  });

  it("shows lines that are not computed before those that are", () => {
    const comment = stepComment(stepOf("forgotten") as FunctionStep);
    expect(comment).toMatch(/bnmeani = .*\n \* {3}bndiff = hprebn - bnmeani\n \* {3}forgotten = dhprebn - dbndiff/);
  });
});
