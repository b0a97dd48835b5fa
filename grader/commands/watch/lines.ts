import path from "node:path";
import { countLine, diagnosticLines } from "../../report/diagnostics.ts";
import { harmless } from "../../report/harmless.ts";
import { displayPath } from "../../runner/project.ts";
import type { StepResult } from "../../verdict/result.ts";
import type { Session, WatchEvent } from "./session.ts";

/** Where more steps than this are graded at once, they are counted. */
const NAMED = 5;

/**
 * What happened, in lines for a file, a pipe or an editor. Between "grading begins" and "grading ends" stand all steps
 * that fail, for editors that forget between the two what they knew; .vscode/tasks.json reads them.
 */
export function eventLines(event: WatchEvent, session: Session): string[] {
  switch (event.kind) {
    case "begin": {
      const ids = event.steps.map(({ id }) => id);
      return [`grading begins: ${ids.length > NAMED ? `${ids.length} steps` : ids.join(", ")}`];
    }
    case "end":
      return endLines(event.results, session);
    case "problem":
      return [`error: ${harmless(event.message, true)}`, "grading ends: it could not be done"];
    case "moved":
      return [];
  }
}

function endLines(results: readonly StepResult[], session: Session): string[] {
  const pathOf = (file: string): string => displayPath(path.join(session.root, file));
  // where to begin is told of the step that is worked on alone
  const told = (result: StepResult): boolean => result.verdict !== "not-started" || result.id === session.current.id;
  const others = session.failing.filter((result) => !results.includes(result));
  return [
    ...results.flatMap((result) => [
      ...(result.passed ? [`${result.id} passes: ${result.verdict}`] : []),
      ...(told(result) ? diagnosticLines(result, pathOf) : []),
    ]),
    ...others.flatMap((result) => diagnosticLines(result, pathOf)),
    `grading ends: ${countLine(results)}`,
  ];
}
