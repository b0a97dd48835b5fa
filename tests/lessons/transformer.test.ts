import type { HintLadder } from "../../grader/kit/hint.ts";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Tensor } from "#tensor";
import { steps } from "../../grader/course/steps.ts";
import { smallInstance } from "../../grader/kit/instance.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { stepBlock } from "./blocks.ts";
import { solutionCode } from "./solution-code.ts";
import { draw, float64, type Column } from "./worked.ts";

/** The blocks of part 8's lesson; `npx vitest run tests/lessons/transformer.test.ts --update` rewrites them. */
const BLOCK = /^<!-- (step|worked): (.+) -->\n\n```text\n(?:[^]*?\n)??```$/gm;

const file = path.join(projectRoot, "exercises/8-transformer/README.md");
const text = readFileSync(file, "utf8");
const own = steps.filter((step): step is FunctionStep => step.part === 8 && step.kind === "function");

/** What the numbers of a step's hint lead to: those that are shown there, and the answer. */
function workedBlock(id: string): string {
  const step = own.find((one) => one.id === id)!;
  const { values, answer } = smallInstance(step);
  const numbersOf = (name: string): Column => {
    const value = values[name]!;
    return [name, value instanceof Tensor ? value : rounded(value)];
  };
  const { numbers = step.example ?? {}, show = Object.keys(numbers) } = step.hints as HintLadder;
  return draw([show.map(numbersOf), [numbersOf(answer)]]);
}

/** The part of a tensor that is not zero: the first matrix of a batch, one head of several. */
function rounded(value: ReturnType<typeof float64>): ReturnType<typeof float64> {
  if (value.shape.length < 3) return value;
  const [rows, columns] = value.shape.slice(-2) as [number, number];
  return value.view(-1, rows, columns).shape[0] === 1 ? value.view(rows, columns) : value;
}

function regenerated(): string {
  return text.replace(BLOCK, (_, kind: string, id: string) => {
    const block = kind === "step" ? stepBlock(id) : workedBlock(id);
    return `<!-- ${kind}: ${id} -->\n\n\`\`\`text\n${block}\n\`\`\``;
  });
}

describe("the lesson of part 8", () => {
  it("shows the lines of its steps, and the numbers that the float64 reference computes", async () => {
    await expect(regenerated()).toMatchFileSnapshot(file);
  });

  it("has a section for every step, with a derivation, a worked instance and the idea", () => {
    const sections = text.split(/^## /m).slice(1);
    for (const { id, number, title } of own) {
      const section = sections.find((one) => one.startsWith(`${number}. ${id}: ${title}`))!;
      expect(section, id).toContain(`<!-- step: ${id} -->`);
      expect(section, id).toContain(`<!-- worked: ${id} -->`);
      expect(section, id).toMatch(/^```math$/m);
      expect(section, id).toContain("**The idea.**");
    }
  });

  it("does not contain a solution's code", () => {
    for (const step of own) {
      const { returned } = solutionCode(step.file);
      if (returned.includes("(")) expect(text.replace(/\s+/g, "")).not.toContain(returned.replace(/\s+/g, ""));
    }
  });
});
