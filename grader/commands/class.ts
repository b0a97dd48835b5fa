import { WORKER } from "../class/grading/workers.ts";
import { work } from "../class/grading/worker.ts";
import { gradeClass } from "./class/grade.ts";
import { merge, mergeHelp } from "./class/merge.ts";

export const classHelp = `class SUBMISSIONS [step ...] [--out FOLDER] [--roster FILE] [--points FILE] [--id-pattern REGEX]
          [--shard i/n|auto] [--jobs N] [--seed TEXT] [--data FILE] [--again] [--untrusted[=best-effort]]
    Grades a class: what Canvas, Moodle, Gradescope, PrairieLearn, Classroom 50 or GitHub Classroom exports, or a folder, a
    zip or loose files for each person. What has not changed since it was graded is not graded again.
    --out FOLDER       where the results are written, a file for each submission; results/ by default
    --roster FILE      a table with people's ids, names and emails, such as a gradebook: the results get them
    --points FILE      what steps are worth, { "*": 1, "part4": 10 }; 1 for each step of parts 0 to 4 by default
    --id-pattern REGEX says whose a file is where nothing is recognized, as in '(?<id>\\d+)-(?<name>[^/]+)/'
    --shard i/n        grades one of n equal parts, from 1/n to n/n; auto asks the system that runs several
    --jobs N           how many are graded at the same time; one for each processor by default
    --seed TEXT        draws all cases from this text: the same for everybody, and unknown to who does not know it
    --data FILE        the names that part 4 trains on, one per line; data/names.txt by default
    --again            grades all, and runs every step
    --untrusted        runs them in bubblewrap, or not at all; this is the default
    --untrusted=best-effort  without bubblewrap: only with Node's permission model, a context and limits
    Exit status: 0 if each submission has a result, whatever the verdicts; 2 if the command could not be run; 3 if some could
    not be graded, or if it was stopped: the same command again grades the rest.
  ${mergeHelp}`;

export async function classCommand(args: string[]): Promise<number> {
  if (args[0] === WORKER && process.send) return work();
  if (args[0] === "merge") return merge(args.slice(1));
  return gradeClass(args);
}
