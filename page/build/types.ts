import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import type { CompilerOptions } from "typescript-6";
import { checkerOptions, consoleFile, importable, importPaths } from "../../grader/grading/type-notes.ts";
import { bundleOwn } from "../../grader/runner/program.mjs";
import { cacheFolder, graderFolder, projectRoot } from "../../grader/runner/project.ts";
import { graderSources, hashOfSources } from "../../grader/runner/sources.mjs";
import { typeChecker } from "../../grader/runner/typecheck.ts";
import { readChecked, removeOld, writeChecked } from "../../grader/runner/whole.mjs";
import { GRADER, LIB, type Library } from "../types/protocol.ts";
import { leanCompiler } from "./lean-typescript.ts";

/** The page's type checker: TypeScript without what only checking never uses, and the declarations that it reads. */
export interface TypeScript {
  /** A classic script, for a worker. */
  worker: string;
  /** JSON, see Library. */
  library: string;
}

/**
 * Makes it, or takes it from the cache; undefined if TypeScript is not installed: then the page has no type notes.
 *
 * @throws Error if TypeScript has another form than its pinned version
 */
export function typeScript(): TypeScript | undefined {
  const program = typeChecker();
  const compiler = compilerFolder();
  if (program === undefined || compiler === undefined) return undefined;
  const sources = hashOfSources(projectRoot, ["page/types", "page/build", ...graderSources]);
  const kept = path.join(cacheFolder, `page-types-${sources}.json`);
  const known = readChecked(kept);
  if (known !== undefined) return JSON.parse(known) as TypeScript;
  const library: Library = {
    options: compilerOptions(compiler),
    files: { ...languageLibrary(compiler), ...declarations(program) },
  };
  const made = { worker: workerScript(compiler), library: JSON.stringify(library) };
  writeChecked(kept, JSON.stringify(made));
  removeOld(cacheFolder, /^page-types-.*\.json$/, KEPT);
  return made;
}

/** How many are kept. */
const KEPT = 2;

/** The folder of TypeScript 6, the last one that is written in JavaScript; undefined if it is not installed. */
function compilerFolder(): string | undefined {
  try {
    return path.dirname(createRequire(import.meta.url).resolve("typescript-6/lib/_tsc.js"));
  } catch {
    return undefined;
  }
}

function workerScript(compiler: string): string {
  return inFolder((folder) => {
    const lean = path.join(folder, "typescript.js");
    writeFileSync(lean, leanCompiler(readFileSync(path.join(compiler, "_tsc.js"), "utf8")));
    const flags = ["--format=iife", "--minify", "--target=es2023", "--platform=browser"];
    return bundleOwn(projectRoot, "page/types/worker.ts", [...flags, `--alias:typescript-6=${lean}`]);
  });
}

/** The options of the command line's type checker as the compiler has them. */
function compilerOptions(compiler: string): CompilerOptions {
  const { convertCompilerOptionsFromJson } = createRequire(import.meta.url)(
    path.join(compiler, "typescript.js"),
  ) as typeof import("typescript-6");
  // the command line's TypeScript names the members of a union in this order
  const json = { ...checkerOptions, stableTypeOrdering: true, paths: importPaths(GRADER) };
  const { options, errors } = convertCompilerOptionsFromJson(json, "/");
  if (errors.length > 0) throw new Error(JSON.stringify(errors));
  return options;
}

/** What the language itself declares, as far as the options name it. */
function languageLibrary(compiler: string): Library["files"] {
  const found = new Map<string, string>();
  const add = (name: string): void => {
    if (found.has(name)) return;
    const text = readFileSync(path.join(compiler, name), "utf8");
    found.set(name, withoutComments(text));
    for (const [, lib] of text.matchAll(/^\/\/\/ <reference lib="(.+)" \/>/gm)) add(`lib.${lib}.d.ts`);
  };
  for (const lib of checkerOptions.lib) add(`lib.${lib}.d.ts`);
  return Object.fromEntries([...found].map(([name, text]) => [`${LIB}/${name}`, text]));
}

/** A declaration file without its comments, but for licenses and what names other files, and without its indentation. */
function withoutComments(text: string): string {
  return text
    .replaceAll(/\/\*(?!!)[^]*?\*\//g, "")
    .replaceAll(/^\s*\/\/(?!\/ <reference).*$/gm, "")
    .replaceAll(/\s*\n\s*/g, "\n")
    .trim();
}

/**
 * What #tensor and #course declare, and what declares the console: the declarations of the grader's sources, as far as
 * those two lead to them.
 */
function declarations(program: string): Library["files"] {
  const entries = Object.values(importable);
  const all = inFolder((folder) => {
    const config = path.join(folder, "tsconfig.json");
    const compilerOptions = {
      ...checkerOptions,
      noEmit: false,
      // a test of the repository checks them
      noCheck: true,
      declaration: true,
      emitDeclarationOnly: true,
      removeComments: true,
      rootDir: graderFolder,
      outDir: path.join(folder, "made"),
      paths: importPaths(graderFolder),
    };
    const files = entries.map((file) => path.join(graderFolder, file));
    writeFileSync(config, JSON.stringify({ compilerOptions, files }));
    const { status, stdout, error } = spawnSync(program, ["-p", config, "--pretty", "false"], { encoding: "utf8" });
    if (error || status !== 0) throw error ?? new Error(`the grader's declarations: ${stdout}`);
    return textsIn(path.join(folder, "made"));
  });
  const needed = new Map<string, string>();
  const add = (name: string): void => {
    const text = all.get(name);
    if (needed.has(name)) return;
    if (text === undefined) throw new Error(`the grader's declarations: there is no ${name}`);
    needed.set(name, text);
    for (const [, to] of text.matchAll(/(?:from |import\()"(\.[^"]+)"/g)) {
      add(declared(path.posix.join(path.posix.dirname(name), to!)));
    }
  };
  for (const file of entries) add(declared(file));
  needed.set(consoleFile, readFileSync(path.join(graderFolder, consoleFile), "utf8"));
  return Object.fromEntries([...needed].map(([name, text]) => [`${GRADER}/${name}`, withoutComments(text)]));
}

/** The name of a source's declarations. */
function declared(file: string): string {
  return file.replace(/\.ts$/, ".d.ts");
}

function textsIn(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return new Map(names.map((name) => [name.replaceAll(path.sep, "/"), readFileSync(path.join(folder, name), "utf8")]));
}

function inFolder<R>(use: (folder: string) => R): R {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-types-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
