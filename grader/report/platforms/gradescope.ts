import { jsonText } from "../json.ts";
import {
  detailLines,
  printedLines,
  secondsOf,
  totalLine,
  totalOf,
  type GradedStep,
  type GradedSubmission,
} from "./submission.ts";

/**
 * Gradescope's results.json (its autograder specification): a test per step. All text is declared as plain text, because
 * learner code wrote some of it and the other formats are HTML or Markdown.
 */
export function gradescopeReport(submission: GradedSubmission): string {
  const { steps, grader, data } = submission;
  return jsonText({
    score: totalOf(steps).earned,
    output: totalLine(submission),
    ...textOnly,
    execution_time: secondsOf(steps),
    extra_data: { schema: "backprop-dojo/result/v1", grader, data },
    tests: steps.map(testOf),
  });
}

/** A result that says why there is none. */
export function gradescopeFailure(why: string): string {
  return jsonText({ score: 0, output: why, ...textOnly, tests: [] });
}

const textOnly = {
  output_format: "text",
  test_output_format: "text",
  test_name_format: "text",
  stdout_visibility: "hidden",
};

function testOf(graded: GradedStep): object {
  const { step, result, points } = graded;
  const { part, number } = step;
  const printed = printedLines(result).map((line) => `printed | ${line}`);
  return {
    number: `${part}.${number}`,
    name: step.id,
    score: points.earned,
    max_score: points.possible,
    status: result.passed ? "passed" : "failed",
    output: [...detailLines(graded), ...printed].join("\n"),
    tags: [`part ${part}`],
    extra_data: { verdict: result.verdict, mistake: result.mistake?.id ?? null },
  };
}
