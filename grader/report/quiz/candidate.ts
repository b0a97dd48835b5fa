import type { Case } from "../../kit/case.ts";
import type { WrittenQuestion } from "../../kit/question.ts";
import type { FunctionStep } from "../../kit/step.ts";

/** A question that could be asked about a step. */
export interface Candidate extends WrittenQuestion {
  /** How much there is to think about, from 0: of several questions, those with the most are asked. */
  readonly weight: number;
}

/** Makes a question of one kind about a step, from a small random case; none if it does not apply to the step. */
export type Kind = (step: FunctionStep, asked: Case) => Candidate | undefined;

/** The first few texts that differ from the right one and from each other. */
export function others(right: string, texts: readonly (string | undefined)[], most = 3): string[] {
  const found = new Set(texts.filter((text): text is string => text !== undefined && text !== right));
  return [...found].slice(0, most);
}
