import { originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";
import * as tensorModule from "#tensor";
import * as courseModule from "../../../grader/course/exercise.ts";
import {
  beyondLimits,
  cannotImport,
  COMPUTED,
  filesMeant,
  TOO_LARGE,
  tooManyBytes,
} from "../../../grader/grading/beside.ts";
import type { Bundle, Located, SourceStep } from "../../../grader/grading/host.ts";
import { limits } from "../../../grader/grading/limits.ts";
import type { Failure } from "../../../grader/verdict/judge.ts";
import { limited } from "../../../grader/verdict/result.ts";
import { compile, LIBRARY, type Compiled } from "./compile.ts";
import type { Import } from "./imports.ts";
import { placeIn, type Refused } from "./refused.ts";
import { columnInV8, readStack, type Place } from "./stack.ts";
import { hasTailCalls, holder } from "./tail-calls.ts";

/** A tree's texts by name. */
export type Texts = Readonly<Record<string, string>>;

/** What the library exports, by the names that exercises import it by. */
const exported: Readonly<Record<(typeof LIBRARY)[number], object>> = {
  "#tensor": tensorModule,
  "#course": courseModule,
};

/** A file does not compile, or imports what it cannot. */
class Problem extends Error {
  readonly file: string;
  readonly refused: Refused;

  constructor(file: string, refused: Refused) {
    super(refused.said);
    this.file = file;
    this.refused = refused;
  }
}

/** One file of a bundle. */
interface Module {
  file: string;
  text: string;
  compiled: Compiled;
  /** The file that each import means, by what is written; the library's modules mean themselves. */
  means: Readonly<Record<string, string>>;
}

/** A step's file and what it imports as one script; a Failure if it is missing or does not compile. */
export function bundle(texts: Texts, step: SourceStep): Bundle | Failure {
  const { file } = step;
  if (texts[file] === undefined) return { kind: "missing", message: `${file} does not exist`, at: null };
  const bytes = bytesOf(texts[file]);
  if (bytes > limits.sourceBytes) return { kind: "missing", message: tooManyBytes(file, bytes), at: null };
  const absent = new Set<string>();
  try {
    const modules = modulesOf(texts, file, absent);
    const made = scriptOf(modules, step);
    if (made.code.length > limits.bundleCharacters) return { kind: "threw", message: TOO_LARGE, at: null };
    const [own, ...others] = modules.map(({ file, text }) => ({ file, text }));
    others.sort((a, b) => (a.file < b.file ? -1 : 1));
    return { code: made.code, sources: [own!, ...others], absent: [...absent], locate: made.locate };
  } catch (error) {
    if (error instanceof Problem) return failure(error, step);
    throw error;
  }
}

/** A file and everything that it imports, directly or indirectly: its own first. */
function modulesOf(texts: Texts, first: string, absent: Set<string>): Module[] {
  const modules = new Map<string, Module>();
  let imports = 0;
  let characters = 0;
  const add = (file: string): void => {
    const text = texts[file]!;
    characters += text.length;
    const compiled = compile(file, text);
    if ("said" in compiled) throw new Problem(file, compiled);
    const means: Record<string, string> = {};
    for (const one of compiled.imports) {
      imports += 1;
      const problem = beyondLimits(imports, modules.size, characters);
      if (problem !== undefined) throw new Problem(file, { said: problem, at: placeIn(text, one.at) });
      if (one.from === undefined) throw new Problem(file, { said: COMPUTED, at: undefined });
      means[one.from] = meaning(texts, file, one, text, absent);
    }
    modules.set(file, { file, text, compiled, means });
  };
  add(first);
  for (const { means } of modules.values()) {
    for (const other of Object.values(means)) {
      if (isLibrary(other) || modules.has(other)) continue;
      add(other);
    }
  }
  for (const module of modules.values()) checkNames(module, modules);
  return [...modules.values()];
}

/** What an import means: a module of the library, or a file of the tree. */
function meaning(texts: Texts, file: string, { from, at }: Import, text: string, absent: Set<string>): string {
  if (isLibrary(from!)) return from;
  const files = filesMeant(from!, file);
  const found = files.findIndex((name) => texts[name] !== undefined);
  if (found < 0) throw new Problem(file, { said: cannotImport(from!), at: placeIn(text, at) });
  for (const name of files.slice(0, found)) absent.add(name);
  const bytes = bytesOf(texts[files[found]!]!);
  if (bytes > limits.sourceBytes)
    throw new Problem(file, { said: tooManyBytes(files[found]!, bytes), at: placeIn(text, at) });
  return files[found]!;
}

function isLibrary(name: string): name is keyof typeof exported {
  return LIBRARY.some((one) => one === name);
}

/** @throws Problem if a name is imported that is not exported */
function checkNames({ file, text, compiled, means }: Module, modules: ReadonlyMap<string, Module>): void {
  for (const { from, names } of compiled.imports) {
    const meant = means[from!]!;
    const known = isLibrary(meant) ? new Set(Object.keys(exported[meant])) : modules.get(meant)!.compiled.exports;
    const where = isLibrary(meant) ? `library:${meant}` : `tree:${meant}`;
    for (const { name, start } of names) {
      if (!known || known.has(name) || name === "*") continue;
      const said = `No matching export in "${where}" for import "${name}"`;
      throw new Problem(file, { said, at: placeIn(text, start) });
    }
  }
}

function failure({ file, refused: { said, at } }: Problem, step: SourceStep): Failure {
  const isOwn = file === step.file;
  const where = isOwn || !at ? "" : `${file}:${at.line}:${at.column}: `;
  return {
    kind: "threw",
    message: limited(`does not compile: ${where}${said}`),
    at: isOwn ? (at ?? null) : null,
    ...(isOwn && at && { cause: { kind: "compiler", said: limited(said) } }),
  };
}

/** The script of some files, and what finds their lines in it. */
function scriptOf(modules: readonly Module[], step: SourceStep): Pick<Bundle, "code" | "locate"> {
  const lines = [`"use strict"; ${hasTailCalls ? holder : ""}try { const files = {`];
  const starts: { module: Module; line: number }[] = [];
  let count = lines.length;
  const push = (text: string): void => {
    lines.push(text);
    count += text.split("\n").length;
  };
  for (const module of modules) {
    push(`${JSON.stringify(module.file)}: [${JSON.stringify(module.means)}, function (exports, require) {`);
    // the compiled code's second line is the file's first
    starts.push({ module, line: count + 1 });
    push(module.compiled.code);
    push("}],");
  }
  push(`}; ${LOADER} __serve(load(${JSON.stringify(step.file)}), ${JSON.stringify(step.export)});`);
  push("} catch (error) { __failed(error); }");
  push(`//# sourceURL=${scriptName(step.id)}`);
  return { code: lines.join("\n"), locate: (stack, context) => locate(stack, context, starts) };
}

/** Loads files as CommonJS modules, each once. */
const LOADER = `const loaded = { "#tensor": __tensor, "#course": __course };
const load = (file) => {
  if (Object.hasOwn(loaded, file)) return loaded[file];
  const [means, run] = files[file];
  const exports = (loaded[file] = {});
  run.call(undefined, exports, (wanted) => {
    if (!Object.hasOwn(means, wanted)) throw Error(\`Dynamic require of "\${wanted}" is not supported\`);
    return load(means[wanted]);
  });
  return exports;
};`;

/** What stack traces call the script of a context. */
export function scriptName(context: string): string {
  return `step:${context}`;
}

const maps = new WeakMap<Compiled, TraceMap>();

function locate(stack: string, context: string, starts: readonly { module: Module; line: number }[]): Located {
  const { places, isOnTop } = readStack(stack, scriptName(context));
  const located = places.flatMap(({ line, column }) => {
    const start = starts.findLast((one) => one.line < line);
    if (!start) return [];
    const { file, compiled } = start.module;
    const map = maps.get(compiled) ?? new TraceMap(compiled.map);
    maps.set(compiled, map);
    const found = originalPositionFor(map, placeBefore(compiled, line - start.line, column));
    return found.line === null ? [] : [{ file, at: { line: found.line, column: found.column + 1 } }];
  });
  return { places: located, isOnTop };
}

/** A place of a stack trace, both from 1, as the map has it: the column from 0. */
function placeBefore({ held }: Compiled, line: number, column: number): Place {
  const code = held.code.split("\n", line)[line - 1] ?? "";
  const at = hasTailCalls ? columnInV8(code, column) : column;
  return { line, column: held.columnBefore(line, Math.max(at, 1) - 1) };
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
