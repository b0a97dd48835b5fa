import { statSync } from "node:fs";
import path from "node:path";
import type { Step } from "../../kit/step.ts";
import { handedFile, handedFolder } from "../handed/folder.ts";
import { below, nameOf, topOf, type Handed, type Top } from "../handed/handed.ts";
import { openZip } from "../handed/zip.ts";
import { classLimits } from "../limits.ts";
import { SubmissionProblem } from "../problem.ts";
import { isZip } from "../tree/archives.ts";
import { recognizeByHand, recognizeOne } from "./by-hand.ts";
import { recognizeCanvas } from "./canvas.ts";
import type { Recognize, Recognized } from "./found.ts";
import { recognizeGradescope } from "./gradescope.ts";
import { recognizeMoodle } from "./moodle.ts";
import { recognizeByPattern } from "./pattern.ts";
import { recognizePrairieLearn } from "./prairielearn.ts";
import { recognizeClassroom50, recognizeGitHubClassroom } from "./repositories.ts";

/** The systems that are recognized, the surest sign first. */
const systems: readonly Recognize[] = [
  recognizeGradescope,
  recognizeCanvas,
  recognizeMoodle,
  recognizePrairieLearn,
  recognizeClassroom50,
  recognizeGitHubClassroom,
];

/** How many folders may be around what a system exports, as unpacking adds them. */
const WRAPPINGS = 2;

/** A class as it was handed in. Archives stay open until everything is read. */
export interface OpenClass extends Recognized {
  close(): void;
}

export interface RecognizeOptions {
  /** Says whose a file is, instead of all that is recognized. */
  pattern?: RegExp | undefined;
  /** A folder that is not looked into: the one of the results. */
  except?: string | undefined;
}

/**
 * Recognizes what an instructor has: a folder, a zip or a single file.
 *
 * @throws SubmissionProblem if it is a zip that cannot be read; the system's error if it is not there
 */
export async function recognize(
  file: string,
  steps: readonly Step[],
  { pattern, except }: RecognizeOptions = {},
): Promise<OpenClass> {
  const { handed, close } = await opened(file, except);
  const archives = [close];
  const closeAll = (): void => archives.forEach((one) => one());
  try {
    const name = path.basename(path.resolve(file)).replace(/\.zip$/i, "");
    if (pattern) return { ...recognizeByPattern(handed, pattern), close: closeAll };
    const system = await recognizeSystem(handed, name, archives);
    return { ...(system ?? recognizeOne(handed, name, steps) ?? people(handed, steps)), close: closeAll };
  } catch (error) {
    closeAll();
    throw error;
  }
}

async function opened(file: string, except?: string): Promise<{ handed: Handed; close: () => void }> {
  const found = statSync(file);
  if (found.isDirectory()) return { handed: handedFolder(file, except), close: () => {} };
  if (!isZip(file)) return { handed: handedFile(file), close: () => {} };
  const archive = await openZip(file, path.basename(file), classLimits.files);
  return { handed: archive, close: () => archive.close() };
}

/** What a system exports: there, in the only folder, or in the only zip. */
async function recognizeSystem(
  handed: Handed,
  name: string,
  archives: (() => void)[],
  depth = 0,
): Promise<Recognized | undefined> {
  for (const recognizeOne of systems) {
    const found = await recognizeOne(handed, name);
    if (found) return found;
  }
  if (depth === WRAPPINGS) return undefined;
  const { folders, files } = filled(topOf(handed));
  const [only] = folders;
  if (only && folders.size === 1 && !files.some(({ path }) => isZip(path))) {
    return recognizeSystem(below(handed, only[0]), only[0], archives, depth + 1);
  }
  const zips = files.filter(({ path }) => isZip(path));
  const [zip] = zips;
  if (!zip || zips.length > 1 || folders.size > 0) return undefined;
  try {
    const bytes = await zip.read(classLimits.tableBytes);
    const archive = await openZip(bytes, nameOf(zip.path), classLimits.files);
    archives.push(() => archive.close());
    return await recognizeSystem(archive, nameOf(zip.path).replace(/\.zip$/i, ""), archives, depth + 1);
  } catch (error) {
    // then it is somebody's, who will be told
    if (error instanceof SubmissionProblem) return undefined;
    throw error;
  }
}

/** A folder for each person: at the top, or in the only folder there, unless that one is a person's. */
function people(handed: Handed, steps: readonly Step[]): Recognized {
  const { folders, files } = filled(topOf(handed));
  const [only] = folders;
  const isWrapped = only && folders.size === 1 && !files.some(({ path }) => /\.(?:zip|ts)$/i.test(path));
  const inside = isWrapped ? below(handed, only[0]) : undefined;
  if (inside && !recognizeOne(inside, only![0], steps) && topOf(inside).folders.size > 1) return people(inside, steps);
  return recognizeByHand(handed, steps);
}

/** The top without folders that hold nothing: such a one beside an export says nothing about it. */
function filled({ folders, files }: Top): Top {
  return { folders: new Map([...folders].filter(([, one]) => one.files.length > 0)), files };
}
