import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { once } from "../../network/once.ts";
import { bundleLibrary } from "../../runner/bundle.ts";
import { programIdentity } from "../../runner/identity.ts";
import { bundleProgram } from "../../runner/kept.mjs";
import { cacheFolder, graderFolder, projectRoot } from "../../runner/project.ts";
import { readChecked, withTrailer } from "../../runner/whole.mjs";
import { UsageError } from "../usage.ts";
import { textFile, type PackedFile, type PackedFiles } from "./pack.ts";

/** The platforms run Linux on x64: esbuild's program for it, whatever system the pack is made on. */
const PROGRAM = "@esbuild/linux-x64";

/** What the script of the grader reads while it grades, from the project's root. */
const read = [
  "LICENSE",
  "data/names.txt",
  "data/torch/lecture.safetensors",
  "grader/start.cjs",
  "grader/runner/child.mjs",
  "grader/runner/compiled.mjs",
  "grader/runner/esbuild.sh",
  "grader/runner/folder.mjs",
  "grader/runner/frames.mjs",
  "grader/runner/system.mjs",
  "grader/runner/whole.mjs",
];

/** What packages are called in a pack: many repositories ignore node_modules, and NODE_PATH can name any folder. */
const PACKAGES = "packages";

/**
 * A grader that needs nothing but Node: one script, what it reads, and the bundler. No solution and no exercise is in it.
 *
 * @throws UsageError if the bundler's program for Linux is not installed
 */
export const graderFiles = once(async (): Promise<PackedFiles> => {
  const { name, version, license } = JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license: string;
  };
  const script = graderScript();
  const about = { name, version, license, private: true, description: "A packed grader: npm run pack wrote it." };
  return new Map([
    ["package.json", textFile(`${JSON.stringify(about, null, 2)}\n`)],
    ...read.map((file): [string, PackedFile] => [file, projectFile(file, file.endsWith(".sh"))]),
    ["grader/launch.mjs", projectFile("grader/launch-packed.mjs")],
    ["grader/cli.cjs", textFile(script)],
    ["LICENSES.txt", textFile(licensesIn(script))],
    ["grader/library.js", textFile(withTrailer(await bundleLibrary()))],
    ...packageFiles("esbuild", ["package.json", "LICENSE.md", "lib/main.js"]),
    ...packageFiles(PROGRAM, ["package.json", "bin/esbuild"]),
  ]);
});

function projectFile(file: string, isProgram = false): PackedFile {
  return { bytes: readFileSync(path.join(projectRoot, file)), isProgram };
}

/** The grader as one script: the one that is running, if it is kept. */
function graderScript(): string {
  const file = `${programIdentity}.all.cjs`;
  const code = readChecked(path.join(cacheFolder, file));
  return code ?? bundleProgram(projectRoot, "grader/cli.ts", programIdentity, file).code;
}

/** The licenses of the packages that are part of the script, which names each of their files in a comment. */
function licensesIn(script: string): string {
  const files = script.matchAll(/^\s*\/\/ node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm);
  const names = [...new Set([...files].map(([, name]) => name!))].sort();
  const texts = names.map((name) => {
    const folder = path.join(projectRoot, "node_modules", name);
    const license = readdirSync(folder).find((file) => /^(?:licen[cs]e|copying)\b/i.test(file));
    return `${name}\n\n${license ? readFileSync(path.join(folder, license), "utf8").trim() : "See its package."}\n`;
  });
  return `grader/cli.cjs contains these packages.\n\n${texts.join(`\n${"-".repeat(80)}\n\n`)}`;
}

function packageFiles(name: string, files: readonly string[]): [string, PackedFile][] {
  const folder = path.join(projectRoot, "node_modules", name);
  if (!existsSync(folder)) {
    const { version } = JSON.parse(
      readFileSync(path.join(projectRoot, "node_modules", "esbuild", "package.json"), "utf8"),
    ) as { version: string };
    throw new UsageError(
      `a pack needs the bundler for Linux: npm install --no-save --force ${name}@${version} brings it, then try again`,
    );
  }
  return files.map((file) => [
    `${PACKAGES}/${name}/${file}`,
    { bytes: readFileSync(path.join(folder, file)), isProgram: file.startsWith("bin/") },
  ]);
}

/** A script of a pack, from the folder beside this file. */
export function packScript(file: string): PackedFile {
  return { bytes: readFileSync(path.join(graderFolder, "commands", "pack", file)), isProgram: true };
}
