import { endingOf } from "../../grading/beside.ts";
import type { Step } from "../../kit/step.ts";
import { SourceError, textIn } from "../../runner/source.ts";
import type { TreeTexts } from "../../runner/tree.ts";
import { folderOf, nameOf, type HandedFile } from "../handed/handed.ts";
import { handedLimits } from "../limits.ts";
import { SubmissionProblem } from "../problem.ts";
import { stepsExportedBy, theOneAbout } from "./exported.ts";
import { stepsNamedBy } from "./named.ts";
import { rootOf, type Root } from "./root.ts";

/** What is graded of a submission. */
export interface FoundTree {
  /** By the course's own file names, whatever they were called: a step's file, and everything that it may import. */
  texts: TreeTexts;
  /** Whether it has the course's folders, or is only some files. */
  shape: "tree" | "loose";
}

/**
 * The steps in what somebody handed in: in the course's own folders, at any depth; otherwise loose files, by their names or
 * by the functions that they export.
 *
 * @param files with those of its archives
 * @param steps all of the course
 * @throws SubmissionProblem if there is none, or if there is too much
 */
export async function findTree(files: readonly HandedFile[], steps: readonly Step[]): Promise<FoundTree> {
  const texts = new Texts(files);
  const root = rootOf(
    files.map(({ path }) => path),
    steps,
  );
  const found = root ? filesBelow(root, files) : new Map<string, HandedFile>();
  const missing = steps.filter(({ file }) => !found.has(file));
  const loose = root?.isWhole ? [] : files.filter(({ path }) => !root || !isBelow(path, root));
  const matched = await looseSteps(loose, missing, texts);
  if (found.size === 0 && matched.size === 0) throw noSteps(files);
  for (const [step, file] of matched) found.set(step.file, file);
  for (const [step, file] of matched) addBeside(found, step, file, loose);
  return { texts: await texts.of(found), shape: root ? "tree" : "loose" };
}

function isBelow(path: string, { folder }: Root): boolean {
  return folder === "" || path.startsWith(`${folder}/`);
}

/** The files of a tree that a step can consist of, by their paths from its root. */
function filesBelow(root: Root, files: readonly HandedFile[]): Map<string, HandedFile> {
  const start = root.folder === "" ? 0 : root.folder.length + 1;
  const inside = files.filter(({ path }) => isBelow(path, root) && endingOf(path) !== undefined);
  return new Map(inside.map((file) => [file.path.slice(start), file]));
}

/** The files that are steps, by step: of several the one with the course's own name, otherwise the newest copy. */
async function looseSteps(
  files: readonly HandedFile[],
  steps: readonly Step[],
  texts: Texts,
): Promise<ReadonlyMap<Step, HandedFile>> {
  const found = new Map<Step, { file: HandedFile; copy: number }>();
  const rest: HandedFile[] = [];
  for (const file of files) {
    if (!/\.ts$|\.ts\.txt$|\.txt$/i.test(file.path)) continue;
    const named = stepsNamedBy(file.path, steps);
    const [first, second] = named.steps;
    if (!first) {
      rest.push(file);
      continue;
    }
    const step = second ? theOneAbout(await texts.peek(file), named.steps) : first;
    const before = found.get(step);
    // systems number the copies, so that the last is the newest
    if (!before || before.copy <= named.copy) found.set(step, { file, copy: named.copy });
  }
  const byName = new Map([...found].map(([step, { file }]) => [step, file]));
  for (const file of rest) {
    const open = steps.filter((step) => !byName.has(step));
    for (const step of stepsExportedBy(await texts.peek(file), open)) byName.set(step, file);
  }
  return byName;
}

