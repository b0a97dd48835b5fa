import { createRequire } from "node:module";

/**
 * esbuild's own program for this machine. It is started as a process wherever files of ours are bundled: esbuild's
 * module would start one for the whole process, and learner files need one in a box.
 *
 * Plain JavaScript, because what bundles the grader runs it too.
 *
 * @returns {string}
 */
export function esbuildProgram() {
  const ofEsbuild = createRequire(createRequire(import.meta.url).resolve("esbuild"));
  const name = process.platform === "win32" ? "esbuild.exe" : "bin/esbuild";
  return ofEsbuild.resolve(`@esbuild/${process.platform}-${process.arch}/${name}`);
}
