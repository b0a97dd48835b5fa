import path from "node:path";
import { parseArgs } from "node:util";
import { dojo, steps as allSteps } from "../course/steps.ts";
import { diagnosticReport } from "../report/diagnostics.ts";
import { jsonReport } from "../report/json.ts";
import { nextLines } from "../report/listing.ts";
import { newsLines } from "../report/news.ts";
import { terminalReport } from "../report/terminal.ts";
import { gradeTree } from "../runner/grade.ts";
import { newsOf, type News } from "../grading/news.ts";
import { nextStep } from "../grading/progress.ts";
import { keepVerdicts, readVerdicts } from "../runner/workspace/progress-file.ts";
import { progressIn, stepsInReach } from "../runner/workspace/tree.ts";
import { missingHere } from "../runner/box.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";
import { freshStore, usualStore } from "../runner/store.ts";
import { githubLog, isGithubLog } from "./grade/github.ts";
import { checkReporterOptions, gradeForPlatform, reporterHelp, submissionOf } from "./grade/reporter.ts";
import { checkGradients } from "./gradient-check.ts";
import { drawings, pictureFor, pictureHelp, savePicture, shown } from "./picture.ts";
import { pointsFor } from "./points-file.ts";
import { say } from "./tell.ts";
import {
  boxFor,
  namesFrom,
  optionAgain,
  selectSteps,
  spellOut,
  treeWithSteps,
  untrustedHelp,
  UsageError,
} from "./usage.ts";
import { functionLine } from "./function-line.ts";
import type { Position, StepResult } from "../verdict/result.ts";
import { version } from "./version.ts";

export const gradeHelp = `grade [step ...] [--from FOLDER] [--reference ours|torch] [--data FILE] [--why]
          [--check] [--fresh] [--json | --lines] [--show] [--save FILE] [--untrusted[=best-effort]]
          [--reporter NAME [--output FILE] [--points FILE]]
    Grades steps: by name (dcounts), number (5, 2.1), range (1-8, 0.1-0.5), part (part1) or file; by default all
    that follow the lecture, and the parts beyond it in which a step is begun.
    --from FOLDER      grades another tree of the same shape instead of exercises/
    --reference torch  compares with PyTorch's stored gradients instead of ours (exact, approximate, maxdiff)
    --data FILE        the names that part 4 trains on, one per line; data/names.txt by default
    --why              explains how a correct answer differs from the reference in its last digits
    --check            shows each answer beside central differences of the step's forward lines, instead of grading it
    --fresh            runs every step, even those that have not changed since they were graded
    --json             prints one JSON document and nothing else
    --lines            prints a line for each step that fails, file:line:column: error: text, for editors
    ${pictureHelp}
    ${untrustedHelp}
    ${reporterHelp}`;

