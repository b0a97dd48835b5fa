import { existsSync, realpathSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import vm from "node:vm";
import * as tensorModule from "#tensor";
import * as kitModule from "../../course/kit.ts";
import { courseProblem, type CourseProblem } from "../../course/course-problems.ts";
import { teach, type TaughtCourse } from "../../course/taught.ts";
import { bundleCourse, type CourseBundle } from "./bundle-course.ts";
import { CourseError } from "./course-error.ts";
import { COURSE_FILE } from "./files.ts";
import { placeOfRoom, placeOfTensor } from "./places.ts";

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

interface Outside {
  /** The course's folder; undefined if our own course is taught. */
  readonly folder?: string;
  /** A hash of its code; "" for our own course. */
  readonly identity: string;
  /** The files of its code, from the folder: the course's file and those that it imports. */
  readonly files?: readonly string[];
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
function load(folder: string): Pick<Outside, "identity" | "files" | "problem"> {
  teach({});
  let bundle: CourseBundle | undefined;
  try {
    bundle = bundleCourse(folder, Object.keys(offered));
    const course = run(bundle.code, path.join(folder, COURSE_FILE));
    const found = courseProblem(course);
    if (!found) teach(course as TaughtCourse);
    return { ...known(bundle), ...(found && { problem: errorOf(found, folder, bundle.files) }) };
  } catch (error) {
    const problem = error instanceof CourseError ? error : new CourseError(messageOf(error), bundle?.placeIn(error));
    return { ...known(bundle), problem };
  }
}

function known(bundle: CourseBundle | undefined): Pick<Outside, "identity" | "files"> {
  return bundle ? { identity: bundle.identity, files: bundle.files } : { identity: "" };
}

function errorOf({ problem, tensor, room }: CourseProblem, folder: string, files: readonly string[]): CourseError {
  const ofTensor = tensor === undefined ? undefined : placeOfTensor(folder, files, tensor);
  const ofRoom = room === undefined ? undefined : placeOfRoom(folder, files, room);
  return new CourseError(problem, ofTensor ?? ofRoom ?? { file: COURSE_FILE, line: 1 });
}

/** What the course's file exports as `course`. */
function run(code: string, file: string): unknown {
  const module: { exports: { course?: unknown } } = { exports: {} };
  const load = vm.runInThisContext(`(function (module, exports, require) {${code}\n})`, { filename: file }) as (
    ...args: unknown[]
  ) => void;
  const require = createRequire(file);
  load(module, module.exports, (name: string) => offered[name] ?? (require(name) as unknown));
  return module.exports.course;
}

/** What was thrown, without the variable that the bundler calls an imported module by: `import_kit10.looks.signs`. */
function messageOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replaceAll(/\bimport_\w+\./g, "");
}