/** Adds the files that a loose step may import: those beside it, under the names that it knows them by. */
function addBeside(
  found: Map<string, HandedFile>,
  step: Step,
  { path }: HandedFile,
  files: readonly HandedFile[],
): void {
  const [here, there] = [folderOf(path), folderOf(step.file)];
  const start = here === "" ? 0 : here.length + 1;
  for (const file of files) {
    if (here !== "" && !file.path.startsWith(`${here}/`)) continue;
    const name = `${there}/${file.path.slice(start)}`;
    if (endingOf(name) !== undefined && !found.has(name)) found.set(name, file);
  }
}

/** Reads files, each once, within the limits of one submission. */
class Texts {
  readonly #read = new Map<HandedFile, Buffer | { problem: string }>();
  #left: number = handedLimits.bytes;

  constructor(files: readonly HandedFile[]) {
    if (files.length <= handedLimits.files) return;
    const message = `${files.length} files were handed in, more than the ${handedLimits.files} that are read; ask for the exercises folder alone`;
    throw new SubmissionProblem("too-large", message);
  }

  /** A file's text, or as much of it as can be read: "" if it is no text. */
  async peek(file: HandedFile): Promise<string> {
    const read = await this.#bytesOf(file);
    return Buffer.isBuffer(read) ? read.toString("utf8") : "";
  }

  /** The texts of files, by the names that they get. */
  async of(found: ReadonlyMap<string, HandedFile>): Promise<TreeTexts> {
    const texts = new Map<string, string | { problem: string }>();
    let characters = 0;
    const names = [...found.keys()].sort();
    for (const name of names) {
      const file = found.get(name)!;
      const read = await this.#bytesOf(file);
      const text = Buffer.isBuffer(read) ? textOrProblem(name, read) : read;
      texts.set(name, text);
      characters += typeof text === "string" ? text.length : 0;
      if (characters > handedLimits.characters) {
        const message = `its files have more than ${handedLimits.characters / 1e6} million characters together; ask for the exercises folder alone`;
        throw new SubmissionProblem("too-large", message);
      }
    }
    return texts;
  }

  async #bytesOf(file: HandedFile): Promise<Buffer | { problem: string }> {
    const before = this.#read.get(file);
    if (before) return before;
    const read = await this.#readNow(file);
    this.#read.set(file, read);
    return read;
  }

  async #readNow(file: HandedFile): Promise<Buffer | { problem: string }> {
    try {
      const bytes = await file.read(Math.min(LARGEST_TEXT, this.#left));
      this.#left -= bytes.length;
      return bytes;
    } catch (error) {
      // a file that is too large, or unreadable, is its step's fault alone; a damaged archive is everybody's
      if (error instanceof SubmissionProblem && error.id !== "broken-zip") return { problem: error.message };
      throw error;
    }
  }
}

/** The largest file that is read, in bytes; one that exercises may have is smaller, and its reader says so. */
const LARGEST_TEXT = 1_000_000;

function textOrProblem(name: string, bytes: Buffer): string | { problem: string } {
  try {
    return textIn(name, bytes);
  } catch (error) {
    if (error instanceof SourceError) return { problem: error.message };
    throw error;
  }
}

/** Archives that are no zips. */
const OTHER_ARCHIVE = /\.(?:rar|7z|tar|tgz|gz|bz2|xz)$/i;

function noSteps(files: readonly HandedFile[]): SubmissionProblem {
  if (files.length === 0)
    return new SubmissionProblem("empty", "nothing that can be read was handed in; ask for the exercises folder");
  const archive = files.find(({ path }) => OTHER_ARCHIVE.test(path));
  if (archive) {
    return new SubmissionProblem(
      "other-archive",
      `${nameOf(archive.path)} is no zip; ask for a zip, or unpack it there`,
    );
  }
  const [only] = files;
  if (files.length === 1 && /_?(?:text|link|onlinetext)\.html$/i.test(only!.path)) {
    return new SubmissionProblem("no-files", "a text or a link was handed in instead of files; ask for the files");
  }
  const message =
    "no file in it is a step, neither by its name nor by a function that it exports; ask for the exercises folder";
  return new SubmissionProblem("no-steps", message);
}
