import { jsonText } from "../json.ts";
import { summaryMarkdown } from "./summary.ts";
import { detailLines, titleOf, totalOf, type GradedStep, type GradedSubmission } from "./submission.ts";

/** The variables of the environment that Classroom 50 sets for an autograder, by the fields of its result. */
const variables = {
  classroom: "CLASSROOM",
  assignment: "ASSIGNMENT",
  owner: "OWNER",
  submission: "SUBMISSION_TAG",
  commit: "COMMIT_URL",
  release: "RELEASE_URL",
} as const;

type Field = keyof typeof variables;

/** What a result says about itself, as Classroom 50 told the grader. */
export interface Classroom50Run extends Readonly<Record<Field, string>> {
  readonly assignment_type: string;
  readonly review: string;
  /** YYYY-MM-DDTHH:MM:SSZ; Classroom 50 replaces `datetime` by the commit's own. */
  readonly datetime: string;
  readonly graded_at: string;
}

/**
 * What Classroom 50 put into the environment.
 *
 * @param now in milliseconds
 * @returns the names of the variables that are missing, if any are
 */
export function classroom50Run(
  environment: Readonly<Record<string, string | undefined>>,
  now: number,
): Classroom50Run | readonly string[] {
  const missing = Object.values(variables).filter((name) => !environment[name]);
  if (missing.length > 0) return missing;
  const told = Object.fromEntries(Object.entries(variables).map(([field, name]) => [field, environment[name]]));
  const datetime = new Date(now).toISOString().replace(/\.\d+Z$/, "Z");
  return {
    ...(told as Record<Field, string>),
    assignment_type: environment["ASSIGNMENT_TYPE"] || "individual",
    review: environment["REVIEW_URL"] || environment[variables.commit]!,
    datetime,
    graded_at: datetime,
  };
}

/** Classroom 50's result.json (schema classroom50/result/v1): integers, a test per step with what explains it. */
export function classroom50Report({ steps }: GradedSubmission, run: Classroom50Run): string {
  const { earned, possible } = totalOf(steps);
  return resultOf(run, { score: earned, "max-score": possible, tests: steps.map(testOf) });
}

/** A result without tests, which Classroom 50 shows as an error together with errorOutputs. */
export function classroom50Failure(run: Classroom50Run): string {
  return resultOf(run, { score: 0, "max-score": 0, tests: [] });
}

/** The lines for the file that GITHUB_OUTPUT names: that grading failed, and why. */
export function errorOutputs(why: string): string {
  return `status=error\nsummary=${why.replaceAll(/\s+/g, " ")}\n`;
}

/** The text of the release: release-body.md. */
export function releaseBody(submission: GradedSubmission): string {
  return summaryMarkdown(submission);
}

function resultOf(run: Classroom50Run, scored: { score: number; "max-score": number; tests: object[] }): string {
  return jsonText({ schema: "classroom50/result/v1", ...run, ...scored });
}

function testOf(graded: GradedStep): object {
  const { step, result, points } = graded;
  return {
    "test-name": titleOf(step),
    passed: result.passed,
    score: points.earned,
    "max-score": points.possible,
    verdict: result.verdict,
    mistake: result.mistake?.id ?? null,
    message: detailLines(graded).join("\n"),
  };
}
