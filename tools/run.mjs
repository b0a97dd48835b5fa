/**
 * Runs a script of this folder's package.json on behalf of the one at the root: `node tools/run.mjs lint`. If the tools are
 * not installed, or in other versions than the lock names, it says in one line how to install them.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

const folder = import.meta.dirname;
const [script] = process.argv.slice(2);

const lacking = Object.entries(manifestOf(folder)?.devDependencies ?? {}).filter(
  ([name, version]) => manifestOf(path.join(folder, "node_modules", name))?.version !== version,
);
if (lacking.length > 0) {
  const names = lacking.map(([name, version]) => `${name} ${version}`).join(" and ");
  process.stderr.write(`npm run ${script} needs ${names}: run npm ci --prefix tools, then try again\n`);
  process.exitCode = 2;
} else {
  // on Windows, npm is a script that only a shell can start
  const { status } = spawnSync(`npm run --silent ${script}`, { cwd: folder, stdio: "inherit", shell: true });
  process.exitCode = status ?? 1;
}

/**
 * @param {string} packageFolder
 * @returns {{ version?: string, devDependencies?: Record<string, string> } | undefined} undefined if there is none
 */
function manifestOf(packageFolder) {
  try {
    return JSON.parse(readFileSync(path.join(packageFolder, "package.json"), "utf8"));
  } catch {
    return undefined;
  }
}
