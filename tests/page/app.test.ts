import { AxeBuilder } from "@axe-core/playwright";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { buildPage } from "../../page/build.ts";
import { serve, type Served } from "../../page/serve.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { chromiumFlags, hasBrowser, programOf } from "./browsers.ts";

const LONGEST_MS = 60_000;

/** The page as a learner uses it, in Chromium, by keys alone. */
describe.runIf(hasBrowser("chromium"))("the page", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-app-"));
  let browser: Browser;
  let page: Page;
  let site: Served;
  const errors: string[] = [];

  beforeAll(async () => {
    expect(buildPage(folder).exceeded).toEqual([]);
    site = await serve(folder);
    browser = await chromium.launch({ executablePath: programOf("chromium")!, args: [...chromiumFlags] });
  }, LONGEST_MS);

  beforeEach(async () => {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
    page = await context.newPage();
    errors.length = 0;
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    return async () => {
      expect(errors).toEqual([]);
      await context.close();
    };
  });

  afterAll(async () => {
    await browser?.close();
    site?.server.closeAllConnections();
    site?.server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (route: string, theme: "light" | "dark" = "light"): Promise<void> => {
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(`${site.url}#/${route}`);
    await page.waitForSelector("main");
  };
  /** Replaces the body of a step's function, and grades it, by keys. */
  const answer = async (body: string): Promise<string> => {
    await page.waitForSelector(".cm-content");
    const file = await page.innerText(".file");
    const stub = readFileSync(path.join(projectRoot, "exercises", file), "utf8");
    await page.focus(".cm-content");
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(stub.replace(/throw todo\("\w+"\);/, () => body));
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.waitForSelector(".result:not(.old) h3", { timeout: LONGEST_MS });
    return page.innerText(".verdict");
  };

  it(
    "grades what is typed, names the mistake, marks its place, and ends a loop",
    async () => {
      await open("step/dx");
      expect(await answer("return du.mul(y);")).toContain("only the branch through u is there");
      expect(await answer("return du.mul(y).add(dv);")).toContain("Passed: exact");
      expect(await page.innerText('[aria-current="page"]')).toContain("passed");
      expect(await answer("while (true);")).toContain("is there an endless loop?");
      expect(await answer("return du * y + dv;")).toContain("du * y + dv is written du.mul(y).add(dv)");
      expect(await page.locator(".cm-lintRange-error").count()).toBe(1);
      expect(await page.locator('[role="status"]').innerText()).toBe("Not passed: threw");
    },
    LONGEST_MS,
  );

  it(
    "keeps what was written, and what was graded, over a reload; two tabs agree",
    async () => {
      await open("step/da");
      await answer("return dc;");
      await page.waitForTimeout(500);
      const other = await page.context().newPage();
      await other.goto(`${site.url}#/step/da`);
      expect(await other.innerText(".cm-content")).toContain("return dc;");
      expect(await other.innerText(".verdict")).toContain("Passed: exact");
      await page.focus(".cm-content");
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.insertText("// from the first tab");
      await expect.poll(() => other.innerText(".cm-content")).toContain("// from the first tab");
      expect(await other.innerText(".verdict")).toContain("Your text has changed since");
    },
    LONGEST_MS,
  );

  it(
    "has the browser's own editor as a setting, which stays",
    async () => {
      await open("step/db");
      await page.waitForSelector(".cm-content");
      await page.check("text=plain text");
      await page.waitForSelector("textarea");
      await page.reload();
      expect(await page.inputValue("textarea")).toContain('throw todo("db")');
      await page.fill("textarea", "export const db = ({ dc }) => dc.neg();");
      await page.focus("textarea");
      await page.keyboard.press("ControlOrMeta+Enter");
      await page.waitForSelector(".result.passed");
    },
    LONGEST_MS,
  );

  it(
    "completes operations on tensors, and is left by Tab",
    async () => {
      await open("step/dz");
      await page.waitForSelector(".cm-content");
      await page.focus(".cm-content");
      await page.keyboard.press("ControlOrMeta+End");
      await page.keyboard.type("\nz.matm");
      await page.waitForSelector(".cm-tooltip-autocomplete");
      expect(await page.innerText(".cm-tooltip-autocomplete")).toContain("matmul");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Tab");
      expect(await page.evaluate("document.activeElement?.closest('.cm-editor') ?? null")).toBe(null);
    },
    LONGEST_MS,
  );

  it(
    "leads from a lesson's link to its place, with formulas as MathML",
    async () => {
      await open("read/1-step-by-step/README.md#26-dc");
      await page.waitForSelector("#\\32 6-dc");
      await expect
        .poll(() => page.evaluate("document.getElementById('26-dc').getBoundingClientRect().top"))
        .toBeLessThan(200);
      expect(await page.locator(".lesson math").count()).toBeGreaterThan(50);
    },
    LONGEST_MS,
  );

  it(
    "shows a step's ladder with the learner's numbers, and follows an element by keys",
    async () => {
      await open("step/dx");
      await answer("return du.mul(y).add(dv);");
      await page.click("text=See its lines as a ladder");
      await page.waitForSelector(".ladder");
      await expect.poll(() => page.innerText(".ladder")).toContain("passed, exact");
      await page.locator("[data-rung=x] button").first().press("Enter");
      await page.locator("[data-rung=x] .grid").first().press("Enter");
      await expect.poll(() => page.innerText(".ladder")).toContain("The gradient is the sum of its 2 terms");
    },
    LONGEST_MS,
  );

  it.each([
    ["", 1400],
    ["", 360],
    ["step/dx", 1400],
    ["step/dx", 360],
    ["read/GLOSSARY.md", 360],
    ["ladder", 1400],
    ["ladder", 360],
  ])(
    "%j at %i pixels: no barrier that axe finds, light or dark, and no sideways scrolling",
    async (route, width) => {
      await page.setViewportSize({ width, height: 800 });
      for (const theme of ["light", "dark"] as const) {
        await open(route, theme);
        if (route === "ladder") await page.waitForSelector(".ladder ol");
        if (route === "step/dx" && width > 1000) await page.waitForSelector(".cm-content");
        await page.waitForTimeout(300);
        const { violations } = await new AxeBuilder({ page }).analyze();
        const found = violations.map(
          ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" ")}`,
        );
        expect(found.join("\n")).toBe("");
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
      }
    },
    LONGEST_MS,
  );
});
