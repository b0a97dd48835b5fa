import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { Tensor } from "#tensor";
import { functionSteps } from "../../grader/course/steps.ts";
import { checkGradient } from "../../grader/grading/check-gradient.ts";
import { exampleCase } from "../../grader/kit/case.ts";
import { consistent, differencesOf } from "../../grader/kit/differences.ts";
import { hasSmallNumbers, smallGiven } from "../../grader/kit/instance.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { truthOf } from "../../grader/kit/truth.ts";
import { checkAgainst, type GradientCheck } from "../../grader/verdict/gradient-check.ts";
import { dojo, withCopy } from "../copies.ts";
import { casesOf } from "../diagnosis/ask.ts";
import { someSteps } from "../sample.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";
import { inProcessHost } from "./in-process-host.ts";

const gradients = someSteps(functionSteps, 4).filter(({ asks }) => asks === "gradient");
const withNumbers = gradients.filter(hasSmallNumbers);
/** A step's small numbers, as they are compared. */
const smallOf = (step: FunctionStep): Readonly<Record<string, Tensor>> => consistent(step, smallGiven(step));

function checked(step: FunctionStep, answer: (given: Readonly<Record<string, Tensor>>) => Tensor): GradientCheck {
  const given = smallOf(step);
  return checkAgainst(answer(given), differencesOf(step, given));
}

const kinksOf = ({ entries }: GradientCheck): number => entries.filter(({ isKink }) => isKink).length;

describe("central differences of the forward lines", () => {
  it("agree with every correct form of every step that asks for a gradient", () => {
    expect(withNumbers.length).toBeGreaterThan(30);
    for (const step of withNumbers) {
      for (const [i, form] of step.forms.entries()) {
        const { entries, agrees } = checked(step, form);
        const worst = Math.max(...entries.filter(({ isKink }) => !isKink).map(({ relativeError }) => relativeError));
        expect(agrees, `${step.id}, form ${i}: ${worst}`).toBe(true);
      }
    }
  });

  it("are much closer to the truth than the tolerance", () => {
    for (const step of withNumbers) {
      const given = smallOf(step);
      const { central, ahead, behind } = differencesOf(step, given);
      const truth = truthOf(step, given).value;
      const largest = Math.max(...truth.map(Math.abs));
      for (const [i, x] of central.entries()) {
        if (Math.abs(ahead[i]! - behind[i]!) > 1e-3 * largest) continue; // a kink
        expect(Math.abs(x - truth[i]!), `${step.id}, entry ${i}`).toBeLessThan(5e-6 * Math.max(largest, 1e-3));
      }
    }
  });

  it("see most known mistakes, even though the small numbers are few", () => {
    const all = withNumbers.flatMap((step) => step.mistakes.map((mistake) => ({ step, mistake })));
    const missed = all.filter(({ step, mistake }) => {
      try {
        return checked(step, mistake.answer).agrees;
      } catch {
        return false; // another shape, or an error
      }
    });
    expect(missed.length / all.length).toBeLessThan(0.12);
  });

  it("say that there is no slope at the tie of a maximum, and only there", () => {
    const withKinks = withNumbers.filter((step) => kinksOf(checked(step, step.forms[0]!)) > 0).map(({ id }) => id);
    expect(withKinks).toEqual(["dlevels"]);
    const { entries } = checked(stepOf("dlevels") as FunctionStep, ({ levels }) => levels!);
    expect(entries.filter(({ isKink }) => isKink).map(({ at }) => at)).toEqual([
      [1, 0],
      [1, 2],
    ]);
  });

  it("are taken at the lesson's numbers if a step has its own", () => {
    for (const step of gradients.filter(({ example }) => example)) {
      for (const [name, value] of Object.entries(exampleCase(step).given)) {
        expect([...smallGiven(step)[name]!.toArray()], `${step.id}: ${name}`).toEqual([...value.toArray()]);
      }
    }
  });

  it("have relative errors that follow from the two numbers beside them, however large other entries are", async () => {
    const step = stepOf("dbnvar");
    const body = "return given.bnvar_inv.div(given.bnvar).mul(given.dbnvar_inv).mul(-0.5);";
    const text = exercise(step.export, body);
    const found = await checkGradient(inProcessHost({ [step.file]: text }), step);
    if (found.kind !== "checked" || !found.random) throw new Error("nothing was compared at random numbers");
    const sizes = found.entries.map(({ difference }) => Math.abs(difference));
    expect(Math.max(...sizes) / Math.min(...sizes)).toBeGreaterThan(1e4);
    for (const { yours, difference, relativeError } of found.entries) {
      const own = Math.abs(yours - difference) / Math.max(Math.abs(yours), Math.abs(difference));
      expect(relativeError).toBeCloseTo(own, 12);
    }
  });

  it("are close to the truth at random numbers too, however small a variance is", () => {
    for (const step of gradients) {
      const asked = casesOf(step, 1)[2]!;
      const count = asked.truth.value.length;
      const places = [...asked.truth.value.keys()].filter((i) => i % Math.ceil(count / 12) === 0);
      const differences = differencesOf(step, asked.given, { places, isScaled: true });
      const { entries } = checkAgainst(asked.truth.toTensor(), differences, places);
      for (const { at, isKink, relativeError } of entries) {
        if (!isKink) expect(relativeError, `${step.id} ${at}`).toBeLessThan(1e-4);
      }
    }
  });

  it("are taken at random numbers if a step has no small ones, of some entries if all are right", async () => {
    const step = stepOf("attention-dscores");
    const right = readFileSync(path.join(solutionsFolder, step.file), "utf8");
    const check = (text: string) => checkGradient(inProcessHost({ [step.file]: text }), step);
    expect(await check(right)).toMatchObject({ kind: "checked", agrees: true, random: { isOnly: true } });
    const wrong = exercise(step.export, "return given.dmasked;");
    expect(await check(wrong)).toMatchObject({ kind: "checked", agrees: false, random: { isOnly: true } });
  });

  it("are of consistent numbers: what a correct answer is off by is float32's rounding", () => {
    for (const step of withNumbers.filter(({ example }) => !example)) {
      const given = smallOf(step);
      const { entries } = checkAgainst(step.forms[0]!(given), differencesOf(step, given));
      for (const { at, relativeError } of entries) expect(relativeError, `${step.id} ${at}`).toBeLessThan(1e-6);
    }
  });

  it("do not accept a value that is no number", () => {
    const step = stepOf("da") as FunctionStep;
    expect(checked(step, ({ dc }) => dc!.mul(NaN)).agrees).toBe(false);
  });
});

