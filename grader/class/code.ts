import type { TreeTexts } from "../runner/tree.ts";
import type { StepResult } from "../verdict/result.ts";
import { LONGEST_CODE, similarSteps } from "./record.ts";

/**
 * The texts that a result keeps, by the step's id: of answers that do not pass, so that the class can see an example of a
 * mistake, and of those that similarity tools compare. What was not started is a stub.
 */
export function keptCode(results: readonly StepResult[], texts: TreeTexts): Record<string, string> {
  const begun = results.filter(({ verdict }) => verdict !== "not-started" && verdict !== "missing");
  const similar = new Set(similarSteps(begun));
  const kept = begun.flatMap((result): [string, string][] => {
    const text = texts.get(result.file);
    const isKept = !result.passed || similar.has(result);
    return isKept && typeof text === "string" && text.length <= LONGEST_CODE ? [[result.id, text]] : [];
  });
  return Object.fromEntries(kept);
}
