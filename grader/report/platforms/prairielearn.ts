import { jsonText } from "../json.ts";
import {
  detailLines,
  isUncompiled,
  printedLines,
  sentenceOf,
  titleOf,
  totalLine,
  totalOf,
  type GradedStep,
  type GradedSubmission,
} from "./submission.ts";

/** PrairieLearn refuses a whole result that is larger than this, in bytes. */
export const LARGEST_RESULT = 2 ** 20;

/** A picture that is part of a result. */
export interface Picture {
  /** The step whose picture it is. */
  readonly id: string;
  readonly label: string;
  /** An SVG document that refers to nothing outside itself. */
  readonly svg: string;
}

/**
 * PrairieLearn's results.json: a score from 0 to 1 and a test per step. If nothing that was handed in compiles, the submission
 * is "invalid, not gradable" instead, which costs no attempt. If something does, it is graded: PrairieLearn awards nothing for a
 * submission that is not gradable, so that a typing error in one of many files would withhold the points of all others.
 *
 * @param picture shown at its step, if the result has room for it
 */
export function prairielearnReport(submission: GradedSubmission, picture?: Picture): string {
  const { steps } = submission;
  const uncompiled = steps.filter(({ result }) => isUncompiled(result));
  const isAnyGradable = steps.some(({ result }) => isHandedIn(result) && !isUncompiled(result));
  if (uncompiled.length > 0 && !isAnyGradable) return ungradable(uncompiled.map(formatError));
  const { earned, possible } = totalOf(steps);
  const report = (shown: Picture | undefined, isPrinted: boolean): string =>
    jsonText({
      gradable: true,
      score: possible === 0 ? 0 : earned / possible,
      message: [totalLine(submission), ...uncompiled.map(formatError)].join("\n"),
      tests: steps.map((graded) => testOf(graded, shown, isPrinted)),
    });
  const [whole, withoutPicture] = [() => report(picture, true), () => report(undefined, true)];
  return firstThatFits([whole, withoutPicture]) ?? report(undefined, false);
}

/** A result that says why there is none: not gradable, so that it costs no attempt. */
export function prairielearnFailure(why: string): string {
  return ungradable([why]);
}

function ungradable(errors: readonly string[]): string {
  return jsonText({ gradable: false, score: 0, format_errors: errors });
}

function isHandedIn({ verdict }: GradedStep["result"]): boolean {
  return verdict !== "missing" && verdict !== "not-started";
}

function formatError({ step, result }: GradedStep): string {
  const { file, at } = result;
  return `${titleOf(step)} (${file}${at ? `:${at.line}:${at.column}` : ""}): ${sentenceOf(result)}`;
}

function firstThatFits(reports: readonly (() => string)[]): string | undefined {
  for (const report of reports) {
    const text = report();
    if (new TextEncoder().encode(text).length <= LARGEST_RESULT) return text;
  }
  return undefined;
}

function testOf(graded: GradedStep, picture: Picture | undefined, isPrinted: boolean): object {
  const { step, result, points } = graded;
  const printed = isPrinted ? printedLines(result).join("\n") : "";
  return {
    name: titleOf(step),
    points: points.earned,
    max_points: points.possible,
    message: detailLines(graded).join("\n"),
    ...(printed !== "" && { output: printed }),
    ...(picture?.id === step.id && { images: [{ label: picture.label, url: dataUrl(picture.svg) }] }),
  };
}

/** An SVG image as a data URL, in Base64: PrairieLearn puts it into an attribute. */
function dataUrl(svg: string): string {
  const bytes = new TextEncoder().encode(svg);
  const characters = Array.from(bytes, (byte) => String.fromCharCode(byte));
  return `data:image/svg+xml;base64,${btoa(characters.join(""))}`;
}