/** Exit status 0 if all selected steps pass, 1 if some do not. */
export async function grade(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: spellOut(args),
    allowPositionals: true,
    options: {
      from: { type: "string" },
      reference: { type: "string", default: "ours" },
      data: { type: "string" },
      why: { type: "boolean", default: false },
      check: { type: "boolean", default: false },
      fresh: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      show: { type: "boolean", default: false },
      save: { type: "string" },
      lines: { type: "boolean", default: false },
      untrusted: { type: "string" },
      reporter: { type: "string" },
      output: { type: "string" },
      points: { type: "string" },
    },
  });
  checkReporterOptions(values);
  const { reference, reporter } = values;
  if (reporter !== undefined) return gradeForPlatform(positionals, { ...values, reporter });
  if (reference !== "ours" && reference !== "torch") {
    throw new UsageError(`--reference ${reference}: choose "ours" or "torch"`);
  }
  const { show, save, json } = values;
  const root = treeWithSteps(values.from);
  const steps = positionals.length === 0 ? stepsInReach(root) : selectSteps(positionals);
  const picture = pictureFor({ show, save, json }, positionals, steps);
  const box = boxFor(values.untrusted);
  if (values.check) return checkGradients(steps, root, box, values);
  const names = namesFrom(values.data);
  const keepGradients = picture.show || picture.save !== undefined;
  // the type checker follows imports to any file: not those of a file that was handed in, wherever it is
  const checkTypes = root === exercisesFolder && values.untrusted === undefined;
  const store = values.fresh ? freshStore(usualStore()) : usualStore();
  const results = await gradeTree({ root, steps, names, reference, box, checkTypes, keepGradients, store });
  // only of the learner's own exercises: results of another tree are not their progress
  const news = root === exercisesFolder ? keepWithNews(results) : undefined;

  const pathOf = (file: string): string => displayPath(path.join(root, file));
  if (json) {
    const data = { names: names.path, sha256: names.sha256 };
    process.stdout.write(jsonReport(results, { grader: version(), node: process.versions.node, data }));
  } else if (values.lines) {
    process.stdout.write(diagnosticReport(results, pathOf, (result) => functionOf(root, result)));
  } else {
    const github = isGithubLog() ? githubLog() : undefined;
    process.stdout.write(github?.begin ?? "");
    const drawn = keepGradients ? drawings(steps, results, reference) : [];
    if (picture.show) process.stdout.write(shown(drawn));
    process.stdout.write(partOrStep(positionals, root));
    const again = (id: string): string => `npm run grade -- ${id}${elsewhere(values)}`;
    const { columns } = process.stdout;
    process.stdout.write(terminalReport(steps, results, { columns, pathOf, lessonPath, why: values.why, again }));
    if (picture.save !== undefined) process.stdout.write(savePicture(picture.save, drawn[0]!));
    // with work left in what was graded, other forms of what passes can wait
    const told = news && (results.every(({ passed }) => passed) ? news : { ...news, passed: [] });
    for (const line of told ? newsLines(told, columns) : []) process.stdout.write(`${line}\n`);
    if (root === exercisesFolder && steps.length < allSteps.length && results.every(({ passed }) => passed)) {
      process.stdout.write(nextLine());
    }
    if (missingHere) say(missingHere);
    if (github)
      process.stdout.write(github.end(submissionOf(steps, results, pointsFor(undefined, steps), names), root));
  }
  return results.every((result) => result.passed) ? 0 : 1;
}

/** Keeps the verdicts, and says what they bring for the first time. */
function keepWithNews(results: readonly StepResult[]): News {
  const before = readVerdicts();
  return newsOf(dojo, before, keepVerdicts(results));
}

/** What to do next, after some steps that all pass, from what is known of the others. */
function nextLine(): string {
  const next = nextStep(progressIn(exercisesFolder, readVerdicts()));
  if (!next) return "";
  return nextLines(next, lessonPath)
    .map((line) => `${line}\n`)
    .join("");
}

/**
 * Which step was graded, if a number was typed that is also the number of the part that the learner is working on: 5 is
 * the main part's fifth step, and not part 5.
 */
function partOrStep(words: readonly string[], root: string): string {
  if (root !== exercisesFolder) return "";
  const next = nextStep(progressIn(exercisesFolder, readVerdicts()));
  const meant = allSteps.find(({ label }) => words.some((word) => word === label) && label === String(next?.step.part));
  return meant ? `step ${meant.label} is ${meant.id}; part ${meant.label} is part${meant.label}\n\n` : "";
}

/** Where the function of a result's step begins. */
function functionOf(root: string, { id, file }: StepResult): Position {
  return functionLine(
    root,
    allSteps.find((step) => step.id === id)!,
    file,
  );
}

/** A file of the learner's exercises, which hold the lessons, as the reader sees it. */
function lessonPath(file: string): string {
  return displayPath(path.join(exercisesFolder, file));
}

/** The options that grade another tree again, as they were given. */
function elsewhere({ from, untrusted }: { from?: string | undefined; untrusted?: string | undefined }): string {
  if (from === undefined) return "";
  return optionAgain("--from", from) + (untrusted === undefined ? "" : ` --untrusted=${untrusted}`);
}
