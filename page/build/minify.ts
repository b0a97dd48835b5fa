import { createRequire } from "node:module";
import type { MinifyOptions } from "rolldown/utils";

/** A second minifier, for what esbuild has made: scripts are 3 % smaller, compressed. */

const shorten = shortener();

/**
 * A script in fewer characters; as it is, if the packages for development are not installed.
 *
 * @throws Error if it is no script
 */
export function minified(name: string, code: string, kind: "module" | "script"): string {
  if (!shorten) return code;
  const options: MinifyOptions = {
    module: kind === "module",
    compress: { target: "es2023" },
    codegen: { legalComments: "eof" },
  };
  const { code: shorter, errors } = shorten(name, code, options);
  if (errors.length > 0) throw new Error(`${name} cannot be minified: ${errors.map(({ message }) => message).join()}`);
  return shorter;
}

/** Rolldown's, which vitest brings: it is no part of what learners need. */
function shortener(): typeof import("rolldown/utils").minifySync | undefined {
  try {
    const { minifySync } = createRequire(import.meta.url)("rolldown/utils") as typeof import("rolldown/utils");
    return minifySync;
  } catch {
    return undefined;
  }
}
