import { appendFileSync } from "node:fs";
import path from "node:path";
import { drawingOf } from "../../report/heatmap/drawing.ts";
import { svgDrawing } from "../../report/heatmap/svg.ts";
import { junitReport } from "../../report/junit.ts";
import {
  classroom50Failure,
  classroom50Report,
  classroom50Run,
  errorOutputs,
  type Classroom50Run,
} from "../../report/platforms/classroom50.ts";
import { exercismFailure, exercismReport } from "../../report/platforms/exercism.ts";
import { gradescopeFailure, gradescopeReport } from "../../report/platforms/gradescope.ts";
import { prairielearnFailure, prairielearnReport, type Picture } from "../../report/platforms/prairielearn.ts";
import type { GradedSubmission } from "../../report/platforms/submission.ts";
import { failureMarkdown, summaryMarkdown } from "../../report/platforms/summary.ts";
import { displayPath } from "../../runner/project.ts";
import { writeWhole } from "../../runner/whole.mjs";
import { treeFrom, UsageError } from "../usage.ts";
import { githubReporter } from "./github.ts";

/** A result for a platform. */
export interface Written {
  readonly text: string;
  /** Writes what the platform reads besides the result; it is no error if that fails. */
  readonly beside?: () => void;
}

/** How a platform is told of one submission. */
export interface Reporter {
  /** Whether the result is one document, which --output names; otherwise it is a log. */
  readonly isFile: boolean;
  /** Whether the platform shows pictures of answers. */
  readonly keepGradients: boolean;
  graded(submission: GradedSubmission): Written;
  /** @param why in one or two sentences */
  failed(why: string): Written;
}

/** What reporters know of how they were called. */
export interface Called {
  readonly from?: string | undefined;
  readonly output?: string | undefined;
}

/** The platforms, by the name that --reporter takes. */
export const reporters = {
  gradescope: () => document(gradescopeReport, gradescopeFailure),
  prairielearn: () => ({
    ...document((submission) => prairielearnReport(submission, firstWrong(submission)), prairielearnFailure),
    keepGradients: true,
  }),
  classroom50: (called) => classroom50(called),
  exercism: () => document(exercismReport, exercismFailure),
  junit: (called) => junit(called),
  github: (called) => githubReporter(called),
} as const satisfies Readonly<Record<string, (called: Called) => Reporter>>;

/** A platform that reads one document. */
function document(report: (submission: GradedSubmission) => string, failure: (why: string) => string): Reporter {
  return {
    isFile: true,
    keepGradients: false,
    graded: (submission) => ({ text: report(submission) }),
    failed: (why) => ({ text: failure(why) }),
  };
}

/** The heat map of the first step whose answer is wrong: yours, the reference, the difference. */
function firstWrong({ steps }: GradedSubmission): Picture | undefined {
  for (const { step, result } of steps) {
    if (step.kind !== "function" || result.passed || !result.gradient?.answer) continue;
    const svg = svgDrawing(drawingOf(step, result, result.gradient, "ours"));
    return { id: step.id, label: "your answer, the reference and the difference", svg };
  }
  return undefined;
}

/** @throws UsageError if the environment is not Classroom 50's */
function classroom50({ output }: Called): Reporter {
  const found = classroom50Run(process.env, Date.now());
  if (!isRun(found)) {
    throw new UsageError(
      `--reporter classroom50: Classroom 50 sets ${found.join(", ")} in the environment, and here there is none; ` +
        "the other reporters need nothing of this kind",
    );
  }
  return {
    isFile: true,
    keepGradients: false,
    graded: (submission) => ({
      text: classroom50Report(submission, found),
      beside: () => writeRelease(output, summaryMarkdown(submission)),
    }),
    failed: (why) => ({
      text: classroom50Failure(found),
      beside: () => {
        writeRelease(output, failureMarkdown(why));
        const outputs = process.env["GITHUB_OUTPUT"];
        if (outputs) append(outputs, errorOutputs(why));
      },
    }),
  };
}

function isRun(found: Classroom50Run | readonly string[]): found is Classroom50Run {
  return !Array.isArray(found);
}

/** The release's text, beside the result. */
function writeRelease(output: string | undefined, text: string): void {
  if (output === undefined) return;
  const folder = path.dirname(path.resolve(process.env["INIT_CWD"] ?? process.cwd(), output));
  writeWhole(path.join(folder, "release-body.md"), text);
}

function append(file: string, text: string): void {
  try {
    appendFileSync(file, text);
  } catch {
    // the result itself is written
  }
}

function junit({ from }: Called): Reporter {
  const timestamp = new Date().toISOString();
  const file = from ?? displayPath(treeFrom(undefined));
  const suite = { name: path.basename(path.resolve(file)), file, timestamp };
  return {
    isFile: true,
    keepGradients: false,
    graded: ({ steps }) => ({ text: junitReport([{ ...suite, results: steps.map(({ result }) => result) }]) }),
    failed: (why) => ({ text: junitReport([{ ...suite, results: [], problem: why }]) }),
  };
}
