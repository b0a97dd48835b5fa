import type { Case } from "../../kit/case.ts";
import { dependenceOn, sourcesOf, targetsOf, type Pattern } from "../../kit/dependence.ts";
import { answerExtents, answerName, shapeOf, tensorOf, upstreamsOf, type FunctionStep } from "../../kit/step.ts";
import { shapeText, type Extent } from "../../network/shape.ts";
import { others, type Candidate, type Kind } from "./candidate.ts";
import { longDims, patternText } from "./words.ts";

/**
 * How many terms are added up for one entry of the answer, and which; or, if the answer is larger than the upstream
 * gradient, which of its entries one upstream entry reaches.
 */
export const entriesQuestion: Kind = (step, asked) => {
  const names =
    step.asks === "gradient" ? upstreamsOf(step) : step.given.filter((name) => step.roles[name] === "value");
  const found = names.flatMap((name) => questionAbout(step, asked, name) ?? []);
  return found.toSorted((a, b) => b.weight - a.weight)[0];
};

function questionAbout(step: FunctionStep, asked: Case, name: string): Candidate | undefined {
  const [from, to] = [shapeOf(step, name), answerExtents(step)];
  const isCopied = longDims(to).length > longDims(from).length;
  // the question is about the tensor of which one entry belongs to several of the other
  const extents = isCopied ? to : from;
  if (longDims(extents).length !== 2 || extents.length !== 2) return undefined;
  const dependence = dependenceOn(asked, name);
  const pattern = isCopied ? targetsOf(dependence) : sourcesOf(dependence);
  const answer = pattern === undefined ? undefined : patternText(pattern, extents);
  if (pattern === undefined || answer === undefined) return undefined;
  return {
    id: "entries",
    ask: asking(step, name, isCopied),
    answer,
    others: others(answer, choices(pattern, extents, shapeText(from) === shapeText(to))),
    why: reason(step, name, pattern, extents, isCopied),
    weight: pattern === "same" ? 0.8 : 2,
  };
}

function asking(step: FunctionStep, name: string, isCopied: boolean): string {
  const answer = `${answerName(step)} ${shapeText(answerExtents(step))}`;
  const other = `${name} ${shapeText(shapeOf(step, name))}`;
  return isCopied
    ? `Which entries of ${answer} does one entry of ${other} contribute to?`
    : `Which entries of ${other} does one entry of ${answer} depend on?`;
}

/** All patterns of a matrix: an entry, a column, a row, everything. */
function choices(right: Pattern, extents: readonly Extent[], isAlike: boolean): (string | undefined)[] {
  const single: Pattern = right !== "same" && (right.length === 0 || !isAlike) ? [] : "same";
  return [single, [0], [1], [0, 1]].map((pattern) => patternText(pattern as Pattern, extents));
}

function reason(
  step: FunctionStep,
  name: string,
  pattern: Pattern,
  extents: readonly Extent[],
  isCopied: boolean,
): string {
  const { tensor } = step;
  if (step.asks === "value") {
    if (isCopied) return `Each entry of ${name} takes part in ${patternText(pattern, extents, ` of ${tensor}`)!}.`;
    return `The forward lines compute an entry of ${tensor} from ${patternText(pattern, extents, ` of ${name}`)!}.`;
  }
  const output = tensorOf(name);
  if (pattern === "same") {
    return `In the forward pass an entry of ${tensor} affects only the entry of ${output} at its own position, so nothing is summed.`;
  }
  if (isCopied) {
    const text = patternText(pattern, extents, ` of ${tensor}`)!;
    const reached = pattern.length === 0 ? "which gets its gradient" : "and each of them gets its gradient";
    return `In the forward pass one entry of ${output} is computed from ${text}, ${reached}.`;
  }
  const summed = pattern.length > 0 ? "; the gradients of these are added up" : "";
  return `In the forward pass an entry of ${tensor} affects ${patternText(pattern, extents, ` of ${output}`)!}${summed}.`;
}
