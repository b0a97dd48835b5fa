import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { serve } from "../../page/serve.ts";
import { findProgram } from "../../grader/runner/box.ts";
import { builtSite } from "./built-site.ts";
import type { Job, JobDone } from "./jobs.ts";
import { ended, withDriven, type Driven } from "./webdriver.ts";

/** The browsers that tests run the page in: those that are installed. No test downloads one. */

export const browsers = ["chromium", "firefox", "webkit"] as const;
export type Browser = (typeof browsers)[number];

/**
 * The headless shell is Chromium without what surrounds a page, and needs two thirds of its processor time.
 *
 * WebKit is Safari's engine: WebKitGTK has it, and a driver starts it. It is on no machine of CI: it brings 100 MB of a
 * desktop with it, and CI has no minute left. Where somebody has installed it, it is tested.
 */
const names: Readonly<Record<Browser, readonly string[]>> = {
  chromium: ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"],
  firefox: ["firefox-esr", "firefox"],
  webkit: ["WebKitWebDriver"],
};
/** It has no way to run without a screen. */
const SCREEN = "Xvfb";

/** A browser's program: that of BACKPROP_DOJO_CHROMIUM and so on, else one on the PATH; undefined if there is none. */
export function programOf(browser: Browser): string | undefined {
  const named = process.env[`BACKPROP_DOJO_${browser.toUpperCase()}`];
  if (named !== undefined) return named;
  return names[browser].map(findProgram).find((found) => found !== undefined);
}

/** Whether a browser is there; if it is not, says aloud that its tests are skipped. */
export function hasBrowser(browser: Browser): boolean {
  const isThere = programOf(browser) !== undefined && (browser !== "webkit" || findProgram(SCREEN) !== undefined);
  const how = browser === "webkit" ? " (on Debian: apt-get install webkit2gtk-driver xvfb)" : "";
  if (!isThere) process.stdout.write(`\nSKIPPED: the page in ${browser}: it is not installed${how}\n`);
  return isThere;
}

/** Drives WebKit until `use` is done. */
export function withWebKit<R>(use: (tab: Driven) => Promise<R>): Promise<R> {
  return withDriven({ driver: programOf("webkit")!, screen: findProgram(SCREEN)! }, use);
}

/** Chromium's own sandbox needs namespaces, which a container's root does not have. */
export const chromiumFlags: readonly string[] = process.getuid?.() === 0 ? ["--no-sandbox"] : [];

/** Opens a page in a browser, without a window, until `use` is done. */
export async function withBrowser<R>(browser: Browser, url: string, use: () => Promise<R>): Promise<R> {
  if (browser === "webkit") {
    return withWebKit(async (tab) => {
      await tab.goTo(url);
      return use();
    });
  }
  const profile = mkdtempSync(path.join(tmpdir(), "backprop-dojo-browser-"));
  const flags =
    browser === "chromium"
      ? ["--headless", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`, ...chromiumFlags, url]
      : ["--headless", "--no-remote", "--profile", profile, url];
  // a group of its own: a browser is many processes
  const child = spawn(programOf(browser)!, flags, { stdio: "ignore", detached: true });
  try {
    return await use();
  } finally {
    await ended(child);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Grades trees in a browser, one after another. */
export async function gradeIn(browser: Browser, jobs: readonly Job[], longestMs: number): Promise<readonly JobDone[]> {
  const done: JobDone[] = [];
  let finish = (): void => {};
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const answer = (request: IncomingMessage, response: ServerResponse): boolean => {
    if (request.url === "/jobs") {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(jobs));
      return true;
    }
    if (request.url !== "/done") return false;
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      response.writeHead(204).end();
      done.push(JSON.parse(text) as JobDone);
      if (done.length === jobs.length) finish();
    });
    return true;
  };
  const { url, server } = await serve(builtSite("tests/page/in-page.ts"), 0, answer);
  try {
    await withBrowser(browser, url, async () => {
      const late = setTimeout(finish, longestMs);
      await finished;
      clearTimeout(late);
    });
    const left = jobs.slice(done.length).map(({ name }): JobDone => ({ name, milliseconds: 0, failed: "no answer" }));
    return [...done, ...left];
  } finally {
    server.close();
    server.closeAllConnections();
  }
}
