import type { Step } from "../../kit/step.ts";
import { compare } from "../handed/handed.ts";

/** Where the course's folders are in what was handed in. */
export interface Root {
  /** "" if they are at the top. */
  folder: string;
  /** Whether it is a whole checkout of the course, whose other folders, such as solutions/, are not the learner's. */
  isWhole: boolean;
}

/** Folders of the course in which files are called like steps, and are none of the learner's. */
const OF_THE_COURSE: ReadonlySet<string> = new Set(["solutions", "grader", "tests"]);
const EXERCISES = "exercises";

/**
 * The folder that has most of the course's steps in the course's own folders.
 *
 * @returns undefined if no step is in its folder
 */
export function rootOf(paths: readonly string[], steps: readonly Step[]): Root | undefined {
  const counts = new Map<string, number>();
  const files = new Set(steps.map(({ file }) => file));
  for (const path of paths) {
    // a step's file is always in a part's folder
    const names = path.split("/");
    const file = names.slice(-2).join("/");
    if (!files.has(file)) continue;
    const folder = names.slice(0, -2).join("/");
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  const [best] = [...counts.keys()].sort((a, b) => {
    const ranks = rank(a).map((mine, i) => rank(b)[i]! - mine);
    // of two alike, the last is the newest: browsers and systems number copies
    return (
      ranks.find((by) => by !== 0) ?? (counts.get(b)! - counts.get(a)! || depthOf(a) - depthOf(b) || compare(b, a))
    );
  });
  if (best === undefined) return undefined;
  const above = best.slice(0, -EXERCISES.length);
  const isWhole = isExercises(best) && paths.includes(`${above}package.json`);
  return { folder: best, isWhole };
}

/** What decides before the number of steps: the folder's name, and that it is none of the course's other folders. */
function rank(folder: string): number[] {
  return [isExercises(folder) ? 1 : 0, folder.split("/").some((name) => OF_THE_COURSE.has(name)) ? 0 : 1];
}

function depthOf(folder: string): number {
  return folder.split("/").length;
}

function isExercises(folder: string): boolean {
  return folder === EXERCISES || folder.endsWith(`/${EXERCISES}`);
}
