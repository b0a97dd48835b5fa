import { readFileSync } from "node:fs";
import path from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { projectRoot } from "../../grader/runner/project.ts";
import { hasBrowser } from "./browsers.ts";
import { exceededBudgets } from "./built-site.ts";
import { closeBrowser, keptText, openBrowser, siteAddress, withTab } from "./open-page.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

/** The page as a learner uses it, in Chromium, by keys alone. */
describe.runIf(hasBrowser("chromium"))("the page", () => {
  let site: string;
  beforeAll(async () => {
    site = await siteAddress();
  });
  afterAll(closeBrowser);

  const open = async (page: Page, route: string): Promise<void> => {
    await page.goto(`${site}#/${route}`);
    await page.waitForSelector("main");
  };
  /** Replaces the body of a step's function, and grades it, by keys. */
  const answer = async (page: Page, body: string): Promise<string> => {
    await page.waitForSelector(".cm-content");
    const file = await page.innerText(".file");
    const stub = readFileSync(path.join(projectRoot, "exercises", file), "utf8");
    await page.focus(".cm-content");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(stub.replace(/throw todo\("\w+"\);/, () => body));
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.waitForSelector(".result:not(.old) h3");
    return page.innerText(".verdict");
  };

  it("grades what is typed, names the mistake, marks its place, and ends a loop", () =>
    withTab(async (page) => {
      await open(page, "step/dx");
      expect(await answer(page, "return du.mul(y);")).toContain("only the branch through u is there");
      expect(await answer(page, "return du.mul(y).add(dv);")).toContain("Passed: exact");
      expect(await page.innerText('[aria-current="page"]')).toContain("passed");
      expect(await answer(page, "while (true);")).toContain("is there an endless loop?");
      expect(await answer(page, "return du * y + dv;")).toContain("du * y + dv is written du.mul(y).add(dv)");
      expect(await page.locator(".cm-lintRange-error").count()).toBe(1);
      expect(await page.locator('[role="status"]').innerText()).toMatch(/^Not passed: threw\. /);
    }));

  it("keeps what was written, and what was graded, over a reload; two tabs agree", () =>
    withTab(async (page) => {
      await open(page, "step/da");
      await answer(page, "return dc;");
      await expect.poll(() => keptText(page, "0-warm-ups/01-da.ts")).toContain("return dc;");
      const other = await page.context().newPage();
      await other.goto(`${site}#/step/da`);
      expect(await other.innerText(".cm-content")).toContain("return dc;");
      expect(await other.innerText(".verdict")).toContain("Passed: exact");
      await page.focus(".cm-content");
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.insertText("// from the first tab");
      await expect.poll(() => other.innerText(".cm-content")).toContain("// from the first tab");
      expect(await other.innerText(".verdict")).toContain("Your text has changed since");
    }));

  it("has the browser's own editor as a setting, which stays", () =>
    withTab(async (page) => {
      await open(page, "step/db");
      await page.waitForSelector(".cm-content");
      await page.check("text=plain text");
      await page.waitForSelector("textarea");
      await page.reload();
      expect(await page.inputValue("textarea")).toContain('throw todo("db")');
      await page.fill("textarea", "export const db = ({ dc }) => dc.neg();");
      await page.focus("textarea");
      await page.keyboard.press("ControlOrMeta+Enter");
      await page.waitForSelector(".result.passed");
    }));

  it("completes operations on tensors, and is left by Tab", () =>
    withTab(async (page) => {
      await open(page, "step/dz");
      await page.waitForSelector(".cm-content");
      await page.focus(".cm-content");
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.type("\nz.matm");
      await page.waitForSelector(".cm-tooltip-autocomplete");
      expect(await page.innerText(".cm-tooltip-autocomplete")).toContain("matmul");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement?.closest('.cm-editor') ?? null")).toBe(null);
    }));

  it("leads from a lesson's link to its place, with formulas as MathML", () =>
    withTab(async (page) => {
      await open(page, "read/1-step-by-step/README.md#26-dc");
      await page.waitForSelector("#\\32 6-dc");
      await expect
        .poll(() => page.evaluate("document.getElementById('26-dc').getBoundingClientRect().top"))
        .toBeLessThan(200);
      expect(await page.locator(".lesson math").count()).toBeGreaterThan(50);
    }));

  it.each([
    ["step/da", ".step > .skip", ".cm-content:focus"],
    ["read/0-warm-ups/README.md", ".side > summary", ".side > summary:focus"],
  ])("leaves the keyboard where it is while the lesson of #/%s loads", (route, control, focused) =>
    withTab(async (page) => {
      let letCome = (): void => {};
      const mayCome = new Promise<void>((resolve) => (letCome = resolve));
      await page.route(/\.packed$/, async (request) => {
        await mayCome;
        await request.continue();
      });
      await open(page, "");
      await open(page, route);
      await page.getByText("Loading…").waitFor();
      await page.locator(control).press("Enter");
      await page.locator(focused).waitFor();
      letCome();
      await page.locator("main .lesson p").nth(3).waitFor();
      // the focus is moved after what was loaded is drawn
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      expect(await page.locator(focused).count()).toBe(1);
    }),
  );

  it("says what there is at an address that leads nowhere", () =>
    withTab(async (page) => {
      await open(page, "read/NOTHING.md");
      await page.getByText("has no text NOTHING.md").waitFor();
      expect(await page.locator("main li a").allInnerTexts()).toContain("Part 0: warm-ups");
      await page.locator("main li a", { hasText: "Tensors" }).click();
      await page.locator(".lesson h1").waitFor();
      await open(page, "step/nothing");
      expect(await page.innerText(".home .problem")).toContain("There is no step nothing");
      // cut within a character's code
      await open(page, "read/NOTHING%E2%82");
      await page.reload();
      await page.getByText("has no text NOTHING").waitFor();
    }));

  it("shows a step's ladder with the learner's numbers, and follows an element by keys", () =>
    withTab(async (page) => {
      await open(page, "step/dx");
      await answer(page, "return du.mul(y).add(dv);");
      await page.click("text=See its lines as a ladder");
      await page.waitForSelector(".ladder");
      await expect.poll(() => page.innerText(".ladder")).toContain("passed, exact");
      // the step's own line is open
      await page.locator("[data-rung=x] .grid").first().press("Enter");
      await expect.poll(() => page.innerText(".ladder")).toContain("The gradient is the sum of its 2 terms");
    }));

  it("is worked through by touch on a phone: a tap selects what is to be replaced, and what comes is in view", async () => {
    const size = { width: 360, height: 740 };
    const phone = await (await openBrowser()).newContext({ viewport: size, hasTouch: true, isMobile: true });
    try {
      const page = await phone.newPage();
      const tap = (name: string, part = "main"): Promise<void> =>
        page.locator(part).getByRole("button", { name, exact: true }).tap();
      /** Where an element begins and ends, in pixels from the top of what is seen. */
      const placeOf = async (selector: string): Promise<{ top: number; bottom: number }> => {
        const { y, height } = (await page.locator(selector).boundingBox())!;
        return { top: y, bottom: y + height };
      };
      /** All of it is below the bar at the top, and above the end. */
      const expectInView = async (selector: string): Promise<void> => {
        await page.locator(selector).waitFor();
        const { top, bottom } = await placeOf(selector);
        expect(top, selector).toBeGreaterThan(50);
        expect(bottom, selector).toBeLessThanOrEqual(size.height);
      };
      await open(page, "");
      await page.locator(".home .primary").tap();
      await tap("Code");
      const line = page.locator(".cm-line", { hasText: "throw todo" });
      await line.waitFor();
      const placeOfLine = async (): Promise<{ y: number; height: number }> => (await line.boundingBox())!;
      // what stands above it may still be loading
      await expect.poll(async () => (await placeOfLine()).y).toBeLessThan(600);
      const { y, height } = await placeOfLine();
      await page.touchscreen.tap(300, y + height / 2);
      await expect.poll(() => page.evaluate("String(getSelection())")).toBe('throw todo("da");');
      await page.keyboard.insertText("return dc.neg();");
      await tap("Grade", ".panes");
      await expectInView(".result.failed");
      await tap("Questions");
      for (let i = 0; i < 2; i++) {
        await expectInView(".quiz");
        await page.locator(".quiz label").first().tap();
        await tap("Answer");
        await expectInView(".quiz [type=submit]");
        await tap("Go on");
      }
      await tap("Hints");
      await tap("Show the first hint");
      await expectInView(".hint:nth-child(1)");
      await tap("Show the next hint");
      await expectInView(".hint:nth-child(2) h4");
      expect((await placeOf(".hint:nth-child(2)")).top).toBeLessThan(200);
      await page.focus(".cm-content");
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.insertText("export const da = ({ dc }) => dc;");
      await tap("Grade", ".panes");
      await page.locator(".result.passed").waitFor();
      await tap("Other ways to be wrong");
      await page.locator(".mistakes").waitFor();
      expect((await placeOf(".tools")).top).toBeLessThan(200);
      await page.locator(".result .primary").tap();
      await page.getByText("2. db: a difference").waitFor();
      expect(await page.evaluate("scrollY")).toBe(0);
    } finally {
      await phone.close();
    }
  });

  it("keeps to the budgets of its sizes", () => expect(exceededBudgets()).toEqual([]));
});
