import type * as Esbuild from "esbuild";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import * as tensorModule from "#tensor";
import * as courseModule from "../course/exercise.ts";
import {
  beyondLimits,
  cannotImport,
  COMPUTED,
  endingOf,
  filesMeant,
  TOO_LARGE,
  type Loadable,
} from "../grading/beside.ts";
import type { Bundle, Located, SourceStep } from "../grading/host.ts";
import type { Failure } from "../verdict/judge.ts";
import { limited } from "../verdict/result.ts";
import { build, BundlerError, bundlerWorks } from "./esbuild.ts";
import { programIdentity } from "./identity.ts";
import { limits } from "./limits.ts";
import { RunnerError } from "./process.ts";
import { bundleOwn } from "./program.mjs";
import { cacheFolder, graderFolder, projectRoot } from "./project.ts";
import type { SourceError } from "./source.ts";
import { folderTree, type Tree } from "./tree.ts";
import { readChecked, writeChecked } from "./whole.mjs";

const guest = path.join(graderFolder, "runner", "guest.ts");
/** What exercises may import by name: the library puts these modules' exports on the global object, by this name. */
const offered = {
  "#tensor": { module: tensorModule, global: "__tensor" },
  "#course": { module: courseModule, global: "__course" },
};

const common = {
  bundle: true,
  write: false,
  format: "iife",
  platform: "neutral",
  target: "node20",
  logLevel: "silent",
} as const satisfies Esbuild.BuildOptions;

/** What every exercise runs on: tensors, todo() and the code that answers requests, as one script. */
export function bundleLibrary(): Promise<string> {
  return (library ??= readLibrary());
}

let library: Promise<string> | undefined;

/** Cached next to the grader's own bundle, see launch.mjs: it is made from the same sources. */
async function readLibrary(): Promise<string> {
  const file = path.join(cacheFolder, `${programIdentity}.library.js`);
  // a packed grader has it beside its script, and no sources to make it from
  const kept = readChecked(path.join(graderFolder, "library.js")) ?? readChecked(file);
  if (kept !== undefined) return kept;
  const { format, platform, target } = common;
  const flags = [`--format=${format}`, `--platform=${platform}`, `--target=${target}`, "--main-fields=module,main"];
  const text = bundleOwn(projectRoot, path.relative(projectRoot, guest), flags);
  writeChecked(file, text);
  return text;
}

/** The namespace of a tree's files: their prefix in source maps and errors. */
const SOURCE = "tree:";
const LIBRARY = "library";

/**
 * Bundles each step's file of a tree into a script that answers requests. One build serves all; if it fails, each file is
 * built on its own, so that one syntax error does not hide the others.
 *
 * @param root the graded tree
 */
export function bundleSteps(root: string, steps: readonly SourceStep[]): Promise<Map<string, Bundle | Failure>> {
  return bundleTree(folderTree(root), steps);
}

/** The same of a tree wherever its files are. */
export async function bundleTree(tree: Tree, steps: readonly SourceStep[]): Promise<Map<string, Bundle | Failure>> {
  const found = new Map<string, Bundle | Failure>();
  const sources = new Sources(tree);
  const present: SourceStep[] = [];
  for (const step of steps) {
    const problem = presence(sources, tree, step);
    if (problem) found.set(step.id, problem);
    else present.push(step);
  }
  if (present.length === 0) return found;
  try {
    for (const [id, made] of await bundle(sources, present)) found.set(id, unlessTooLarge(made));
  } catch {
    // one after another: a file that crashes the bundler should affect no other
    for (const step of present) {
      try {
        found.set(step.id, unlessTooLarge((await bundle(sources, [step])).get(step.id)!));
      } catch (reason) {
        if (reason instanceof BundlerError && !(await bundlerWorks())) {
          throw new RunnerError(
            "the bundler, esbuild, does not run on this machine; git checkout -- grader/runner/esbuild.sh restores its script, and npm ci its program",
          );
        }
        found.set(step.id, failure(reason, step));
      }
    }
  }
  return found;
}

/** In a very large bundle, finding a line would take the grader longer than running the exercise. */
function unlessTooLarge(made: Bundle): Bundle | Failure {
  if (made.code.length <= limits.bundleCharacters) return made;
  return { kind: "threw", message: TOO_LARGE, at: null };
}

function presence(sources: Sources, tree: Tree, step: SourceStep): Failure | undefined {
  try {
    if (sources.read(step.file) !== undefined) return undefined;
    return { kind: "missing", message: tree.missing(step), at: null };
  } catch (error) {
    return { kind: "missing", message: (error as SourceError).message, at: null };
  }
}

/** The files of a tree, each read once. */
class Sources {
  readonly #tree: Tree;
  readonly #texts = new Map<string, string | undefined>();
  readonly #missed = new Map<string, readonly string[]>();