describe("grade --check", () => {
  it("shows both entry by entry, and says whether they agree", async () => {
    const right = await dojo(["grade", "dx", "dcounts", "--check", "--from", "solutions"]);
    expect(right.status).toBe(0);
    expect(right.stdout).toMatch(/position +yours +difference +relative error/);
    expect(right.stdout).toMatch(/\[1, 0\] +11 +11 +\d/);
    expect(right.stdout.match(/Agrees within a relative error of \d+e-\d+, in all 6 entries\./g)).toHaveLength(2);
    expect(right.stdout.replaceAll(/\s+/g, " ")).toContain(
      "the sum over all entries of counts_sum times dcounts_sum, plus that of probs times dprobs",
    );
  });

  it("agrees with no answer that is wrong: it compares random numbers if the small ones show nothing", async () => {
    const files = {
      [stepOf("dbnvar").file]: exercise(
        "dbnvar",
        "return given.bnvar.pow(-1.5).add(1e-5).mul(-0.5).mul(given.dbnvar_inv);",
      ),
      [stepOf("db2").file]: exercise("db2", "return given.dlogits.sum(0).mul(1.00001);"),
    };
    await withFolder(files, async (folder) => {
      const said = async (id: string): Promise<string> => {
        const { status, stdout } = await dojo(["grade", id, "--check", "--from", folder]);
        expect(status).toBe(1);
        expect(stdout).not.toContain("Agrees");
        return stdout.replaceAll(/\s+/g, " ");
      };
      expect(await said("dbnvar")).toMatch(/dbnvar on random numbers with hidden = \d+ .* at random ones it does not/);
      expect(await said("db2")).toMatch(
        /as far as differences can tell.*of its \d+ entries, these are the furthest off/,
      );
    });
  });

  it("says where they differ, and what there is nothing to compare for", { timeout: 60_000 }, async () => {
    await withCopy(async (root) => {
      const run = (...args: string[]) => dojo(["grade", ...args, "--check"], root);
      const untouched = await run("da");
      expect([untouched.status, untouched.stdout]).toEqual([1, expect.stringMatching(/^da: nothing to check: /)]);
      const value = await run("normalize");
      expect(value.stdout).toMatch(/^normalize does not ask for the gradient of its forward lines/);
      expect((await run("train")).stdout).toMatch(/^train returns the gradients of all parameters at once/);
    });
    const wrong = await dojo(["grade", "da", "--check", "--json"]);
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining("cannot be used with --json")]);
  });
});
