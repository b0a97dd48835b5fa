import { jsonText } from "../json.ts";
import {
  detailLines,
  isError,
  isUncompiled,
  printedLines,
  sentenceOf,
  titleOf,
  type GradedStep,
  type GradedSubmission,
} from "./submission.ts";

/** What a test printed may have this many characters. */
const LONGEST_OUTPUT = 500;
const CUT = "\nOutput was truncated. Please limit to 500 chars";
/** The message of a run that ended in an error may have this many characters. */
const LONGEST_MESSAGE = 65_535;

/**
 * Exercism's results.json, version 3: a test per step in the course's order, since only the first that fails is shown. The
 * whole run is an error only if nothing ran.
 */
export function exercismReport({ steps }: GradedSubmission): string {
  if (steps.length > 0 && steps.every(({ result }) => isUncompiled(result))) {
    const messages = steps.map((graded) => `${titleOf(graded.step)}: ${sentenceOf(graded.result)}`);
    return exercismFailure(messages.join("\n"));
  }
  const isPassed = steps.every(({ result }) => result.passed);
  return jsonText({ version: 3, status: isPassed ? "pass" : "fail", message: null, tests: steps.map(testOf) });
}

/** A result that says why there is none. */
export function exercismFailure(why: string): string {
  return jsonText({ version: 3, status: "error", message: why.slice(0, LONGEST_MESSAGE), tests: [] });
}

function testOf(graded: GradedStep): object {
  const { step, result } = graded;
  const status = result.passed ? "pass" : isError(result) ? "error" : "fail";
  const output = printedLines(result).join("\n");
  return {
    name: titleOf(step),
    status,
    message: result.passed ? null : detailLines(graded).join("\n"),
    output: output === "" ? null : limitedOutput(output),
  };
}

function limitedOutput(output: string): string {
  return output.length <= LONGEST_OUTPUT ? output : output.slice(0, LONGEST_OUTPUT - CUT.length) + CUT;
}
