import * as esbuild from "esbuild";
import { lstatSync, realpathSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Step } from "../course/steps.ts";
import type { Failure } from "../verdict/judge.ts";
import { RunnerError } from "./process.ts";

const grader = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const guest = path.join(grader, "runner", "guest.ts");
/** What exercises may import by name. */
const offered: Record<string, string> = {
  "#tensor": path.join(grader, "tensor", "index.ts"),
  "#course": path.join(grader, "course", "exercise.ts"),
};

/** A step's file and all it needs, as one script. */
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
    if (isRegularFile(path.join(root, step.file))) present.push(step);
    else found.set(step.id, missingFile(step));
  }
  if (present.length === 0) return found;
  try {
    for (const [id, bundle] of await build(root, present)) found.set(id, bundle);
  } catch {
    const built = await Promise.allSettled(present.map((step) => build(root, [step])));
    for (const [i, step] of present.entries()) {
      const result = built[i]!;
      found.set(step.id, result.status === "fulfilled" ? result.value.get(step.id)! : failure(result.reason, root, step));
    }
  }
  return found;
}

/** Symbolic links are not followed: they could lead out of the tree. */
export function isRegularFile(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function missingFile({ id, file }: Step): Failure {
  return { kind: "missing", message: `${file} is not there; npm run reset -- ${id} writes its stub`, at: null };
}

async function build(root: string, steps: readonly Step[]): Promise<Map<string, Bundle>> {
  const tree = realpathSync(root);
  const result = await esbuild.build({
    entryPoints: steps.map((step) => ({ in: `exercise:${step.id}`, out: step.id })),
    outdir: tree,
    absWorkingDir: tree,
    bundle: true,
    write: false,
    format: "iife",
    platform: "neutral",
    mainFields: ["module", "main"],
    target: "node20",
    sourcemap: "external",
    supported: { "dynamic-import": false },
    tsconfigRaw: {},
    // what importing the exercise throws is reported from inside its own context
    banner: { js: "try {" },
    footer: { js: "} catch (error) { __failed(error); }" },
    logLevel: "silent",
    plugins: [imports(tree, steps)],
  });
  const outputs = new Map(result.outputFiles.map((file) => [path.basename(file.path), file.text]));
  return new Map(
    steps.map(({ id, file }) => [
      id,
      { code: outputs.get(`${id}.js`)!, map: outputs.get(`${id}.js.map`)!, file: path.join(tree, file) },
    ]),
  );
}

/** Entry points, and the imports that are allowed: #tensor, #course, and the tree's own files. */
function imports(tree: string, steps: readonly Step[]): esbuild.Plugin {
  return {
    name: "exercises",
    setup(build) {
      build.onResolve({ filter: /^exercise:/ }, ({ path }) => ({ path, namespace: "exercise" }));
      build.onLoad({ filter: /.*/, namespace: "exercise" }, ({ path: entry }) => {
        const step = steps.find(({ id }) => `exercise:${id}` === entry)!;
        const file = JSON.stringify(path.join(tree, step.file));
        const contents = `import { serve } from ${JSON.stringify(guest)};
          import * as exercise from ${file};
          serve(exercise, ${JSON.stringify(step.export)});`;
        return { contents, resolveDir: grader, loader: "ts" };
      });
      build.onResolve({ filter: /.*/ }, async (args) => {
        if (args.pluginData === "resolving" || args.kind === "entry-point") return undefined;
        const internal = offered[args.path];
        if (internal) return { path: internal };
        if (args.namespace === "exercise" || !isInside(tree, args.importer)) return undefined;
        const { path: wanted, resolveDir, kind } = args;
        const own = wanted.startsWith(".")
          ? await build.resolve(wanted, { resolveDir, kind, pluginData: "resolving" })
          : undefined;
        if (own && own.errors.length === 0 && isInside(tree, own.path) && isRegularFile(own.path)) return { path: own.path };
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
  const [error] = (reason as Partial<esbuild.BuildFailure>).errors ?? [];
  const tree = realpathSync(root);
  const file = error?.location && path.resolve(tree, error.location.file);
  if (!error?.location || !file || !isInside(tree, file)) throw new RunnerError(`bundling failed: ${String(reason)}`);
  const { line, column } = error.location;
  const own = file === path.join(tree, step.file);
  const place = own ? "" : `${error.location.file}:${line}:${column + 1}: `;
  return {
    kind: "threw",
    message: `does not compile: ${place}${error.text}`,
    at: own ? { line, column: column + 1 } : null,
  };
}
