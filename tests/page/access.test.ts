import { readFileSync } from "node:fs";
import path from "node:path";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { sampled } from "../sample.ts";
import { stepOf } from "../trees.ts";
import { barriers, pageHeight, pageWidth } from "./barriers.ts";
import { hasBrowser } from "./browsers.ts";
import { closeBrowser, gradeOpen, siteAddress, storeBefore, withLearner } from "./open-page.ts";

const LONGEST_MS = 60_000;

/** What keeps somebody out: of each view, loaded once, in every size and color that it is met in. */
describe.runIf(hasBrowser("chromium"))("the page", () => {
  // the site is built first, which takes long on a busy machine
  beforeAll(siteAddress, 2 * LONGEST_MS);
  afterAll(closeBrowser);

  const open = async (context: BrowserContext, route: string, kept: Readonly<Record<string, string>> = {}) => {
    const page = await context.newPage();
    const values = Object.entries(kept).map(([file, text]) => [`code/${file}`, text]);
    await storeBefore(page, Object.fromEntries(values));
    await page.goto(`${await siteAddress()}#/${route}`);
    await page.locator("main h1, main .tools").first().waitFor({ state: "attached" });
    return page;
  };
  const solved = { [stepOf("dx").file]: readFileSync(path.join(solutionsFolder, stepOf("dx").file), "utf8") };
  const openTool = async (page: Page, name: string): Promise<void> => {
    await page.locator(".tools").getByRole("button", { name }).click();
    await page.locator("#tool > :not(p.quiet)").first().waitFor();
  };

  /** Each view, brought to where there is much to see. */
  const views: Readonly<Record<string, (context: BrowserContext) => Promise<Page>>> = {
    "the first page": (context) => open(context, ""),
    "a step that does not pass, its hints open": async (context) => {
      const page = await open(context, "step/db", { [stepOf("db").file]: "export const db = ({ dc }) => dc;" });
      expect(await gradeOpen(page)).toContain("Not passed");
      await openTool(page, "Hints");
      for (let i = 0; i < 3; i++) await page.locator(".next-hint").click();
      return page;
    },
    "a step that passes, a question answered wrong": async (context) => {
      const page = await open(context, "step/dx", solved);
      expect(await gradeOpen(page)).toContain("Passed");
      await openTool(page, "Questions");
      await page.locator(".quiz input").first().press("1");
      await page.locator(".quiz .reply").waitFor();
      return page;
    },
    "our answer, and the versions": async (context) => {
      const page = await open(context, "step/dx", solved);
      await gradeOpen(page);
      await openTool(page, "Our answer");
      await page.locator(".versions summary").click();
      await page.getByRole("button", { name: "Reset to the beginning" }).click();
      await page.getByRole("button", { name: /^Compare/ }).click();
      await page.locator(".compared").waitFor();
      return page;
    },
    "a lesson": (context) => open(context, "read/1-step-by-step/README.md"),
    "the network's ladder": async (context) => {
      const page = await open(context, "ladder");
      await page.locator(".rung").first().waitFor();
      return page;
    },
    "a ladder whose element is followed": async (context) => {
      const page = await open(context, "ladder/dx", solved);
      await page.locator(".rung.is-open .grid").first().press("Enter");
      await page.locator(".dock h2").first().waitFor();
      return page;
    },
    "one's work": (context) => open(context, "work"),
    "the scratch pad": async (context) => {
      const page = await open(context, "scratch");
      await page.getByRole("button", { name: "Run" }).click();
      await page.locator(".printout pre").waitFor({ timeout: LONGEST_MS });
      return page;
    },
  };

  /** A window of 1400 pixels, light and dark, without colors of its own, magnified twice, and as narrow as 1280 at 400 %. */
  const looks = [
    { look: "light", size: [1400, 900], media: { colorScheme: "light" } },
    { look: "dark", size: [1400, 900], media: { colorScheme: "dark" } },
    { look: "forced colors", size: [1400, 900], media: { colorScheme: "light", forcedColors: "active" } },
    { look: "twice as large", size: [700, 450], media: { forcedColors: "none" } },
    { look: "320 pixels", size: [320, 640], media: {} },
  ] as const;

  const all = Object.entries(views).map(([view, openView], i) => ({ view, openView, i }));
  it.each(all)(
    "has no barrier that axe finds, and scrolls in one direction only: $view",
    ({ openView, i }) =>
      withLearner(async (context) => {
        const searched = sampled(looks, 3, i % 3);
        const page = await openView(context);
        for (const shown of looks) {
          const { look, size, media } = shown;
          const [width, height] = size;
          await page.setViewportSize({ width, height });
          await page.emulateMedia(media);
          // what is larger than its place is found in the next frame
          await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
          if (searched.includes(shown)) expect(await barriers(page), look).toBe("");
          expect(await pageWidth(page), look).toBeLessThanOrEqual(width);
          // a wide page fills the window, and its parts scroll
          if (width > 960) expect(await pageHeight(page), look).toBeLessThanOrEqual(height);
        }
      }),
    LONGEST_MS,
  );

  it(
    "is worked through by keys alone: to the next step, into its code, to what grading found",
    () =>
      withLearner(async (context) => {
        const page = await open(context, "step/da");
        const focused = (): Promise<string> =>
          page.evaluate(() => {
            const { activeElement: on } = document;
            return on?.closest(".editor") ? "the editor" : ((on as HTMLElement | null)?.innerText ?? "");
          });
        const press = async (...keys: string[]): Promise<string> => {
          for (const key of keys) await page.keyboard.press(key);
          return focused();
        };
        await page.locator(".cm-content").waitFor();
        await page.locator("main").focus();
        expect(await press("Tab")).toBe("Go to your code");
        expect(await press("Enter")).toBe("the editor");
        // the place to fill in is selected
        await page.keyboard.type("return dc.neg();");
        await press("ControlOrMeta+Enter");
        await page.locator(".result.failed").waitFor({ timeout: LONGEST_MS });
        const status = page.locator("body > [role=status]");
        expect(await status.innerText()).toBe("Not passed: wrong. the sign is flipped: c rises with a");
        await press("Shift+Home");
        await page.keyboard.type("return dc");
        // a word that is complete is not completed by Enter
        await press("Enter");
        await page.keyboard.type(".clone();");
        await press("ControlOrMeta+Enter");
        await page.locator(".result.passed").waitFor({ timeout: LONGEST_MS });
        expect(await press("Tab")).toBe("Next: 0.2 db");
        await press("Enter");
        await expect.poll(focused).toBe("0.2 db");
        expect(await page.title()).toBe("0.2 db · Backprop Dojo");
        expect(await press("Tab", "Enter")).toBe("the editor");
      }),
    LONGEST_MS,
  );

  it(
    "is read by a screen reader in order, with a name for everything",
    () =>
      withLearner(async (context) => {
        const step = await open(context, "step/db", { [stepOf("db").file]: "export const db = ({ dc }) => dc;" });
        await gradeOpen(step);
        await step.locator(".cm-content").waitFor();
        await step.locator(".tools").waitFor();
        const working = await step.locator(".working").ariaSnapshot();
        const ladder = await views["a ladder whose element is followed"]!(context);
        const rung = await ladder.locator(".rung.is-open").ariaSnapshot();
        const dock = await ladder.locator(".dock").ariaSnapshot();
        await expect([working, rung, dock].join("\n\n")).toMatchFileSnapshot("aria/views.txt");
        const unnamed = await step.locator("details:not([aria-label])").count();
        expect(unnamed).toBe(0);
      }),
    LONGEST_MS,
  );

  it.each([
    ["lets no worker start", "a worker for it does not start", { worker: "worker-src 'self'" }],
    ["puts something else in the frame's place", "the frame for it does not answer", { frame: true }],
  ] as const)(
    "says what to do if the browser %s, and keeps the text",
    (_, why, { worker, frame }: { worker?: string; frame?: boolean }) =>
      withLearner(async (context) => {
        if (worker !== undefined) {
          await context.route(
            ({ pathname }) => pathname === "/",
            async (route) => {
              const response = await route.fetch();
              await route.fulfill({ response, headers: { ...response.headers(), "content-security-policy": worker } });
            },
          );
        }
        if (frame) {
          await context.addInitScript(() => {
            Object.defineProperty(HTMLIFrameElement.prototype, "srcdoc", {
              set(this: HTMLIFrameElement) {
                this.setAttribute("srcdoc", "blocked");
              },
            });
          });
        }
        const page = await open(context, "step/dx", solved);
        await page.locator(".cm-content").waitFor();
        await page.getByRole("button", { name: "Grade", exact: true }).click();
        await page.locator(".verdict .problem").waitFor({ timeout: LONGEST_MS });
        expect(await page.innerText(".verdict .problem")).toContain(`does not run your code: ${why}`);
        expect(await page.innerText(".cm-content")).toContain("y.mul(du).add(dv)");
        expect(await page.locator(".result").count()).toBe(0);
      }),
    LONGEST_MS,
  );
});
