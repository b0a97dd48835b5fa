import path from "node:path";
import { countLine, diagnosticLines } from "../../report/diagnostics.ts";
import { harmless } from "../../report/harmless.ts";
import { displayPath } from "../../runner/project.ts";
import { steps } from "../../course/steps.ts";
import { functionLine } from "../function-line.ts";
import type { Position, StepResult } from "../../verdict/result.ts";
import type { Session, WatchEvent } from "./session.ts";

/** If more steps than this are graded at once, their number is given instead of their names. */
const NAMED = 5;

/**
 * What happened, in lines for a file, a pipe or an editor. All steps that fail are listed between "grading begins" and
 * "grading ends", because editors then forget what was listed before; .vscode/tasks.json reads these lines.
 */
export function eventLines(event: WatchEvent, session: Session): string[] {
  switch (event.kind) {
    case "begin": {
      const ids = event.steps.map(({ id }) => id);
      return [`grading begins: ${ids.length > NAMED ? `${ids.length} steps` : ids.join(", ")}`];
    }
    case "end":
      return endLines(event, session);
    case "problem":
      return [`error: ${harmless(event.message, true)}`, "grading ends: it was not possible"];
    case "moved":
      return [];
  }
}

function endLines({ results, news }: Extract<WatchEvent, { kind: "end" }>, session: Session): string[] {
  const pathOf = (file: string): string => displayPath(path.join(session.root, file));
  // of the steps that are not started, only the one being worked on is listed
  const told = (result: StepResult): boolean => result.verdict !== "not-started" || result.id === session.current.id;
  const functionOf = ({ id, file }: StepResult): Position =>
    functionLine(
      session.root,
      steps.find((step) => step.id === id)!,
      file,
    );
  const others = session.failing.filter((result) => !results.includes(result));
  return [
    ...results.flatMap((result) => [
      ...(result.passed ? [`${result.id} passes: ${result.verdict}`] : []),
      ...(told(result) ? diagnosticLines(result, pathOf, functionOf) : []),
    ]),
    ...others.flatMap((result) => diagnosticLines(result, pathOf, functionOf)),
    ...(news?.finished ?? []).flatMap(({ milestone: { title }, next }) => [
      `finished: ${title}`,
      ...next.map(({ text }) => text.replaceAll("`", "")),
    ]),
    `grading ends: ${countLine(results)}`,
  ];
}
