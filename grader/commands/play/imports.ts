import { buildSync } from "esbuild";
import path from "node:path";
import { projectRoot } from "../../runner/project.ts";

/**
 * A file and those of the course's folder that it imports, directly or indirectly, by full paths; undefined if one of them
 * does not compile or is not there.
 */
export function filesOf(file: string): string[] | undefined {
  try {
    const { metafile } = buildSync({
      entryPoints: [file],
      absWorkingDir: projectRoot,
      bundle: true,
      write: false,
      metafile: true,
      outdir: projectRoot,
      format: "esm",
      platform: "node",
      packages: "external",
      external: ["#*"],
      logLevel: "silent",
      tsconfigRaw: {},
    });
    return Object.keys(metafile.inputs).map((input) => path.resolve(projectRoot, input));
  } catch {
    return undefined;
  }
}
