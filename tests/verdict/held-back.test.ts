import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeBatches, makeCase } from "../../grader/course/cases.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { Generator } from "../../grader/model/random.ts";
import { sameShape } from "../../grader/tensor/shape.ts";
import { difference } from "../../grader/verdict/compare.ts";
import { answerOf, diagnose, type Symptom } from "../../grader/verdict/diagnose.ts";
import { heldBack } from "./held-back.ts";

/** The symptoms of an entry, for one seed. */
function symptomsOf({ step: id, answer }: (typeof heldBack)[number], seed: number): Symptom[] {
  const step = functionSteps.find((step) => step.id === id)!;
  const mistake = { id: "", idea: "", sentence: "", answer: answer as never };
  return makeBatches(seed * 16).map((batch) => {
    const asked = makeCase(step, batch, new Generator(seed));
    const copies = Object.entries(asked.given).map(([name, value]) => [name, value.clone()]);
    return { case: asked, answer: answerOf(mistake, Object.fromEntries(copies)) };
  });
}

const isWrong = ({ case: { truth }, answer }: Symptom): boolean =>
  !("shape" in answer) || !sameShape(answer.shape, truth.shape) || difference(answer, truth) !== undefined;

describe("wrong answers that were written without sight of the catalogue", () => {
  it("are rejected, every one, for every seed", () => {
    for (const entry of heldBack) {
      for (let seed = 0; seed < 10; seed++) expect(symptomsOf(entry, seed).some(isWrong)).toBe(true);
    }
  });

  // each line was read: what is said of a mistake is true of it, or nothing is said
  it("get the statements that were found true, or none", () => {
    const lines = heldBack.map((entry) => {
      const step = functionSteps.find((step) => step.id === entry.step)!;
      return `${entry.step}: ${entry.what}\n    ${diagnose(step, symptomsOf(entry, 1))?.sentence ?? "-"}`;
    });
    expect(`${lines.join("\n")}\n`).toBe(readFileSync(path.join(import.meta.dirname, "held-back.txt"), "utf8"));
  });
});
