import { outside } from "../../runner/outside/outside.ts";
import { solutionsFolder } from "../../runner/project.ts";
import { withStubs } from "../../runner/workspace/stubs.ts";
import { nextCommand } from "../new/home.ts";
import { problemOf } from "../problem.ts";
import { say } from "../tell.ts";
import { stages, type Stage } from "./author.ts";
import { gradedAs } from "./graded.ts";

/** What learners' code decides: our answers pass, and their stubs are not started. */
const graded: readonly Stage[] = [
  { holds: "every solution passes", tasks: () => gradedAs(solutionsFolder, ({ passed }) => passed) },
  {
    holds: "every stub is not started",
    tasks: () => withStubs((folder) => gradedAs(folder, ({ verdict }) => verdict === "not-started")),
  },
];

/**
 * Says what a course outside needs next, a single thing.
 *
 * @returns exit status 0 if it is complete, 1 if something is left to do
 */
export async function checkOutside(): Promise<number> {
  if (outside.problem) return next(problemOf(outside.problem)!, 0);
  for (const { holds, tasks } of [...stages, ...graded]) {
    const [first, ...others] = await tasks();
    if (first !== undefined) return next(first, others.length);
    process.stdout.write(`ok    ${holds}\n`);
  }
  say(`the course is complete: ${nextCommand("grade")} grades its exercises`);
  return 0;
}

/** The task to do next, and how many of its kind come after it. */
function next(task: string, others: number): number {
  process.stdout.write(`next  ${task}\n`);
  if (others > 0) process.stdout.write(`      and ${others} more like it\n`);
  return 1;
}
