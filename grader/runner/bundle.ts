import type * as Esbuild from "esbuild";
import { lstatSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import * as tensorModule from "#tensor";
import * as courseModule from "../course/exercise.ts";
import type { Step } from "../course/steps.ts";
import type { Failure } from "../verdict/judge.ts";
import { RunnerError } from "./process.ts";
import { exercisesFolder, graderFolder } from "./project.ts";

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

/** Loaded when it is first used, and by require: an import would parse it twice to find its exports. */
const esbuild = (): typeof Esbuild => createRequire(import.meta.url)("esbuild") as typeof Esbuild;

/** What every exercise runs on: tensors, todo() and the code that answers requests, as one script. */
export async function bundleLibrary(): Promise<string> {
  const result = await esbuild().build({ ...common, entryPoints: [guest], mainFields: ["module", "main"] });
  return result.outputFiles[0]!.text;
}

/** A step's file and its own imports, as one script that runs after the library's. */
export interface Bundle {
  code: string;
  /** The source map's JSON. */
  map: string;
  /** The learner's file, an absolute path. */
  file: string;
}

/**
 * Bundles each step's file of a tree into a script that answers requests. One build serves all; where it fails, each
 * file is built by itself, so that one syntax error does not hide the others.
 *
 * @param root the graded tree
 */
export async function bundleSteps(root: string, steps: readonly Step[]): Promise<Map<string, Bundle | Failure>> {
  const found = new Map<string, Bundle | Failure>();
  const present: Step[] = [];
  for (const step of steps) {
    if (isOwnFile(root, step.file)) present.push(step);
    else found.set(step.id, missingFile(root, step));
  }
  if (present.length === 0) return found;
  try {
    for (const [id, bundle] of await build(root, present)) found.set(id, bundle);
  } catch {
    const built = await Promise.allSettled(present.map((step) => build(root, [step])));
    for (const [i, step] of present.entries()) {
      const result = built[i]!;
      found.set(
        step.id,
        result.status === "fulfilled" ? result.value.get(step.id)! : failure(result.reason, root, step),
      );
    }
  }
  return found;
}

/** Whether a file of the tree is there, and is reached by no symbolic link, which could lead out of it. */
function isOwnFile(root: string, file: string): boolean {
  const whole = path.join(root, file);
  return isRegularFile(whole) && realpathSync(whole) === path.join(realpathSync(root), file);
}

/** Symbolic links are not followed: they could lead out of the tree. */
function isRegularFile(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function missingFile(root: string, { id, file }: Step): Failure {
  const mend = root === exercisesFolder ? `; npm run reset -- ${id} writes its stub` : "";
  return { kind: "missing", message: `${file} is not there${mend}`, at: null };
}

async function build(root: string, steps: readonly Step[]): Promise<Map<string, Bundle>> {
  const tree = realpathSync(root);
  const result = await esbuild().build({
    ...common,
    entryPoints: steps.map((step) => ({ in: path.join(tree, step.file), out: step.id })),
    outdir: tree,
    absWorkingDir: tree,
    globalName: "__exercise",
    sourcemap: "external",
    supported: { "dynamic-import": false },
    tsconfigRaw: {},
    // strict, as modules are; what importing the exercise throws is reported from inside its own context
    banner: { js: '"use strict"; try {' },
    footer: { js: "} catch (error) { __failed(error); }" },
    plugins: [imports(tree)],
  });
  const outputs = new Map(result.outputFiles.map((file) => [path.basename(file.path), file.text]));
  return new Map(
    steps.map(({ id, file, export: name }) => [
      id,
      {
        code: `${outputs.get(`${id}.js`)!}\n__serve(globalThis.__exercise, ${JSON.stringify(name)});`,
        map: outputs.get(`${id}.js.map`)!,
        file: path.join(tree, file),
      },
    ]),
  );
}

/** The imports that are allowed: #tensor and #course, which the library provides, and the tree's own files. */
function imports(tree: string): Esbuild.Plugin {
  return {
    name: "allowed-imports",
    setup(build) {
      build.onResolve({ filter: /^#(tensor|course)$/ }, ({ path }) => ({ path, namespace: "library" }));
      build.onLoad({ filter: /.*/, namespace: "library" }, ({ path }) => {
        const { module, global } = offered[path as keyof typeof offered];
        return { contents: `export const { ${Object.keys(module).join(", ")} } = ${global};` };
      });
      build.onResolve({ filter: /.*/ }, async ({ path: wanted, importer, resolveDir, kind, pluginData }) => {
        if (pluginData === "resolving" || kind === "entry-point") return undefined;
        const own = wanted.startsWith(".")
          ? await build.resolve(wanted, { importer, resolveDir, kind, pluginData: "resolving" })
          : undefined;
        if (own && own.errors.length === 0 && isInside(tree, own.path) && isRegularFile(own.path))
          return { path: own.path };
        const text = `cannot import "${wanted}"; an exercise may import #tensor, #course and files beside it`;
        return { errors: [{ text }] };
      });
    },
  };
}

function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return !relative.startsWith("..") && !path.isAbsolute(relative);
}

/**
 * What esbuild said of a file that does not compile, with the place in the learner's file.
 *
 * @throws RunnerError where the fault is not in the tree
 */
function failure(reason: unknown, root: string, step: Step): Failure {
  const [error] = (reason as Partial<Esbuild.BuildFailure>).errors ?? [];
  const tree = realpathSync(root);
  const file = error?.location && path.resolve(tree, error.location.file);
  if (!error?.location || !file || !isInside(tree, file)) throw new RunnerError(`bundling failed: ${String(reason)}`);
  const { line, lineText } = error.location;
  // esbuild counts bytes
  const column = Buffer.from(lineText).subarray(0, error.location.column).toString().length;
  const own = file === path.join(tree, step.file);
  const place = own ? "" : `${error.location.file}:${line}:${column + 1}: `;
  return {
    kind: "threw",
    message: `does not compile: ${place}${error.text}`,
    at: own ? { line, column: column + 1 } : null,
  };
}
