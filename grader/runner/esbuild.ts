import type * as Esbuild from "esbuild";
import { createRequire } from "node:module";
import path from "node:path";
import { limits } from "./limits.ts";
import { graderFolder } from "./project.ts";

const limited = path.join(graderFolder, "runner", "esbuild.sh");

let loaded: typeof Esbuild | undefined;

/** Loaded when it is first used, and by require: an import would parse it twice to find its exports. */
function esbuild(): typeof Esbuild {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  if (process.platform === "linux") {
    // esbuild starts this script in place of its own program, which it is told to look for once, when it is loaded
    const ofEsbuild = createRequire(require.resolve("esbuild"));
    process.env["ESBUILD_PROGRAM"] = ofEsbuild.resolve(`@esbuild/${process.platform}-${process.arch}/bin/esbuild`);
    process.env["ESBUILD_KILOBYTES"] = String(limits.bundleBytes / 1024);
    process.env["ESBUILD_BINARY_PATH"] = limited;
  }
  return (loaded = require("esbuild") as typeof Esbuild);
}

/** The bundler came to no end, or to one of its own: a file asks for more than there is. */
export class BundlerError extends Error {
  override name = "BundlerError";
}

/**
 * One build, within limits of time and memory.
 *
 * @throws what esbuild throws where a file does not compile; BundlerError where a limit is reached
 */
export async function build<Options extends Esbuild.BuildOptions>(
  options: Options,
): Promise<Esbuild.BuildResult<Options>> {
  const { build, stop } = esbuild();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new BundlerError("the bundler ran out of time")), limits.bundleMs);
  });
  try {
    return await Promise.race([build(options as Esbuild.SameShape<Esbuild.BuildOptions, Options>), late]);
  } catch (error) {
    if (((error as Partial<Esbuild.BuildFailure>).errors ?? []).length > 0) throw error;
    // the service is gone or busy for good: the next build starts another one
    await stop();
    throw error instanceof BundlerError ? error : new BundlerError("the bundler ran out of memory");
  } finally {
    clearTimeout(timer);
  }
}
