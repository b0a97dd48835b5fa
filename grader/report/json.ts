import type { StepResult, Summary } from "../verdict/result.ts";
import { summarize } from "../verdict/result.ts";

/**
 * The document that `grade --json` prints; docs/json.md and its schema describe it. Within v1, fields may be added, but are
 * never renamed or removed.
 */
export interface ResultDocument {
  schema: "backprop-dojo/result/v1";
  /** The grader's version. */
  grader: string;
  /** Node's version. */
  node: string;
  /** The names that part 4 trains on: the file and the SHA-256 of its bytes. */
  data: { names: string; sha256: string };
  summary: Summary;
  steps: DocumentedStep[];
}

export function jsonReport(
  results: readonly StepResult[],
  about: Pick<ResultDocument, "grader" | "node" | "data">,
): string {
  return jsonText(resultDocument(results, about));
}

export function resultDocument(
  results: readonly StepResult[],
  about: Pick<ResultDocument, "grader" | "node" | "data">,
): ResultDocument {
  return {
    schema: "backprop-dojo/result/v1",
    ...about,
    summary: summarize(results),
    steps: results.map(documented),
  };
}

/** A document as text, in which nothing can control a terminal. */
export function jsonText(document: object): string {
  return `${harmlessJson(JSON.stringify(document, null, 2))}\n`;
}

/** A document in one line. */
export function jsonLine(document: object): string {
  return `${harmlessJson(JSON.stringify(document))}\n`;
}

/** JSON.stringify leaves DEL, C1 and invisible characters as they are, which could control a terminal. */
function harmlessJson(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\u2028\u2029]/gu, escaped);
}

type DocumentedStep = Omit<
  StepResult,
  "printed" | "why" | "excerpt" | "gradient" | "source" | "uncompiled" | "about" | "cause"
>;

/** A result without the fields that only the terminal shows, its time rounded to a tenth of a millisecond. */
function documented(result: StepResult): DocumentedStep {
  const {
    printed: _printed,
    why: _why,
    excerpt: _excerpt,
    gradient: _gradient,
    source: _source,
    uncompiled: _uncompiled,
    about: _about,
    cause: _cause,
    ...step
  } = result;
  const mistake = step.mistake && { id: step.mistake.id, sentence: step.mistake.sentence };
  return { ...step, mistake, milliseconds: Math.round(step.milliseconds * 10) / 10 };
}

/** Each UTF-16 unit of a character as a JSON escape. */
function escaped(character: string): string {
  return Array.from({ length: character.length }, (_, i) => {
    return `\\u${character.charCodeAt(i).toString(16).padStart(4, "0")}`;
  }).join("");
}