  constructor(tree: Tree) {
    this.#tree = tree;
  }

  /** See Tree. */
  read(file: string): string | undefined {
    if (!this.#texts.has(file)) this.#texts.set(file, this.#tree.read(file));
    return this.#texts.get(file);
  }

  /** The file that an import means, relative to the tree; undefined if there is none in the tree. */
  resolve(wanted: string, importer: string): string | undefined {
    const files = filesMeant(wanted, importer);
    const found = files.findIndex((file) => this.read(file) !== undefined);
    if (found < 0) return undefined;
    this.#missed.set(importer, [...this.missedBy(importer), ...files.slice(0, found)]);
    return files[found];
  }

  /** Files that do not exist but, if they did, would be what a file's imports mean. */
  missedBy(importer: string): readonly string[] {
    return this.#missed.get(importer) ?? [];
  }
}

const loaders: Readonly<Record<Loadable, Esbuild.Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".js": "js",
  ".mjs": "js",
  ".json": "json",
};

async function bundle(sources: Sources, steps: readonly SourceStep[]): Promise<Map<string, Bundle>> {
  const result = await build({
    ...common,
    entryPoints: steps.map((step) => ({ in: step.file, out: step.id })),
    // only for names: nothing is written or read there
    outdir: path.resolve("/bundled"),
    absWorkingDir: path.resolve("/"),
    globalName: "__exercise",
    sourcemap: "external",
    metafile: true,
    supported: { "dynamic-import": false },
    logOverride: { [NOTHING_FOUND]: "error" },
    tsconfigRaw: {},
    // strict, as modules are, and without a global variable; an error from importing the exercise is reported from inside
    // its own context
    banner: { js: '"use strict"; (() => { try {' },
    plugins: [ownFiles(sources)],
  });
  if (!Object.keys(result.metafile.inputs).every(isOurs)) throw new ComputedImport();
  const outputs = new Map(result.outputFiles.map((file) => [path.basename(file.path), file.text]));
  return new Map(
    steps.map(({ id, file, export: name }) => {
      const files = filesBelow(file, result.metafile.inputs);
      const serve = `__serve(__exercise, ${JSON.stringify(name)});`;
      const code = `${outputs.get(`${id}.js`)!}\n${serve} } catch (error) { __failed(error); } })();`;
      const map = outputs.get(`${id}.js.map`)!;
      const texts = files.map((file) => ({ file, text: sources.read(file) ?? "" }));
      const absent = [...new Set(files.flatMap((file) => sources.missedBy(file)))];
      return [id, { code, sources: texts, absent, locate: locatorOf(map) }];
    }),
  );
}

/** How much of a stack trace is read, in characters, and how many of its positions. */
const LONGEST_STACK = 20_000;
const MOST_PLACES = 50;

/**
 * Finds the positions of stack traces.
 *
 * @param json the source map of a bundle: its sources are the tree's files, after SOURCE
 */
function locatorOf(json: string): Bundle["locate"] {
  let map: SourceMap | undefined;
  return (whole, context): Located => {
    map ??= new SourceMap(JSON.parse(json) as SourceMapPayload);
    const stack = whole.slice(0, LONGEST_STACK);
    const lines = [...stack.matchAll(new RegExp(`${scriptOf(context)}:(\\d+):(\\d+)`, "g"))].slice(0, MOST_PLACES);
    const places = lines.flatMap(([, line, column]) => {
      const entry = map!.findEntry(Number(line) - 1, Number(column) - 1);
      if (!("originalSource" in entry) || !entry.originalSource.startsWith(SOURCE)) return [];
      const at = { line: entry.originalLine + 1, column: entry.originalColumn + 1 };
      return [{ file: entry.originalSource.slice(SOURCE.length), at }];
    });
    const [innermost = ""] = /^ +at .*$/m.exec(stack) ?? [];
    return { places, isOnTop: innermost.includes(`${scriptOf(context)}:`) };
  };
}

/** What child.mjs calls the script of a context, in stack traces. */
function scriptOf(context: string): string {
  return `step:${context}`;
}

/** A tree's file and those that it imports, directly or indirectly: its own first, the others by name. */
function filesBelow(file: string, inputs: Esbuild.Metafile["inputs"]): string[] {
  const found = new Set([file]);
  for (const one of found) {
    const imported = inputs[SOURCE + one]?.imports.map(({ path }) => path) ?? [];
    for (const input of imported) if (input.startsWith(SOURCE)) found.add(input.slice(SOURCE.length));
  }
  return [file, ...[...found].filter((one) => one !== file).sort()];
}

/** esbuild itself searches the disk for the files that a computed name could mean: whatever it finds is refused. */
class ComputedImport extends Error {}

