import { createHash } from "node:crypto";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import vm from "node:vm";
import { transformSync } from "esbuild";
import * as course from "#course";
import * as tensors from "#tensor";
import { consoleInto } from "../../grader/grading/console.ts";
import { frames } from "../../grader/course/frames.ts";
import { guestOf, guestOfFailed, type Guest, type Printed } from "../../grader/grading/guest.ts";
import type { Bundle, Host, Learner, Located, SourceFile, SourceStep } from "../../grader/grading/host.ts";
import { snapshot } from "../../grader/grading/packing.ts";
import type { Failure } from "../../grader/verdict/judge.ts";

/**
 * A host without Node's processes, as plain as possible: the files are texts in memory, each is compiled on its own, and
 * their functions are called in this process, without a context or messages as text. It has no box and no limits.
 *
 * @param files the tree's texts, by name
 */
export function inProcessHost(files: Readonly<Record<string, string>>): Host {
  return {
    identity: "in process",
    sources: {
      bundle: (steps) => Promise.resolve(new Map(steps.map((step) => [step.id, bundled(files, step)]))),
      text: (file) => files[file] ?? "",
    },
    startLearner: () => learnerOf(files),
    sha256: (text) => Uint8Array.from(createHash("sha256").update(text).digest()),
    letAnswersIn: () => setImmediate(),
  };
}

/** A file as the function of a CommonJS module. */
interface Compiled {
  code: string;
  map: SourceMap;
  imports: string[];
}

const compiled = new Map<string, Compiled>();

function compile(file: string, text: string): Compiled {
  const known = compiled.get(file + text);
  if (known) return known;
  const options = { loader: "ts", format: "cjs", sourcemap: "external", sourcefile: file, target: "node20" } as const;
  const { code, map } = transformSync(text, options);
  const imports = [...code.matchAll(/require\("(\.[^"]+)"\)/g)].map(([, wanted]) => resolved(wanted!, file));
  const made = { code, map: new SourceMap(JSON.parse(map) as SourceMapPayload), imports };
  compiled.set(file + text, made);
  return made;
}

function resolved(wanted: string, importer: string): string {
  return path.posix.join(path.posix.dirname(importer), wanted);
}

function bundled(files: Readonly<Record<string, string>>, step: SourceStep): Bundle | Failure {
  if (files[step.file] === undefined) return { kind: "missing", message: `${step.file} does not exist`, at: null };
  const names = new Set([step.file]);
  for (const name of names) for (const other of compile(name, files[name]!).imports) names.add(other);
  const [own, ...others] = names;
  const sources = [own!, ...others.sort()].map((file): SourceFile => ({ file, text: files[file]! }));
  // the function to run is found by these two
  const code = JSON.stringify({ file: step.file, name: step.export });
  return { code, sources, absent: [], locate: (stack, context) => locate(files, stack, context) };
}

function locate(files: Readonly<Record<string, string>>, stack: string, context: string): Located {
  const script = scriptName(context, "");
  const lines = stack.split("\n").filter((line) => /^ +at /.test(line));
  const places = lines.flatMap((text) => {
    const [, file, line, column] = /([^ ()]+):(\d+):(\d+)\)?$/.exec(text.split(script)[1] ?? "") ?? [];
    if (file === undefined) return [];
    const entry = compile(file, files[file]!).map.findEntry(Number(line) - 1, Number(column) - 1);
    if (!("originalSource" in entry)) return [];
    return [{ file, at: { line: entry.originalLine + 1, column: entry.originalColumn + 1 } }];
  });
  return { places, isOnTop: lines[0]?.includes(script) === true };
}

function scriptName(context: string, file: string): string {
  return `here/${context}/${file}`;
}

/** Calls functions in this process. */
function learnerOf(files: Readonly<Record<string, string>>): Learner {
  const contexts = new Map<string, { guest: Guest; printed: Printed }>();
  return {
    async ask(context, { code }, { header, tensors: given }) {
      const { guest, printed } = contexts.get(context) ?? load(files, context, code);
      contexts.set(context, { guest, printed });
      const answer = guest({ header, tensors: given.map(snapshot) });
      const run = { printed: printed.text, milliseconds: 0 };
      printed.text = "";
      return { ...run, status: "answered", message: answer };
    },
    close() {},
  };
}

function load(
  files: Readonly<Record<string, string>>,
  context: string,
  code: string,
): { guest: Guest; printed: Printed } {
  const printed = { text: "" };
  const { file, name } = JSON.parse(code) as { file: string; name: string };
  const loaded = new Map<string, Record<string, unknown>>();
  const console = consoleInto(printed);
  const load = (file: string): Record<string, unknown> => {
    const module = { exports: loaded.get(file) ?? {} };
    if (loaded.has(file)) return module.exports;
    loaded.set(file, module.exports);
    const require = (wanted: string): unknown => {
      if (wanted === "#tensor") return tensors;
      return wanted === "#course" ? course : load(resolved(wanted, file));
    };
    const script = compile(file, files[file]!).code;
    const run = vm.compileFunction(script, ["module", "require", "console"], { filename: scriptName(context, file) });
    run(module, require, console);
    loaded.set(file, module.exports);
    return module.exports;
  };
  try {
    return { guest: guestOf(load(file), name, printed, frames), printed };
  } catch (error) {
    return { guest: guestOfFailed(error), printed };
  }
}
