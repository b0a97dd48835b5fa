/**
 * esbuild's program, for our own files. Its module is only for learner files: it starts one process for all builds, and
 * theirs needs a box. Plain JavaScript, because the code that bundles the grader uses it as well.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

/**
 * esbuild's program for this machine.
 *
 * @returns {string}
 * @throws the error of a missing module
 */
export function esbuildProgram() {
  const ofEsbuild = createRequire(createRequire(import.meta.url).resolve("esbuild"));
  const name = process.platform === "win32" ? "esbuild.exe" : "bin/esbuild";
  return ofEsbuild.resolve(`@esbuild/${process.platform}-${process.arch}/${name}`);
}

/**
 * Bundles one of our own files into one script.
 *
 * @param {string} root the project's
 * @param {string} entry relative to it: in an absolute path, the names of the folders above could be read as a pattern
 * @param {readonly string[]} flags
 * @returns {string}
 */
export function bundleOwn(root, entry, flags) {
  // without PWD, a root that is a link would be followed to the folder it names
  const options = { cwd: root, env: { ...process.env, PWD: root }, maxBuffer: 2 ** 28 };
  const all = [entry, "--bundle", "--preserve-symlinks", "--log-level=error", ...flags];
  const program = esbuildProgram();
  const { status, stdout, stderr, error } = spawnSync(program, all, options);
  if (status === 0) return stdout.toString();
  // the shell takes another system's program for a script, which fails in various ways
  if (!error && status !== null && status > 1) {
    throw Object.assign(new Error(`${program} does not run`), { code: "ENOEXEC", syscall: "spawn", path: program });
  }
  // what it says about our sources is for their developers
  throw error ?? new Error(`${entry} does not compile:\n${stderr.toString()}`);
}
