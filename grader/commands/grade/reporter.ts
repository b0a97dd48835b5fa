import path from "node:path";
import { handedFolder } from "../../class/handed/folder.ts";
import type { PointsPerStep } from "../../class/points.ts";
import { unpacked } from "../../class/tree/archives.ts";
import { findTree } from "../../class/tree/find.ts";
import { steps as allSteps } from "../../course/steps.ts";
import { gradeSteps } from "../../grading/grade.ts";
import type { Host } from "../../grading/host.ts";
import type { Step } from "../../kit/step.ts";
import { harmless } from "../../report/harmless.ts";
import type { GradedSubmission } from "../../report/platforms/submission.ts";
import type { NamesFile } from "../../runner/data.ts";
import type { Box } from "../../runner/box.ts";
import { makeFolder } from "../../runner/folder.mjs";
import { courseOf } from "../../runner/grade.ts";
import { nodeHost, treeHost } from "../../runner/host.ts";
import { memoryTree } from "../../runner/tree.ts";
import { displayPath } from "../../runner/project.ts";
import { whyNot } from "../../runner/system.mjs";
import { saveWhole } from "../../runner/whole.mjs";
import type { StepResult } from "../../verdict/result.ts";
import { pointsFor, pointsHelp } from "../points-file.ts";
import { problemOf } from "../problem.ts";
import { tell } from "../tell.ts";
import { boxFor, namesFrom, selectSteps, treeFrom, treeWithSteps, UsageError } from "../usage.ts";
import { version } from "../version.ts";
import { reporters, type Reporter, type Written } from "./reporters.ts";

/** The options of `grade` that count for a platform. */
export interface PlatformOptions {
  reporter: string;
  output?: string | undefined;
  points?: string | undefined;
  from?: string | undefined;
  data?: string | undefined;
  untrusted?: string | undefined;
}

export const reporterHelp = `--reporter NAME    one submission for a platform that calls the grader: gradescope, prairielearn, classroom50,
                       exercism, junit or github; exit status 0 once a result is written, whatever it says
    --output FILE      where the reporter writes; by default to standard output
    ${pointsHelp}`;

/** Options of the report for people, which no platform reads. */
const FOR_PEOPLE = ["why", "check", "json", "lines", "show", "save"] as const;

/**
 * Options that only go together, or do not.
 *
 * @throws UsageError
 */
export function checkReporterOptions(values: Readonly<Record<string, unknown>>): void {
  const given = (name: string): boolean => values[name] !== undefined && values[name] !== false;
  if (!given("reporter")) {
    const alone = ["output", "points"].find(given);
    if (alone !== undefined) throw new UsageError(`--${alone} goes with --reporter; which platform is it for?`);
    return;
  }
  const other = FOR_PEOPLE.find(given);
  if (other !== undefined) throw new UsageError(`--reporter and --${other}: use one or the other`);
  if (values["reference"] !== "ours") throw new UsageError("--reporter and --reference torch: use one or the other");
}

/** What a platform is told before anything is graded, so that it knows even if the grader is killed. */
const UNFINISHED =
  "Grading did not finish: it ran out of time or memory, or it was stopped. Submit again; if this happens again, tell " +
  "whoever runs the course.";

/**
 * Grades one submission for a platform that calls the grader. Whatever happens then, the platform gets a result: also when
 * the submission cannot be graded, in the platform's own way.
 *
 * @param words the steps as they were typed
 * @returns exit status 0, since a platform takes any other for a broken grader
 * @throws UsageError if nothing can be written for the platform
 */
export async function gradeForPlatform(words: readonly string[], options: PlatformOptions): Promise<number> {
  const reporter = reporterNamed(options.reporter, options);
  const write = writerTo(reporter.isFile ? options.output : undefined);
  if (reporter.isFile && options.output !== undefined) write(reporter.failed(UNFINISHED).text);
  let report: Written;
  try {
    report = reporter.graded(await gradedSubmission(words, options, reporter));
  } catch (error) {
    const problem = problemOf(error);
    // a trace is for the grader's log, not for learners
    tell(problem ?? `this is a bug in the grader, please report it\n${(error as Error).stack ?? String(error)}`);
    const why = problem ?? "the grader has a fault, which its log describes";
    report = reporter.failed(`This submission could not be graded: ${harmless(why, true)}`);
  }
  write(report.text);
  report.beside?.();
  return 0;
}

function reporterNamed(name: string, options: PlatformOptions): Reporter {
  if (Object.hasOwn(reporters, name)) return reporters[name as keyof typeof reporters](options);
  throw new UsageError(`--reporter ${name}: choose one of ${Object.keys(reporters).join(", ")}`);
}

/**
 * Writes a result whole, to a file whose folder is created, or to standard output.
 *
 * @throws UsageError if the file cannot be written
 */
function writerTo(typed: string | undefined): (text: string) => void {
  if (typed === undefined) return (text) => void process.stdout.write(text);
  const file = path.resolve(process.env["INIT_CWD"] ?? process.cwd(), typed);
  return (text) => {
    try {
      makeFolder(path.dirname(file));
      saveWhole(file, text);
    } catch (error) {
      throw new UsageError(`--output ${displayPath(file)}: cannot be written (${whyNot(error)}); choose another file`);
    }
  };
}

async function gradedSubmission(
  words: readonly string[],
  options: PlatformOptions,
  { keepGradients, isFile }: Reporter,
): Promise<GradedSubmission> {
  const steps = selectSteps(words);
  const points = pointsFor(options.points, steps);
  const names = namesFrom(options.data);
  const box = boxFor(options.untrusted);
  // a log names places in files, which are where they are; a platform hands over whatever somebody uploaded
  const host = isFile ? await handedHost(options.from, box) : nodeHost(treeWithSteps(options.from), { box });
  const results = await gradeSteps(host, courseOf(names, "ours"), steps, keepGradients);
  return submissionOf(steps, results, points, names);
}

/** The steps in what was handed in, in whatever shape. */
async function handedHost(from: string | undefined, box: Box): Promise<Host> {
  const handed = await unpacked(handedFolder(treeFrom(from)));
  try {
    const { texts } = await findTree(handed.files, allSteps);
    return treeHost(memoryTree(texts), { box });
  } finally {
    handed.close();
  }
}

/** Results with what they are worth. */
export function submissionOf(
  steps: readonly Step[],
  results: readonly StepResult[],
  points: PointsPerStep,
  names: Pick<NamesFile, "path" | "sha256">,
): GradedSubmission {
  return {
    grader: version(),
    data: { names: names.path, sha256: names.sha256 },
    steps: steps.map((step, i) => {
      const result = results[i]!;
      const possible = points.get(step.id)!;
      return { step, result, points: { earned: result.passed ? possible : 0, possible } };
    }),
  };
}
