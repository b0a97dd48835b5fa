import { createHash } from "node:crypto";
import { existsSync, realpathSync, statSync } from "node:fs";
import { createRequire, SourceMap, type SourceMapPayload } from "node:module";
import path from "node:path";
import vm from "node:vm";
import * as tensorModule from "#tensor";
import * as kitModule from "../../course/kit.ts";
import { courseProblem, type CourseProblem } from "../../course/course-problems.ts";
import { teach, type TaughtCourse } from "../../course/taught.ts";
import { bundleOwn } from "../program.mjs";
import { COURSE_FILE } from "./files.ts";
import { placeOfRoom, placeOfTensor, type Place } from "./places.ts";

/**
 * A course in a folder outside this repository, which `--course FOLDER` names: its author's own code, which is trusted as
 * ours is. What learners write is in its folders exercises/, and is trusted no more than in ours. This module is loaded
 * before all others, because they derive from the course what they say and do.
 */

/** Names the folder to this process and to those that it starts. */
const VARIABLE = "BACKPROP_DOJO_COURSE";
const OPTION = "--course";

/** What a course may import by name. */
const offered: Readonly<Record<string, unknown>> = { "#kit": kitModule, "#tensor": tensorModule };

/** Why a course outside cannot be taught, and what to do. */
export class CourseError extends Error {
  override name = "CourseError";
  /** Where, from the course's folder; undefined if it is about the folder itself. */
  readonly at: Place | undefined;

  constructor(message: string, at?: Place) {
    super(message);
    this.at = at;
  }
}

interface Outside {
  /** The course's folder; undefined if our own course is taught. */
  readonly folder?: string;
  /** A hash of its code; "" for our own course. */
  readonly identity: string;
  /** Why it cannot be taught: no step is known then. */
  readonly problem?: CourseError;
}

/** What was typed behind the grader's name, without the option. */
export const typedArguments = process.argv.slice(2);

/** The course outside, if there is one. */
export const outside: Outside = findOutside(takeOption(typedArguments) ?? process.env[VARIABLE]);

function findOutside(typed: string | undefined): Outside {
  if (typed === undefined) return { identity: "" };
  if (typed === "") return { identity: "", problem: new CourseError(`${OPTION} has no value; give a course's folder`) };
  const folder = folderOf(typed);
  process.env[VARIABLE] = folder;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return { folder, ...load(folder) };
  teach({});
  const problem = `${OPTION} ${typed}: there is no such folder; npm run new -- network NAME ${OPTION} ${typed} begins one`;
  return { folder, identity: "", problem: new CourseError(problem) };
}

/** @param words the option and its value are taken out of them */
function takeOption(words: string[]): string | undefined {
  const at = words.findIndex((word) => word === OPTION || word.startsWith(`${OPTION}=`));
  if (at < 0) return undefined;
  const [word = ""] = words.splice(at, 1);
  if (word !== OPTION) return word.slice(OPTION.length + 1);
  const [value] = words.splice(at, 1);
  return value ?? "";
}

/** From where the command was typed or, for npm's scripts in a course's folder, from where these are. */
function folderOf(typed: string): string {
  const places = [process.env["INIT_CWD"] ?? process.cwd(), process.cwd()].map((from) => path.resolve(from, typed));
  const found = places.find((folder) => existsSync(path.join(folder, COURSE_FILE))) ?? places[0]!;
  return existsSync(found) ? realpathSync(found) : found;
}

/** Teaches the course of a folder. */
function load(folder: string): Pick<Outside, "identity" | "problem"> {
  teach({});
  let code = "";
  try {
    code = bundled(folder);
    const { course } = run(code, path.join(folder, COURSE_FILE)) as { course?: unknown };
    const found = courseProblem(course);
    if (!found) teach(course as TaughtCourse);
    const about = found && placeOf(folder, found);
    const problem = found && new CourseError(found.problem, about ?? { file: COURSE_FILE, line: 1 });
    return { identity: hashOf(code), ...(problem && { problem }) };
  } catch (error) {
    const problem = error instanceof CourseError ? error : new CourseError(messageOf(error), placeIn(code, error));
    return { identity: hashOf(code), problem };
  }
}

function placeOf(folder: string, { tensor, room }: CourseProblem): Place | undefined {
  if (tensor !== undefined) return placeOfTensor(folder, tensor);
  return room === undefined ? undefined : placeOfRoom(folder, room);
}

/** The course's files as one script, with their map. @throws CourseError if there are none, or they do not compile */
function bundled(folder: string): string {
  if (!existsSync(path.join(folder, COURSE_FILE))) {
    throw new CourseError(`${COURSE_FILE} is missing; npm run new -- network NAME writes it, and a network`);
  }
  const external = Object.keys(offered).map((name) => `--external:${name}`);
  try {
    return bundleOwn(folder, COURSE_FILE, ["--platform=node", "--format=cjs", "--sourcemap=inline", ...external]);
  } catch (error) {
    // esbuild's own words: X [ERROR] No matching export ... \n\n    gru/lines.ts:3:9:
    const [, said, file, line] = /\[ERROR\] (.*)\n\s*\n\s*(\S+):(\d+):\d+:/.exec(messageOf(error)) ?? [];
    if (said === undefined) throw error;
    throw new CourseError(`does not compile: ${said}`, { file: file!, line: Number(line) });
  }
}

function run(code: string, file: string): object {
  const module = { exports: {} };
  const load = vm.runInThisContext(`(function (module, exports, require) {${code}\n})`, { filename: file }) as (
    ...args: unknown[]
  ) => void;
  const require = createRequire(file);
  load(module, module.exports, (name: string) => offered[name] ?? (require(name) as unknown));
  return module.exports;
}

/** The innermost place of an error in the course's own files. */
function placeIn(code: string, error: unknown): Place | undefined {
  const [, map] = /\/\/# sourceMappingURL=data:[^,]*,(\S*)\s*$/.exec(code) ?? [];
  const stack = error instanceof Error ? (error.stack ?? "") : "";
  if (map === undefined) return undefined;
  const sources = new SourceMap(JSON.parse(Buffer.from(map, "base64").toString()) as SourceMapPayload);
  for (const [, line, column] of stack.matchAll(new RegExp(`${COURSE_FILE}:(\\d+):(\\d+)`, "g"))) {
    const entry = sources.findEntry(Number(line) - 1, Number(column) - 1);
    if ("originalSource" in entry) return { file: entry.originalSource, line: entry.originalLine + 1 };
  }
  return undefined;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
