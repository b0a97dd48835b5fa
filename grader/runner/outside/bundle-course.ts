import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import { bundleOwn } from "../program.mjs";
import { CourseError } from "./course-error.ts";
import { COURSE_FILE } from "./files.ts";
import type { Place } from "./places.ts";

/** The code of a course as one script. */
export interface CourseBundle {
  readonly code: string;
  /** A hash of it. */
  readonly identity: string;
  /** The author's files that it is made from, from the course's folder. */
  readonly files: readonly string[];
  /** The innermost place of an error in these files, if the script was run under the name of the course's file. */
  readonly placeIn: (error: unknown) => Place | undefined;
}

/**
 * Bundles a course.
 *
 * @param external what it may import by name, and finds when it runs
 * @throws CourseError if there is none, or if it does not compile
 */
export function bundleCourse(folder: string, external: readonly string[]): CourseBundle {
  const text = bundled(folder, external);
  const [, code = text, map = ""] = /^(.*\n)\/\/# sourceMappingURL=data:[^,]*,(\S*)\s*$/s.exec(text) ?? [];
  const payload = JSON.parse(Buffer.from(map, "base64").toString()) as SourceMapPayload;
  return {
    code,
    identity: createHash("sha256").update(code).digest("hex").slice(0, 16),
    files: payload.sources.filter((file) => !file.includes("node_modules/")),
    placeIn: (error) => (error instanceof Error ? placeOf(error, new SourceMap(payload)) : undefined),
  };
}

function bundled(folder: string, external: readonly string[]): string {
  if (!existsSync(path.join(folder, COURSE_FILE))) {
    throw new CourseError(`${COURSE_FILE} is missing; npm run new -- network NAME writes it, and a network`);
  }
  const flags = [
    "--platform=node",
    "--format=cjs",
    "--sourcemap=inline",
    ...external.map((one) => `--external:${one}`),
  ];
  try {
    return bundleOwn(folder, COURSE_FILE, flags);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // esbuild's words: X [ERROR] No matching export ..., and below it gru/network.ts:3:9:
    const [, said, file, line] = /\[ERROR\] (.*)\n\s*\n\s*(\S+):(\d+):\d+:/.exec(error.message) ?? [];
    if (said === undefined) throw error;
    throw new CourseError(`does not compile: ${said}`, { file: file!, line: Number(line) });
  }
}

function placeOf({ stack = "" }: Error, sources: SourceMap): Place | undefined {
  for (const [, line, column] of stack.matchAll(new RegExp(`${COURSE_FILE}:(\\d+):(\\d+)`, "g"))) {
    const entry = sources.findEntry(Number(line) - 1, Number(column) - 1);
    if ("originalSource" in entry) return { file: entry.originalSource, line: entry.originalLine + 1 };
  }
  return undefined;
}
