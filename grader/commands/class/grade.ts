import path from "node:path";
import { dojo } from "../../course/steps.ts";
import { graderHere, type Grader } from "../../class/grading/grader.ts";
import type { GradingSettings } from "../../class/grading/settings.ts";
import { graderElsewhere } from "../../class/grading/workers.ts";
import { SubmissionProblem } from "../../class/problem.ts";
import { Results } from "../../class/results.ts";
import type { Common } from "../../class/run.ts";
import { inShard } from "../../class/shard.ts";
import { recognize, type OpenClass } from "../../class/sources/recognize.ts";
import { listClass, type ClassList } from "../../class/submissions.ts";
import { shippedNames } from "../../runner/data.ts";
import { onStop } from "../../runner/process.ts";
import { displayPath, projectRoot } from "../../runner/project.ts";
import { systemProblem, whyNot } from "../../runner/system.mjs";
import { tell } from "../tell.ts";
import { resolvePath, UsageError } from "../usage.ts";
import { version } from "../version.ts";
import { gradeAll, lookAtAll, type Outcome } from "./all.ts";
import { classOptions, type ClassOptions } from "./options.ts";
import { merge } from "./merge.ts";
import { endLines, foundLines, nextLines, recognizedLines } from "./words.ts";

/** Exit statuses beside the usual ones, for the systems that start shards: this one says that it is worth trying again. */
const TRY_AGAIN = 3;

/** Grades a class. Exit status 0 if each submission of the shard has a result. */
export async function gradeClass(args: readonly string[]): Promise<number> {
  const options = classOptions(args);
  onStop((signal) => {
    tell(`stopped by ${signal} before anything was graded; ${AGAIN}`);
    process.exit(TRY_AGAIN);
  });
  try {
    const recognized = await recognizeAt(options);
    try {
      const list = listClass(recognized, options.roster);
      if (list.unread.length === 0) throw nothingIn(options, recognized);
      return await gradeListed(options, recognized, list, resultsIn(options));
    } finally {
      recognized.close();
    }
  } catch (error) {
    const problem = error instanceof UsageError ? undefined : systemProblem(error);
    if (problem === undefined) throw error;
    tell(`${problem}; ${AGAIN}`);
    return TRY_AGAIN;
  } finally {
    onStop(undefined);
  }
}

const AGAIN = "the same command again goes on from there";

/** @throws UsageError if the folder cannot be made */
function resultsIn({ out }: ClassOptions): Results {
  try {
    return new Results(out);
  } catch (error) {
    throw new UsageError(`--out ${displayPath(out)}: cannot be created (${whyNot(error)}); is the path right?`);
  }
}

async function recognizeAt({ submissions, out, pattern }: ClassOptions): Promise<OpenClass> {
  const shown = displayPath(submissions);
  try {
    return await recognize(submissions, dojo.steps, { pattern, except: out });
  } catch (error) {
    if (error instanceof SubmissionProblem) throw new UsageError(error.message);
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UsageError(`${shown}: cannot be read (${whyNot(error)}); is the path right?`);
  }
}

function nothingIn({ submissions }: ClassOptions, { passedOver }: OpenClass): UsageError {
  const what = passedOver.length === 0 ? "is empty" : "holds no submission";
  return new UsageError(`${displayPath(submissions)} ${what}; give the folder or the zip with what was handed in`);
}

async function gradeListed(
  options: ClassOptions,
  recognized: OpenClass,
  list: ClassList,
  results: Results,
): Promise<number> {
  const print = (lines: readonly string[]): void =>
    void process.stdout.write(lines.map((line) => `${line}\n`).join(""));
  const ids = list.unread.map(({ submission }) => submission.id);
  const chosen = options.shard ? inShard(ids, options.shard) : ids;
  print(recognizedLines(options, recognized, list, chosen.length));
  const common = commonOf(options, results);
  common.results.tidy(chosen, options.shard);
  common.results.writeClass(
    {
      schema: "backprop-dojo/class/v1",
      grader: version(),
      steps: options.steps.map(({ id }) => ({ id, points: options.points.get(id) ?? 0 })),
      seed: options.seed ?? null,
      data: common.about.data,
      source: recognized.what,
      submissions: ids,
      missing: list.roster?.missing ?? [],
    },
    options.shard,
  );
  const byId = new Map(list.unread.map((one) => [one.submission.id, one]));
  const unread = chosen.map((id) => byId.get(id)!);
  const looked = await lookAtAll(unread, common, options.isAgain);
  print(foundLines(looked));
  const graders = gradersFor(options, looked.open.length);
  const stopped = (signal: NodeJS.Signals, outcome: Outcome): never => {
    for (const grader of graders) grader.close();
    print(endLines(looked, outcome, displayPath(options.out), signal));
    process.exit(TRY_AGAIN);
  };
  try {
    const outcome = await gradeAll(looked.open, common, graders, (act) => onStop(act), stopped);
    print(endLines(looked, outcome, displayPath(options.out)));
    if (outcome.failures.length > 0 || outcome.left > 0) return TRY_AGAIN;
    if (!options.shard) await showTable(options.out);
    print(nextLines(displayPath(options.out), options.shard !== undefined));
    return 0;
  } finally {
    for (const grader of graders) grader.close();
  }
}

/** The class at a glance, as merge shows it. */
async function showTable(out: string): Promise<void> {
  process.stdout.write("\n");
  await merge([out]);
  process.stdout.write("\n");
}

function commonOf({ steps, points, seed, box, names, data: typed }: ClassOptions, results: Results): Common {
  // the same wherever the command is typed
  const data = { names: typed ?? path.relative(projectRoot, shippedNames), sha256: names.sha256 };
  return {
    about: { grader: version(), node: process.versions.node, data },
    steps: dojo.steps,
    points,
    key: { steps: steps.map(({ id }) => id), seed, box, sha256: names.sha256 },
    results,
  };
}

/** A grader for each job; a single one is this process itself. */
function gradersFor({ steps, data, seed, box, isAgain, jobs }: ClassOptions, submissions: number): Grader[] {
  const settings: GradingSettings = {
    steps: steps.map(({ id }) => id),
    names: data === undefined ? shippedNames : path.resolve(resolvePath(data)),
    seed,
    box,
    isFresh: isAgain,
  };
  const count = Math.min(jobs, submissions);
  if (count <= 1) return [graderHere(settings)];
  return Array.from({ length: count }, () => graderElsewhere(settings));
}
