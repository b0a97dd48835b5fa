import type { StepResult, Summary } from "../verdict/result.ts";
import { summarize } from "../verdict/result.ts";

/** What `grade --json` prints; the README documents it. Fields are added, never renamed or removed, within v1. */
export interface ResultDocument {
  schema: "backprop-dojo/result/v1";
  /** The grader's version. */
  grader: string;
  /** Node's version. */
  node: string;
  /** What part 4 trains on: the file and the SHA-256 of its bytes. */
  data: { names: string; sha256: string };
  summary: Summary;
  steps: Omit<StepResult, "printed" | "why">[];
}

export function jsonReport(
  results: readonly StepResult[],
  about: Pick<ResultDocument, "grader" | "node" | "data">,
): string {
  const document: ResultDocument = {
    schema: "backprop-dojo/result/v1",
    ...about,
    summary: summarize(results),
    steps: results.map(documented),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** A result without what only the terminal shows, and with its time to a tenth of a millisecond. */
function documented(result: StepResult): Omit<StepResult, "printed" | "why"> {
  const { printed: _printed, why: _why, ...step } = result;
  return { ...step, milliseconds: Math.round(step.milliseconds * 10) / 10 };
}
