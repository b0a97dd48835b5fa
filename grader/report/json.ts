import type { StepResult, Summary } from "../verdict/result.ts";
import { summarize } from "../verdict/result.ts";

/** What `grade --json` prints; docs/json.md and its schema document it. Fields are added, never renamed or removed, within v1. */
export interface ResultDocument {
  schema: "backprop-dojo/result/v1";
  /** The grader's version. */
  grader: string;
  /** Node's version. */
  node: string;
  /** What part 4 trains on: the file and the SHA-256 of its bytes. */
  data: { names: string; sha256: string };
  summary: Summary;
  steps: DocumentedStep[];
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
  // JSON lets DEL, C1 and invisible characters pass, which could steer a terminal
  const text = JSON.stringify(document, null, 2).replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, escaped);
  return `${text}\n`;
}

type DocumentedStep = Omit<StepResult, "printed" | "why" | "excerpt" | "gradient" | "source">;

/** A result without what only the terminal shows, and with its time to a tenth of a millisecond. */
function documented(result: StepResult): DocumentedStep {
  const { printed: _printed, why: _why, excerpt: _excerpt, gradient: _gradient, source: _source, ...step } = result;
  return { ...step, milliseconds: Math.round(step.milliseconds * 10) / 10 };
}

/** Each UTF-16 unit of a character as JSON's escape. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}
