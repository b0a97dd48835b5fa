import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { cacheFolder, projectRoot } from "../../grader/runner/project.ts";
import { hashOfSources } from "../../grader/runner/sources.mjs";
import { buildPage, pageSources } from "../../page/build.ts";

/** The site that tests open: built once for all test files, and kept until its sources change. */

/** What a site begins with: the page that learners see, or what tests run in a page of their own. */
export type Main = "page/app/main.ts" | "tests/page/in-page.ts";

/** The folder of the built site. */
export function builtSite(main: Main = "page/app/main.ts"): string {
  return path.join(keptSite(main), "files");
}

/** The budgets that the page exceeds. */
export function exceededBudgets(): readonly string[] {
  return JSON.parse(readFileSync(path.join(keptSite("page/app/main.ts"), "exceeded.json"), "utf8")) as string[];
}

const SITE = /^site-/;
/** Sites of other sources than today's are removed after this time, in milliseconds. */
const KEPT_MS = 86_400_000;

const found = new Map<Main, string>();

function keptSite(main: Main): string {
  const folder = found.get(main) ?? siteOfSources(main);
  found.set(main, folder);
  return folder;
}

/** Two test files may build the same site at the same time: each builds it beside, and the first one's is kept. */
function siteOfSources(main: Main): string {
  const sources = [...pageSources, ...(main.startsWith("tests/") ? [path.dirname(main)] : [])];
  const folder = path.join(cacheFolder, `site-${hashOfSources(projectRoot, sources)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cacheFolder, { recursive: true });
  removeOld();
  const beside = mkdtempSync(path.join(cacheFolder, "site-"));
  try {
    const { exceeded } = buildPage(path.join(beside, "files"), main);
    writeFileSync(path.join(beside, "exceeded.json"), JSON.stringify(exceeded));
    renameSync(beside, folder);
  } catch (error) {
    rmSync(beside, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function removeOld(): void {
  for (const name of readdirSync(cacheFolder).filter((name) => SITE.test(name))) {
    const folder = path.join(cacheFolder, name);
    const found = statSync(folder, { throwIfNoEntry: false });
    if (found && Date.now() - found.mtimeMs > KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
}
