import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { serve, type Served } from "../../page/serve.ts";
import { chromiumFlags, programOf } from "./browsers.ts";
import { builtSite } from "./built-site.ts";

/** The page as a person sees it, in Chromium: one browser and one server for all tests of a file. */

export { builtSite };

/** How long a page may take to show something, in milliseconds, however busy the machine is. */
const LONGEST_MS = 60_000;

let browser: Browser | undefined;
let served: Served | undefined;

/** A browser without a window. */
export async function openBrowser(): Promise<Browser> {
  browser ??= await chromium.launch({ executablePath: programOf("chromium")!, args: [...chromiumFlags] });
  return browser;
}

/** The address of the built site: http://127.0.0.1:54321/ */
export async function siteAddress(): Promise<string> {
  served ??= await serve(builtSite());
  return served.url;
}

/** Ends the browser and the server. */
export async function closeBrowser(): Promise<void> {
  await browser?.close();
  browser = undefined;
  if (served) closeServer(served);
  served = undefined;
}

export function closeServer({ server }: Served): void {
  server.close();
  server.closeAllConnections();
}

/** The width and height of a tab, in pixels. */
export interface Size {
  width: number;
  height: number;
}

/**
 * A learner's browser, with storage of its own, until `use` is done.
 *
 * @throws Error if a page threw what nobody caught
 */
export async function withLearner<R>(
  use: (context: BrowserContext) => Promise<R>,
  viewport: Size = { width: 1200, height: 800 },
): Promise<R> {
  const context = await (await openBrowser()).newContext({ viewport });
  context.setDefaultTimeout(LONGEST_MS);
  const thrown: string[] = [];
  context.on("weberror", (error) => thrown.push(error.error().message));
  try {
    const result = await use(context);
    if (thrown.length > 0) throw new Error(`a page threw errors:\n${thrown.join("\n")}`);
    return result;
  } finally {
    await context.close();
  }
}

/**
 * A learner's tab, until `use` is done.
 *
 * @throws Error if the page threw or wrote an error to the console
 */
export async function withTab<R>(
  use: (page: Page) => Promise<R>,
  viewport: Size = { width: 1400, height: 900 },
): Promise<R> {
  return withLearner(async (context) => {
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    const result = await use(page);
    if (errors.length > 0) throw new Error(`the page wrote errors:\n${errors.join("\n")}`);
    return result;
  }, viewport);
}

/** Opens an address in a tab, with the browser's own editor. */
export async function openTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await storeBefore(page, { "setting/editor": "plain" });
  await page.goto(url);
  await page.locator("main").waitFor();
  return page;
}

/** Puts values into the page's storage before it is opened. */
export async function storeBefore(page: Page, values: Readonly<Record<string, string>>): Promise<void> {
  await page.addInitScript((values) => {
    // the frame for learner code has none
    if (window !== window.top) return;
    for (const [key, value] of Object.entries(values)) localStorage.setItem(`backprop-dojo/1/${key}`, value);
  }, values);
}

/** The text in the open step's editor. */
export async function editorText(page: Page): Promise<string> {
  return page.locator(".editor textarea").inputValue();
}

/** Types over the whole text of the open step. */
export async function writeText(page: Page, text: string): Promise<void> {
  await page.locator(".editor textarea").fill(text);
}

/** The text of an exercise that the browser keeps. */
export async function keptText(page: Page, file: string): Promise<string | undefined> {
  const kept = await page.evaluate((key) => localStorage.getItem(key), `backprop-dojo/1/code/${file}`);
  return kept === null ? undefined : (JSON.parse(kept) as { text: string }).text;
}

/** The verdict's headline after grading the open step. */
export async function gradeOpen(page: Page): Promise<string> {
  await page.getByRole("button", { name: "Grade", exact: true }).click();
  const heading = page.locator(".verdict .result h3");
  await heading.waitFor();
  return heading.innerText();
}
