/**
 * esbuild by its own program, for files of ours. Its module is for learner files alone: it starts one process for all
 * builds, and theirs needs a box. Plain JavaScript, because what bundles the grader uses it too.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";

/**
 * esbuild's program for this machine.
 *
 * @returns {string}
 * @throws the error of a module that is not found
 */
export function esbuildProgram() {
  const ofEsbuild = createRequire(createRequire(import.meta.url).resolve("esbuild"));
  const name = process.platform === "win32" ? "esbuild.exe" : "bin/esbuild";
  return ofEsbuild.resolve(`@esbuild/${process.platform}-${process.arch}/${name}`);
}

/**
 * Bundles a file of ours into one script.
 *
 * @param {string} root the project's
 * @param {string} entry from there: in an absolute path, what the folders above are called could be taken for a pattern
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
  // another system's program is taken for a script by the shell, which ends in ways of its own
  if (!error && status !== null && status > 1) {
    throw Object.assign(new Error(`${program} does not run`), { code: "ENOEXEC", syscall: "spawn", path: program });
  }
  // what it says of our sources is for whoever changes them
  throw error ?? new Error(`${entry} does not compile:\n${stderr.toString()}`);
}
