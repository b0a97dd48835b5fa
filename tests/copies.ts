import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../grader/runner/project.ts";
import { withFolder } from "./trees.ts";

/** How a command ended, and what it printed. */
export interface Run {
  status: number;
  stdout: string;
  stderr: string;
}

/** Runs a command of the project in `root`, as npm's scripts do. */
export function dojo(args: string[], root = projectRoot): Promise<Run> {
  return new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: "1", INIT_CWD: root };
    execFile(
      process.execPath,
      [path.join(root, "grader/start.mjs"), ...args],
      { cwd: root, env },
      (error, stdout, stderr) => {
        resolve({ status: Number(error?.code ?? 0), stdout, stderr });
      },
    );
  });
}

/** A copy of the project to change, without what is large. */
export async function withCopy<R>(use: (root: string) => Promise<R>): Promise<R> {
  return withFolder({}, async (root) => {
    for (const name of ["package.json", "package-lock.json", "grader", "exercises", "solutions", "data"]) {
      cpSync(path.join(projectRoot, name), path.join(root, name), { recursive: true });
    }
    linkPackages(root);
    return use(root);
  });
}

/** Packages are linked one by one, so that the copy has a cache of its own. */
export function linkPackages(root: string): void {
  mkdirSync(path.join(root, "node_modules"));
  for (const name of readdirSync(path.join(projectRoot, "node_modules")).filter((name) => !name.startsWith("."))) {
    symlinkSync(path.join(projectRoot, "node_modules", name), path.join(root, "node_modules", name), "junction");
  }
}