/** esbuild's name for a computed import that finds a folder, and nothing in it. */
const NOTHING_FOUND = "empty-glob";
/** Marks our own error of a computed import: esbuild hands it back as it is. */
const IS_COMPUTED = "computed";

/** Whether an input of a build is the tree's or the library's, and so came from a plugin, not from the disk. */
function isOurs(input: string): boolean {
  return input.startsWith(SOURCE) || input.startsWith(`${LIBRARY}:`) || input === "<runtime>";
}

/** What can be imported: #tensor and #course, which the library provides, and the tree's own files. Nothing else is read. */
function ownFiles(sources: Sources): Esbuild.Plugin {
  return {
    name: "own-files",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^#(tensor|course)$/ }, ({ path }) => ({ path, namespace: LIBRARY }));
      onLoad({ filter: /.*/, namespace: LIBRARY }, ({ path }) => {
        const { module, global } = offered[path as keyof typeof offered];
        return { contents: `export const { ${Object.keys(module).join(", ")} } = ${global};` };
      });
      const files = new Set<string>();
      let imports = 0;
      let characters = 0;
      let isRefused = false;
      const refuse = (text: string): Esbuild.OnResolveResult => {
        isRefused = true;
        return error(text);
      };
      // finding and reading files is the grader's own work, which none of the bundler's limits would end
      onResolve({ filter: /.*/ }, ({ path: wanted, importer, kind }) => {
        // one error is enough for the build to fail, and each takes time
        if (isRefused) return { path: wanted, external: true };
        imports += 1;
        const tooMuch = beyondLimits(imports, files.size, characters);
        if (tooMuch !== undefined) return refuse(tooMuch);
        try {
          const file = kind === "entry-point" ? wanted : sources.resolve(wanted, importer);
          if (file === undefined) return refuse(cannotImport(wanted));
          if (!files.has(file)) characters += sources.read(file)!.length;
          files.add(file);
          return { path: file, namespace: SOURCE.slice(0, -1) };
        } catch (problem) {
          // rethrown, it would be reported at a position in the grader
          return refuse((problem as SourceError).message);
        }
      });
      onLoad({ filter: /.*/, namespace: SOURCE.slice(0, -1) }, ({ path: file }) => {
        // esbuild would look anywhere for the file's own source map
        const contents = sources.read(file)!.replaceAll("sourceMappingURL", "sourceMappingUrl");
        return { contents, loader: loaders[endingOf(file)!] };
      });
      // esbuild has found on the disk whatever is not resolved above
      onLoad({ filter: /.*/ }, () => ({ errors: [{ text: COMPUTED, detail: IS_COMPUTED }] }));
    },
  };
}

function error(text: string): { errors: { text: string }[] } {
  return { errors: [{ text }] };
}

/**
 * What esbuild said about a file that does not compile, with the position in the learner's file.
 *
 * @throws RunnerError if the fault is not in the tree
 */
function failure(reason: unknown, step: SourceStep): Failure {
  if (reason instanceof BundlerError) {
    const message = `does not compile: ${reason.message}; is something nested very deeply, or very large?`;
    return { kind: "threw", message, at: null };
  }
  const [error] = (reason as Partial<Esbuild.BuildFailure>).errors ?? [];
  // the same message, without a position, whether such a file exists or not: nothing should be learned about the disk
  if (reason instanceof ComputedImport || (error && isOfComputedImport(error))) {
    return { kind: "threw", message: `does not compile: ${COMPUTED}`, at: null };
  }
  if (!error) throw new RunnerError(`bundling failed: ${String(reason).split("\n", 1)[0]}`);
  if (!error.location) {
    return { kind: "threw", message: limited(`does not compile: ${error.text}`), at: null };
  }
  const { line, lineText } = error.location;
  // esbuild counts bytes
  const column = Buffer.from(lineText).subarray(0, error.location.column).toString().length;
  const file = error.location.file.slice(SOURCE.length);
  const isOwn = file === step.file;
  return {
    kind: "threw",
    message: limited(`does not compile: ${isOwn ? "" : `${file}:${line}:${column + 1}: `}${error.text}`),
    at: isOwn ? { line, column: column + 1 } : null,
    ...(isOwn && { cause: { kind: "compiler", said: limited(error.text) } }),
  };
}

/**
 * Whether esbuild refused a computed import: it found nothing, which is its own error, or something, which is ours. One
 * of its own errors has no id, only words.
 */
function isOfComputedImport({ id, text, detail, pluginName }: Esbuild.Message): boolean {
  const isUnresolved = pluginName === "" && text.startsWith("Could not resolve ");
  return id === NOTHING_FOUND || detail === IS_COMPUTED || isUnresolved;
}
