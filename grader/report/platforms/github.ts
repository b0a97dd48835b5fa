import { harmless } from "../harmless.ts";
import { sentenceOf, titleOf, totalLine, type GradedStep, type GradedSubmission } from "./submission.ts";

/** GitHub shows this many annotations of a kind from one step of a job; of more, it drops those that come later. */
const MOST = 10;
/** GitHub refuses a job summary that is larger than this, in bytes: 1,024k. */
export const LARGEST_SUMMARY = 1024 * 1024;

/** Where an annotation is shown. */
export interface Place {
  /** From the root of the repository, with forward slashes. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column?: number;
}

/**
 * Annotations as commands of a GitHub workflow: an error at each step that fails and a warning at each note, at most ten of
 * each kind, and a notice with the total.
 *
 * @param placeOf where a step's own annotation is shown
 */
export function annotations(submission: GradedSubmission, placeOf: (graded: GradedStep) => Place): string[] {
  const failed = submission.steps.filter(({ result }) => !result.passed && result.verdict !== "not-started");
  const errors = failed.map((graded) => {
    const { step, result } = graded;
    return command("error", { ...placeOf(graded), title: `${titleOf(step)}: ${result.verdict}` }, sentenceOf(result));
  });
  const warnings = submission.steps.flatMap((graded) =>
    graded.result.notes.map(({ line, column, text }) =>
      command("warning", { file: placeOf(graded).file, line, column, title: titleOf(graded.step) }, harmless(text)),
    ),
  );
  const left = errors.length > MOST ? `; ${errors.length - MOST} more steps that fail are in the job's summary` : "";
  const notice = command("notice", { title: "Backprop Dojo" }, `${totalLine(submission)}${left}`);
  return [...errors.slice(0, MOST), ...warnings.slice(0, MOST), notice];
}

/** An error without a place: grading failed. */
export function failureAnnotation(why: string): string {
  return command("error", { title: "Backprop Dojo" }, why);
}

/**
 * The lines before and after those that contain a learner's text, so that GitHub takes none of them for a command.
 *
 * @param token of this run alone, which learner code cannot know
 */
export function withoutCommands(token: string): { begin: string; end: string } {
  return { begin: `::stop-commands::${token}\n`, end: `::${token}::\n` };
}

/**
 * A summary that GitHub takes: cut after a line if it would be too large.
 *
 * @param used how many bytes the summary's file already has
 */
export function limitedSummary(markdown: string, used = 0): string {
  const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
  if (used + bytesOf(markdown) <= LARGEST_SUMMARY) return markdown;
  let left = LARGEST_SUMMARY - used - bytesOf(CUT);
  if (left < 0) return "";
  const lines = markdown.split("\n");
  const end = lines.findIndex((line) => (left -= bytesOf(line) + 1) < 0);
  return lines.slice(0, end).join("\n") + CUT;
}

const CUT = "\n\nThe rest is left out: a job summary has a limit of 1,024 kB.\n";

type Properties = Partial<Place> & { readonly title: string };

/** ::error file=exercises/1-step-by-step/02-dprobs.ts,line=5,col=3,title=1.2 dprobs::looks like: ... */
function command(kind: "error" | "warning" | "notice", properties: Properties, message: string): string {
  const { file, line, column, title } = properties;
  const pairs = Object.entries({ file, line, col: column, title }).filter(([, value]) => value !== undefined);
  const text = pairs.map(([name, value]) => `${name}=${escapedProperty(String(value))}`).join(",");
  return `::${kind} ${text}::${escapedMessage(message)}`;
}

/** As GitHub's own toolkit escapes the text of a command. */
function escapedMessage(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** As GitHub's own toolkit escapes a property of a command. */
function escapedProperty(text: string): string {
  return escapedMessage(text).replaceAll(/[:,]/g, encodeURIComponent);
}
