import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pages } from "../grader/commands/check.ts";
import { pictureFiles } from "../grader/course/pictures/index.ts";
import { parts, steps } from "../grader/course/steps.ts";
import { cacheFolder, projectRoot } from "../grader/runner/project.ts";
import { graderSources, hashOfSources } from "../grader/runner/sources.mjs";
import { stubOf } from "../grader/runner/workspace/stubs.ts";
import { withFolder } from "./trees.ts";

/** How a command ended, and what it printed. */
export interface Run {
  status: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a command of the project in `root`, as npm's scripts do.
 *
 * @param before the beginning of the command line: another Node with its options, or a command that runs it as another user
 */
export function dojo(
  args: string[],
  root = projectRoot,
  before = [process.execPath],
): Promise<Run> & { pid: number | undefined } {
  let pid: number | undefined;
  const run = new Promise<Run>((resolve) => {
    const env = { ...process.env, NO_COLOR: "1", INIT_CWD: root };
    const [command, ...first] = [...before, path.join(root, "grader/start.cjs")];
    ({ pid } = execFile(command!, [...first, ...args], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), stdout, stderr });
    }));
  });
  return Object.assign(run, { pid });
}

/**
 * A copy of the project that tests can change, without the large files, and with the grader's script: to make it takes
 * longer than most commands.
 *
 * @param name of its folder, within a temporary one; the temporary folder itself by default
 */
export async function withCopy<R>(use: (root: string) => Promise<R>, name = ""): Promise<R> {
  return withNewCopy((root) => {
    keepProgram(root);
    return use(root);
  }, name);
}

/** A copy in which no command has run: there is no cache. */
export async function withNewCopy<R>(use: (root: string) => Promise<R>, name = ""): Promise<R> {
  return withFolder({}, async (folder) => {
    const root = path.join(folder, name);
    mkdirSync(root, { recursive: true });
    for (const name of ["package.json", "package-lock.json", "grader", "page", "solutions", "data"]) {
      cpSync(path.join(projectRoot, name), path.join(root, name), { recursive: true });
    }
    // whatever the learner's exercises contain, the copy begins with the stubs
    for (const step of steps) write(path.join(root, "exercises", step.file), stubOf(step));
    for (const page of [...Object.values(parts).map((part) => `${part}/README.md`), ...pages]) {
      write(path.join(root, "exercises", page), "A lesson.\n");
    }
    for (const [file, text] of pictureFiles()) write(path.join(root, "exercises", file), text);
    linkPackages(root);
    return use(root);
  });
}

/** The grader's script as this project keeps it, which a copy would make again, equal in every byte. */
function keepProgram(root: string): void {
  if (!existsSync(cacheFolder)) return;
  const identity = hashOfSources(projectRoot, graderSources);
  const kept = readdirSync(cacheFolder).filter((name) => name.startsWith(`${identity}.`));
  for (const name of kept) {
    const file = path.join(root, path.relative(projectRoot, cacheFolder), name);
    mkdirSync(path.dirname(file), { recursive: true });
    cpSync(path.join(cacheFolder, name), file);
  }
}

/** Packages are linked one by one, so that the copy has a cache of its own. */
export function linkPackages(root: string): void {
  mkdirSync(path.join(root, "node_modules"));
  for (const name of readdirSync(path.join(projectRoot, "node_modules")).filter((name) => !name.startsWith("."))) {
    symlinkSync(path.join(projectRoot, "node_modules", name), path.join(root, "node_modules", name), "junction");
  }
}

function write(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
