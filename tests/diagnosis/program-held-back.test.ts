import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { programMistake, programReply } from "../../grader/diagnosis/program.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import { programQuestions } from "../../grader/grading/grade-programs.ts";
import type { ProgramAnswer } from "../../grader/kit/program.ts";
import type { ProgramStep } from "../../grader/kit/step.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { judgeProgram, type ProgramCall } from "../../grader/verdict/program.ts";
import type { NamedMistake, StepResult } from "../../grader/verdict/result.ts";
import { inProcessHost } from "../grading/in-process-host.ts";
import { sampleOf } from "../sample.ts";
import { heldBack as engine } from "./held-back/engine.ts";
import { wrongEngines } from "./held-back/engine-loops.ts";

/** A wrong function that a learner could write. */
interface WrongProgram {
  step: string;
  what: string;
  answer: ProgramAnswer;
}

/** Wrong programs by people who had not seen the catalogue or the diagnosis: a set is a file in held-back/ and a line here. */
const sets: Readonly<Record<string, readonly WrongProgram[]>> = { engine };

const programs = steps.filter((step): step is ProgramStep => step.kind === "program");
const names = readNames(shippedNames);

/** The verdict on a function's answers to the questions of a seed, and the mistake that they show. */
function graded(
  { step: id, answer }: WrongProgram,
  seed: number,
): { result: StepResult; mistake: NamedMistake | null } {
  const step = programs.find((program) => program.id === id)!;
  const usual = programQuestions(step, [seed]).filter(({ large }) => large === undefined);
  const calls = usual.map((question, i): ProgramCall => ({
    question: i,
    reply: programReply(step, { answer }, question),
  }));
  const result = judgeProgram(step, usual, calls, { printed: "", milliseconds: 0 });
  return { result, mistake: programMistake(step, usual, calls) };
}

describe.each(Object.entries(sets))("the wrong programs of the %s set", (name, entries) => {
  it("are all rejected, for every seed", () => {
    for (let seed = 0; seed < sampleOf(10, 2); seed++) {
      for (const entry of entries) {
        expect(graded(entry, seed).result.passed, `${entry.step}: ${entry.what}, seed ${seed}`).toBe(false);
      }
    }
  });

  const found = entries.map((entry) => ({ ...entry, ...graded(entry, 1) }));

  it("get a statement each, and most of them the mistake itself", () => {
    const named = found.filter(({ mistake }) => mistake !== null);
    process.stdout.write(`held back, programs, ${name} set: ${named.length} of ${found.length} get a name\n`);
    expect(found.filter(({ result }) => !result.message).map(({ step, what }) => `${step}: ${what}`)).toEqual([]);
  });

  // each line was read together with what is wrong, and none is false: read every line that changes
  it("get statements that were found true", async () => {
    const lines = found.map(
      ({ step, what, mistake, result }) => `${step}: ${what}\n    ${mistake?.sentence ?? `(${result.message})`}`,
    );
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`held-back/${name}.txt`);
  });
});

describe("the wrong ends of trainStep in part 6", () => {
  it("are rejected, and get statements that were found true", async () => {
    const step = steps.find(({ id }) => id === "engine")!;
    const files = steps.filter(({ part }) => part === step.part).map(({ file }) => file);
    const texts = files.map((file) => [file, readFileSync(path.join(solutionsFolder, file), "utf8")] as const);
    const solutions = Object.fromEntries(texts);
    const solution = /\/\/ solution\n[^]*\/\/ end of solution/;
    const lines: string[] = [];
    for (const { what, body } of wrongEngines) {
      const text = solutions[step.file]!.replace(solution, () => body);
      const host = inProcessHost({ ...solutions, [step.file]: text });
      const [result] = await gradeSteps(host, courseOf(names, "ours", "held back"), [step]);
      expect(result!.passed, what).toBe(false);
      lines.push(`${what}\n    ${result!.mistake?.sentence ?? `(${result!.message})`}`);
    }
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("held-back/engine-loops.txt");
  });
});
