import { randomUUID } from "node:crypto";
import { appendFileSync, fstatSync, statSync } from "node:fs";
import path from "node:path";
import {
  annotations,
  failureAnnotation,
  limitedSummary,
  withoutCommands,
  type Place,
} from "../../report/platforms/github.ts";
import { failureMarkdown, summaryMarkdown } from "../../report/platforms/summary.ts";
import type { GradedStep, GradedSubmission } from "../../report/platforms/submission.ts";
import { terminalReport } from "../../report/terminal.ts";
import { displayPath, withSlashes } from "../../runner/project.ts";
import { functionLine } from "../function-line.ts";
import { treeFrom } from "../usage.ts";
import type { Called, Reporter } from "./reporters.ts";

/**
 * Whether this is a step of a GitHub workflow whose log GitHub reads: then the report also annotates files and writes the
 * job's summary. If the output goes to a file, the workflow does something of its own with it.
 */
export function isGithubLog(): boolean {
  return process.env["GITHUB_ACTIONS"] === "true" && !isOutputFile();
}

function isOutputFile(): boolean {
  try {
    return fstatSync(1).isFile();
  } catch {
    return false;
  }
}

/** The report as in a terminal, then annotations at the lines. The summary goes to --output, or to the job's own. */
export function githubReporter({ from, output }: Called): Reporter {
  return {
    isFile: false,
    keepGradients: false,
    graded: (submission) => {
      const root = treeFrom(from);
      const steps = submission.steps.map(({ step }) => step);
      const results = submission.steps.map(({ result }) => result);
      const pathOf = (file: string): string => displayPath(path.join(root, file));
      const report = terminalReport(steps, results, { columns: undefined, pathOf });
      const { begin, end } = withoutCommands(randomUUID());
      return {
        text: begin + report + end + annotationText(submission, root),
        beside: () => addSummary(summaryMarkdown(submission), output),
      };
    },
    failed: (why) => ({
      text: `${failureAnnotation(why)}\n`,
      beside: () => addSummary(failureMarkdown(why), output),
    }),
  };
}

/** The log of a GitHub workflow around a report that contains a learner's text. */
export function githubLog(): { begin: string; end: (submission: GradedSubmission, root: string) => string } {
  const { begin, end } = withoutCommands(randomUUID());
  return {
    begin,
    end: (submission, root) => {
      addSummary(summaryMarkdown(submission));
      return end + annotationText(submission, root);
    },
  };
}

/** The annotations on a graded tree, a line each. */
function annotationText(submission: GradedSubmission, root: string): string {
  const lines = annotations(submission, (graded) => placeIn(root, graded));
  return lines.map((line) => `${line}\n`).join("");
}

/** Where a result is shown: at its place or, without one, at the function. */
function placeIn(root: string, { step, result: { file, at } }: GradedStep): Place {
  const top = process.env["GITHUB_WORKSPACE"] || process.env["INIT_CWD"] || process.cwd();
  const shown = withSlashes(path.relative(top, path.join(root, file)));
  return { file: shown, ...(at ?? { line: functionLine(root, step, file).line }) };
}

/**
 * Adds to the job's summary, or to a file of that kind. Whatever happens to it, the result is in the log.
 *
 * @param output the file as typed; undefined for the job's own
 */
function addSummary(markdown: string, output?: string): void {
  const file =
    output === undefined
      ? process.env["GITHUB_STEP_SUMMARY"]
      : path.resolve(process.env["INIT_CWD"] ?? process.cwd(), output);
  if (!file) return;
  try {
    const used = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    appendFileSync(file, limitedSummary(`${markdown}\n`, used));
  } catch {
    // a full disk, or no such folder
  }
}
