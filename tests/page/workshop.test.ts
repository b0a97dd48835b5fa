import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { trainOn, type LongRun } from "../../grader/grading/long-run.ts";
import { steps } from "../../grader/course/steps.ts";
import { isOpen, openStep } from "../../grader/grading/open.ts";
import type { TrainStep } from "../../grader/kit/step.ts";
import type { TrainingRun } from "../../grader/kit/training.ts";
import { questionsOf } from "../../grader/report/quiz/questions.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { nodeHost } from "../../grader/runner/host.ts";
import { projectRoot, solutionsFolder } from "../../grader/runner/project.ts";
import { barriers, pageWidth } from "./barriers.ts";
import { hasBrowser } from "./browsers.ts";
import { closeBrowser, siteAddress, withTab } from "./open-page.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

const solution = (file: string): string => readFileSync(path.join(solutionsFolder, file), "utf8");

/** What is below a step's result, and the scratch pad, in Chromium. */
describe.runIf(hasBrowser("chromium"))("the workshop", () => {
  let site: string;
  beforeAll(async () => {
    site = await siteAddress();
  });
  afterAll(closeBrowser);

  /** Opens a step with a text, as it is kept from an earlier visit. */
  const openStepWith = async (page: Page, id: string, text?: string): Promise<void> => {
    const { file } = steps.find((step) => step.id === id)!;
    if (text !== undefined) {
      // where nothing of the page runs yet
      await page.goto(`${site}offline.js`);
      await page.evaluate(`localStorage.setItem("backprop-dojo/1/code/${file}", ${JSON.stringify(text)})`);
    }
    await page.goto(`${site}#/step/${id}`);
    await page.waitForSelector(".tools", { state: "attached" });
  };
  const press = (page: Page, name: string): Promise<void> =>
    page.getByRole("button", { name, exact: true }).press("Enter");
  /** What is open, once it is there. */
  const tool = async (page: Page): Promise<string> => {
    await page.locator(".tool > :not(p.quiet)").first().waitFor();
    return page.innerText(".tool");
  };
  const grade = async (page: Page, verdict: "passed" | "failed"): Promise<void> => {
    await press(page, "Grade");
    await page.waitForSelector(`.result.${verdict}`);
  };

  it("shows hints one by one, addresses the mistake that was made, and remembers what was shown", () =>
    withTab(async (page) => {
      const right = solution("0-warm-ups/04-dx.ts");
      await openStepWith(page, "dx", right.replace("y.mul(du).add(dv)", "y.mul(du)"));
      await grade(page, "failed");
      await press(page, "Hints");
      expect(await tool(page)).toContain("0 of 3 shown");
      await press(page, "Show the first hint");
      expect(await page.evaluate("document.activeElement.textContent")).toBe("Hint 1 of 3: the shapes");
      expect(await tool(page)).toContain("return");
      await press(page, "Show the next hint");
      expect(await tool(page)).toContain("dx[1, 0] = y[1, 0] * du[1, 0]");
      await press(page, "Show the next hint");
      expect(await tool(page)).toContain("Hint 3 of 3: what to look at, and the missing piece");
      expect(await tool(page)).toContain("looks like: only the branch through u is there");
      await page.reload();
      await press(page, "Hints");
      expect(await tool(page)).toContain("All 3 shown");
    }));

  it("asks questions by keys alone, says why, and counts", () =>
    withTab(async (page) => {
      await openStepWith(page, "dcounts");
      await page.getByRole("button", { name: "Questions" }).focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      while (!(await page.evaluate("document.activeElement.matches('.quiz input')"))) await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      expect(await page.innerText('.tool [role="status"]')).toMatch(/^(Right\.|No: the answer is)/);
      await page.keyboard.press("Enter");
      await page.keyboard.press("1");
      expect(await page.innerText('.tool [role="status"]')).toMatch(/^(Right\.|No: the answer is)/);
      await page.keyboard.press("Enter");
      await press(page, "Skip");
      expect(await tool(page)).toMatch(/[0-2] of 3 right\. Now write dcounts\./);
    }));

  it("asks no question again that was answered right, unless that is asked for", () =>
    withTab(async (page) => {
      const questions = questionsOf(steps.find(({ id }) => id === "db")!);
      const answerRight = async (at: number): Promise<void> => {
        expect(await tool(page)).toContain(`Question ${at + 1} of ${questions.length}`);
        await page
          .locator(".quiz input")
          .first()
          .press(String(questions[at]!.right + 1));
        await page.getByRole("button", { name: "Go on" }).press("Enter");
      };
      await openStepWith(page, "db");
      await press(page, "Questions");
      await answerRight(0);
      await page.reload();
      await press(page, "Questions");
      for (let i = 1; i < questions.length; i++) await answerRight(i);
      await page.reload();
      await press(page, "Questions");
      expect(await tool(page)).toContain(`${questions.length} of ${questions.length} right`);
      await press(page, "Ask again");
      expect(await tool(page)).toContain("Question 1 of");
    }));

  it("checks a wrong and a right answer against differences, and shows ours once it passes", () =>
    withTab(async (page) => {
      const right = solution("0-warm-ups/04-dx.ts");
      await openStepWith(page, "dx", right.replace("y.mul(du).add(dv)", "y.mul(du)"));
      expect(await page.innerText(".tools")).not.toContain("Our answer");
      await press(page, "Check");
      await page.locator(".tool").getByRole("button", { name: "Check" }).press("Enter");
      await expect.poll(() => tool(page), { timeout: 20_000 }).toContain("Differs at [0, 0]");
      await openStepWith(page, "dx", right.replace("y.mul(du).add(dv)", "dv.add(y.mul(du))"));
      await press(page, "Check");
      await page.locator(".tool").getByRole("button", { name: "Check" }).press("Enter");
      await expect.poll(() => tool(page), { timeout: 20_000 }).toContain("Agrees");
      await grade(page, "passed");
      await press(page, "Our answer");
      expect(await tool(page)).toContain("-   return dv.add(y.mul(du));");
      expect(await tool(page)).toContain("+   return y.mul(du).add(dv);");
      await press(page, "Other ways to be wrong");
      await expect.poll(() => tool(page), { timeout: 20_000 }).toContain("only the branch through u is there");
    }));

  it("trains with the losses of the command line, bit for bit; pauses and goes on, at another visit as well", () =>
    withTab(async (page) => {
      await keepLosses(page);
      await openStepWith(page, "train", solution("4-training-loop/train.ts"));
      await page.locator(".tools").getByRole("button", { name: "Train" }).press("Enter");
      // enough of them that it can be paused in time on a busy machine
      await page.fill("[name=steps]", "6000");
      await page.locator(".tool").getByRole("button", { name: "Train" }).press("Enter");
      await page.waitForSelector(".plot");
      await press(page, "Pause");
      await page.waitForSelector(".controls >> text=Resume");
      expect(await tool(page)).toMatch(/Paused after [\d,]+ of 6,000 steps.* also at another visit/);
      const first = (await page.evaluate("losses")) as number[];
      const openAgain = async (): Promise<void> => {
        await page.reload();
        await page.locator(".tools").getByRole("button", { name: "Train" }).press("Enter");
      };
      await openAgain();
      await page.getByText("Paused after").waitFor();
      await press(page, "Resume");
      await page.waitForSelector(".samples");
      const losses = [...first, ...((await page.evaluate("losses")) as number[])];
      expect(losses.length).toBe(6000);
      expect(losses).toEqual(await lossesHere(6000));
      await openAgain();
      await page.getByText("Done: 6,000 of 6,000 steps").waitFor();
      expect(await page.locator(".samples tbody tr").count()).toBe(20);
    }));

  it.each(["engine", "train-transformer"])("trains with %s as the command line does, bit for bit", (id) =>
    withTab(async (page) => {
      const step = trainStep(id);
      await keepLosses(page);
      await page.goto(site);
      const folder = path.dirname(step.file);
      const own = steps.filter(({ file }) => path.dirname(file) === folder);
      await page.evaluate(
        (texts: Record<string, string>) =>
          Object.entries(texts).forEach(([key, text]) => localStorage.setItem(`backprop-dojo/1/${key}`, text)),
        Object.fromEntries([["setting/beyond", "1"], ...own.map(({ file }) => [`code/${file}`, solution(file)])]),
      );
      await page.reload();
      await openStepWith(page, id);
      await page.locator(".tools").getByRole("button", { name: "Train" }).press("Enter");
      expect(await page.inputValue("[name=steps]")).toBe(String(step.training.long.steps));
      await page.fill("[name=steps]", "12");
      await page.locator(".tool").getByRole("button", { name: "Train" }).press("Enter");
      const losses = await lossesHere(12, id);
      await expect.poll(() => page.evaluate("losses"), { timeout: 30_000 }).toEqual(losses);
    }),
  );

  it("says that training takes long where there is no WebAssembly with SIMD", () =>
    withTab(async (page) => {
      await page.addInitScript(() => {
        WebAssembly.validate = () => false;
      });
      await openStepWith(page, "train", solution("4-training-loop/train.ts"));
      await page.locator(".tools").getByRole("button", { name: "Train" }).press("Enter");
      await page.waitForSelector("text=no WebAssembly with SIMD, so that 20,000 steps take many minutes");
    }));

  it("has a scratch pad that runs with #tensor and one's exercises, and ends a loop", () =>
    withTab(async (page) => {
      await openStepWith(page, "dx", solution("0-warm-ups/04-dx.ts"));
      await page.goto(`${site}#/scratch`);
      await page.reload();
      const run = async (text: string): Promise<string> => {
        await page.waitForSelector(".cm-content");
        await page.focus(".cm-content");
        await page.keyboard.press("ControlOrMeta+a");
        await page.keyboard.insertText(text);
        await page.keyboard.press("ControlOrMeta+Enter");
        await page.waitForSelector(".printout >> text=Running…", { state: "detached" });
        return page.innerText(".printout");
      };
      const own = 'import { dx } from "../exercises/0-warm-ups/04-dx.ts";\nimport { ones } from "#tensor";\n';
      const given = "{ x: ones([2]), y: ones([2]), du: ones([2]), dv: ones([2]) }";
      expect(await run(`${own}console.log("dx", dx(${given} as never));\n`)).toContain("dx tensor([2.0000, 2.0000])");
      expect(await run("console.log(1);\nundefined.mul();")).toMatch(/^1\n[^]*line 2, column/);
      expect(await run("while (true);")).toContain("is there an endless loop?");
      await page.reload();
      await page.waitForSelector(".cm-content");
      expect(await page.innerText(".cm-content")).toBe("while (true);");
    }));

  it.each([
    [1400, "light"],
    [360, "dark"],
  ] as const)("has no barrier that axe finds at %i pixels, %s, and no sideways scrolling", (width, colorScheme) =>
    withTab(
      async (page) => {
        /** @param part a selector of what is looked at; the rest of the page has tests of its own */
        const findNoBarrier = async (what: string, part: string): Promise<void> => {
          expect(await barriers(page, part), what).toBe("");
          expect(await pageWidth(page), what).toBeLessThanOrEqual(width);
        };
        await page.emulateMedia({ colorScheme });
        await openStepWith(page, "gap", solution("5-trap-lab/01-gap.ts"));
        if (width < 960) await page.getByRole("button", { name: "Code", exact: true }).press("Enter");
        await grade(page, "passed");
        for (const name of ["Questions", "Hints", "Other ways to be wrong", "Our answer", "Experiment"]) {
          await page.locator(".tools").getByRole("button", { name }).press("Enter");
          if (name === "Hints") {
            for (let i = 0; i < 3; i++) await page.locator(".next-hint").press("Enter");
            expect(await cutOff(page, ".hint :not(pre)"), "only numbers may be wider than a phone").toEqual([]);
          }
          if (name === "Our answer") expect(await cutOff(page, ".ours *")).toEqual([]);
          if (name === "Experiment") {
            await press(page, "Run the experiment");
            await page.waitForSelector(".finding");
          }
          await findNoBarrier(name, name === "Experiment" ? "html" : ".tool");
        }
        await page.goto(`${site}#/scratch`);
        await page.waitForSelector(".cm-content");
        await findNoBarrier("scratch", "html");
      },
      { width, height: 900 },
    ),
  );
});

