import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { buildPage } from "../../page/build.ts";
import { chromiumFlags, programOf } from "./browsers.ts";

/** The page as a person sees it, in Chromium. */

let built: string | undefined;

/** The folder of the built site, which is built once. */
export function builtSite(): string {
  if (built !== undefined) return built;
  built = mkdtempSync(path.join(tmpdir(), "backprop-dojo-site-"));
  process.once("exit", () => rmSync(built!, { recursive: true, force: true }));
  buildPage(built);
  return built;
}

let browser: Browser | undefined;

/** A browser without a window; one for all tests of a file. */
export async function openBrowser(): Promise<Browser> {
  browser ??= await chromium.launch({ executablePath: programOf("chromium")!, args: [...chromiumFlags] });
  return browser;
}

export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
}

/** A learner's browser, with storage of its own, until `use` is done. */
export async function withLearner<R>(use: (context: BrowserContext) => Promise<R>): Promise<R> {
  const context = await (await openBrowser()).newContext({ viewport: { width: 1200, height: 800 } });
  try {
    return await use(context);
  } finally {
    await context.close();
  }
}

/** Opens an address in a tab, with the browser's own editor. */
export async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.addInitScript(() => localStorage.setItem("backprop-dojo/1/setting/editor", "plain"));
  await page.goto(url);
  await page.locator("main").waitFor();
  return page;
}

/** The text in the open step's editor. */
export async function editorText(page: Page): Promise<string> {
  return page.locator(".editor textarea").inputValue();
}

/** Types over the whole text of the open step. */
export async function writeText(page: Page, text: string): Promise<void> {
  await page.locator(".editor textarea").fill(text);
}

/** The verdict's headline after grading the open step. */
export async function gradeOpen(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Grade", exact: true }).click();
  const heading = page.locator(".verdict .result h3");
  await heading.waitFor({ timeout: 20_000 });
  return heading.innerText();
}
