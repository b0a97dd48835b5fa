import type * as Esbuild from "esbuild";
import { createRequire } from "node:module";
import path from "node:path";
import { once } from "../network/once.ts";
import { findProgram } from "./box.ts";
import { limits } from "./limits.ts";
import { afterProcessorTime, childrenOf } from "./processor-time.ts";
import { esbuildProgram } from "./program.mjs";
import { graderFolder } from "./project.ts";

const limited = path.join(graderFolder, "runner", "esbuild.sh");
const isWindows = process.platform === "win32";

let loaded: typeof Esbuild | undefined;

/**
 * Loaded when it is first used, and by require: an import would parse it twice to find its exports. It is an instance of
 * the grader's own: esbuild reads the path of its program once, so that an instance loaded elsewhere would run outside the
 * box, and one that runs in the box could not read the files of whoever loads esbuild next.
 */
function esbuild(): typeof Esbuild {
  // on Linux, esbuild starts this script instead of its own program
  const other = process.platform === "linux" ? { ESBUILD_BINARY_PATH: limited } : {};
  return (loaded ??= withEnvironment({ ...process.env, ...other }, freshInstance));
}

/** An instance of esbuild that nothing else in this process has or gets. */
function freshInstance(): typeof Esbuild {
  const load = createRequire(import.meta.url);
  const file = load.resolve("esbuild");
  const others = load.cache[file];
  delete load.cache[file];
  try {
    return load(file) as typeof Esbuild;
  } finally {
    if (others) load.cache[file] = others;
    else delete load.cache[file];
  }
}

/** Runs a synchronous function with another environment. */
function withEnvironment<R>(other: NodeJS.ProcessEnv, act: () => R): R {
  const { env } = process;
  process.env = other;
  try {
    return act();
  } finally {
    process.env = env;
  }
}

/** The part of this process's environment that the program sees; only builds that start its process need it. */
const environment = once((): NodeJS.ProcessEnv => {
  // Windows cannot start a program without its own few variables
  if (isWindows) return { SystemRoot: process.env["SystemRoot"] };
  return {
    ESBUILD_PROGRAM: esbuildProgram(),
    ESBUILD_KILOBYTES: String(limits.bundleBytes / 1024),
    ESBUILD_BUBBLEWRAP: findProgram("bwrap") ?? "",
  };
});

/** The bundler did not finish, or crashed: a file needs more time or memory than there is. */
export class BundlerError extends Error {
  override name = "BundlerError";
}

/** The bundler's process; undefined before the first build, and if the system does not report it. */
let service: number | undefined;

/**
 * Starts a build. The first one starts esbuild's process, which inherits this process's environment: the grader's own is
 * removed in the meantime.
 */
function start<Options extends Esbuild.BuildOptions>(options: Options): Promise<Esbuild.BuildResult<Options>> {
  const { build } = esbuild();
  const before = childrenOf(process.pid);
  try {
    const building = (): Promise<Esbuild.BuildResult<Options>> =>
      build(options as Esbuild.SameShape<Esbuild.BuildOptions, Options>);
    return withEnvironment(environment(), building);
  } finally {
    service = childrenOf(process.pid).find((child) => !before.includes(child)) ?? service;
  }
}

/**
 * One build of learner files, within limits of processor time and memory. If bubblewrap works, it can access no file; it
 * needs none, because a plugin passes it the texts.
 *
 * @throws what esbuild throws if a file does not compile; BundlerError if a limit is reached
 */
export async function build<Options extends Esbuild.BuildOptions>(
  options: Options,
): Promise<Esbuild.BuildResult<Options>> {
  let stopWaiting = (): void => {};
  try {
    const built = start(options);
    const late = new Promise<never>((_, reject) => {
      const error = new BundlerError("the bundler ran out of time");
      stopWaiting = afterProcessorTime(service, limits.bundleMs, limits.clock, () => reject(error));
    });
    return await Promise.race([built, late]);
  } catch (error) {
    if (((error as Partial<Esbuild.BuildFailure>).errors ?? []).length > 0) throw error;
    // the service is gone or will never finish: the next build starts another one
    await esbuild().stop();
    throw error instanceof BundlerError ? error : new BundlerError("the bundler ran out of memory");
  } finally {
    stopWaiting();
  }
}

/** Whether the bundler works for a correct file: if not, no learner's file is at fault. */
export async function bundlerWorks(): Promise<boolean> {
  try {
    await build({ stdin: { contents: "" }, bundle: true, write: false, logLevel: "silent" });
    return true;
  } catch {
    return false;
  }
}