/** The texts of elements whose end can only be seen by scrolling sideways. */
async function cutOff(page: Page, selector: string): Promise<string[]> {
  return page
    .locator(selector)
    .evaluateAll((all) =>
      all
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 0 && scrollWidth > clientWidth)
        .map(({ textContent }) => textContent ?? ""),
    );
}

/** Keeps the losses that the page is told, as losses. */
async function keepLosses(page: Page): Promise<void> {
  await page.addInitScript(`globalThis.losses = []; globalThis.Worker = class extends Worker {
    constructor(...all) {
      super(...all);
      this.addEventListener("message", ({ data }) => globalThis.losses.push(...(data.progress?.losses ?? [])));
    }
  };`);
}

function trainStep(wanted: string): TrainStep {
  return steps.find((step): step is TrainStep => step.kind === "train" && step.id === wanted)!;
}

/** The losses of the first steps of npm run train. */
async function lossesHere(count: number, id = "train"): Promise<number[]> {
  const step = trainStep(id);
  const dataset = readNames(shippedNames).dataset();
  const begin = (): TrainingRun => step.training.runOn(dataset);
  const run: LongRun = { begin, parameters: begin().start, losses: [], steps: count };
  const open = await openStep(nodeHost(path.join(projectRoot, "solutions"), {}), step);
  if (!isOpen(open)) throw new Error(open.message);
  try {
    await trainOn(open, run, new AbortController().signal, () => {});
    return run.losses;
  } finally {
    open.learner.close();
  }
}
