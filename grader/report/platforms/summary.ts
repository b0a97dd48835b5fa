import { passes } from "../../verdict/result.ts";
import { sentenceOf, titleOf, totalLine, type GradedStep, type GradedSubmission } from "./submission.ts";

/** A submission as Markdown, for a job summary or a release: a table of the steps that do not pass, then what passes. */
export function summaryMarkdown(submission: GradedSubmission): string {
  const { steps } = submission;
  const begun = steps.filter(({ result }) => !result.passed && result.verdict !== "not-started");
  const passed = steps.filter(({ result }) => result.passed);
  const open = steps.filter(({ result }) => result.verdict === "not-started");
  return [
    `### Backprop Dojo: ${totalLine(submission)}`,
    "",
    ...(begun.length > 0 ? ["| step | verdict | points | what was seen |", "| --- | --- | --- | --- |"] : []),
    ...begun.map(rowOf),
    ...(begun.length > 0 ? [""] : []),
    ...namesOf("Passed", passed),
    ...namesOf("Not started", open),
  ].join("\n");
}

/** A submission that could not be graded, as Markdown. */
export function failureMarkdown(why: string): string {
  return `### Backprop Dojo: not graded\n\n${markdownText(why)}\n`;
}

function rowOf({ step, result, points }: GradedStep): string {
  const { verdict, file, at } = result;
  const place = `${file}${at ? `:${at.line}` : ""}`;
  const cells = [titleOf(step), verdict, `${points.earned} of ${points.possible}`];
  return `| ${cells.join(" | ")} | ${markdownText(sentenceOf(result))}<br>${markdownText(place)} |`;
}

function namesOf(what: string, steps: readonly GradedStep[]): string[] {
  if (steps.length === 0) return [];
  const names = steps.map(({ step, result: { verdict } }) =>
    passes(verdict) && verdict !== "exact" ? `${titleOf(step)} (${verdict})` : titleOf(step),
  );
  const text = names.join(", ");
  return [`<details><summary>${what}: ${steps.length}</summary>`, "", text, "", "</details>", ""];
}

/** A text of one line as Markdown shows it, whatever it contains: each character that could mean something is an entity. */
export function markdownText(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} ,;]/gu, (character) => `&#${character.codePointAt(0)};`);
}
