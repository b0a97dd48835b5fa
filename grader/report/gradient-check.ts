import type { CheckedStep, RandomPlace } from "../grading/check-gradient.ts";
import type { Table } from "../kit/experiment.ts";
import { NUDGE } from "../kit/differences.ts";
import { significant } from "../kit/number.ts";
import { answerName, type FunctionStep, type Step } from "../kit/step.ts";
import { describeSizes } from "../verdict/judge.ts";
import { isWithin, type CheckedEntry, type GradientCheck } from "../verdict/gradient-check.ts";
import { harmless } from "./harmless.ts";

/** What a check says, before any layout. */
export interface GradientCheckReport {
  readonly title: string;
  /** What is computed. */
  readonly how: string;
  readonly table: Table;
  readonly conclusion: string;
}

/** @returns a sentence if there is nothing to compare */
export function gradientCheckReport(step: Step, checked: CheckedStep): GradientCheckReport | string {
  if (checked.kind === "no-gradient") return withoutGradient(step, checked.asks);
  if (checked.kind === "no-answer") return `${step.id}: nothing to check: ${harmless(checked.problem)}`;
  const { tensor } = step as FunctionStep;
  return {
    title: `${step.id}: your answer beside central differences`,
    how:
      `Each entry of ${tensor} is moved up and down by ${checked.random ? "at most " : ""}${significant(NUDGE)}, in float64, and the forward lines are ` +
      `computed again: ${lossText(step as FunctionStep)}. The differences of that number, over the distance, are the ` +
      "slopes. No backward rule is used.",
    table: {
      title: `${answerName(step as FunctionStep)} on ${placeOf(checked.random)}`,
      columns: ["position", "yours", "central difference", "relative error"],
      rows: checked.entries.map((entry) => [
        placeText(entry.at),
        numberText(entry.yours),
        numberText(entry.difference),
        entry.isKink ? "kink" : errorText(entry.relativeError),
      ]),
    },
    conclusion: checked.random ? randomConclusion(checked, checked.random) : conclusion(checked.entries),
  };
}

/** The numbers that an answer was compared at, in words. */
function placeOf(random: RandomPlace | undefined): string {
  return random ? `random numbers with ${describeSizes(random)}` : "the small numbers of hint 2";
}

/** What follows if random numbers were compared: after small ones that agree, or alone. */
function randomConclusion({ entries, agrees }: GradientCheck, { total, isOnly }: RandomPlace): string {
  if (agrees && entries.length === total) return conclusion(entries);
  if (agrees) return `${conclusion(entries)} The answer has ${total}, and is right in all of them.`;
  const isSeen = entries.some((entry) => !entry.isKink && !isWithin(entry));
  const shown = `of its ${total} entries, these are the furthest off`;
  return isSeen
    ? `${isOnly ? "The answer differs" : "At its small numbers the answer agrees, at random ones it does not"}: ${shown}.`
    : `The answer agrees, as far as differences can tell, but it is further off than float32's rounding explains: ${shown}.`;
}

function withoutGradient(step: Step, asks: "value" | "training"): string {
  return asks === "value"
    ? `${step.id} does not ask for the gradient of its forward lines: there is nothing to compare with differences.`
    : `${step.id} returns the gradients of all parameters at once; --check compares steps that return one gradient.`;
}

/** What the differences are of, in words. */
function lossText({ runs, network }: FunctionStep): string {
  const outputs = runs.map((run) => run.at(-1)!.output);
  if (outputs.includes(network.loss)) return `what changes is ${network.loss} itself`;
  const sums = outputs.map((output) => `${output} times d${output}`);
  return `what changes is the sum over all entries of ${sums.join(", plus that of ")}`;
}

/** What follows from the comparison, in one sentence, and another one about kinks. */
function conclusion(entries: readonly CheckedEntry[]): string {
  const compared = entries.filter(({ isKink }) => !isKink);
  const [first, ...others] = compared.filter((entry) => !isWithin(entry));
  const worst = Math.max(...compared.map(({ relativeError }) => relativeError), 0);
  const where = `in all ${compared.length} entries${entries.length > compared.length ? " without a kink" : ""}`;
  const more = others.length > 0 ? `; ${others.length} more of ${compared.length} entries differ` : "";
  const said = first
    ? `Differs at ${placeText(first.at)}: yours is ${numberText(first.yours)}, the central difference is ` +
      `${numberText(first.difference)}${more}.`
    : `Agrees ${worst === 0 ? "exactly" : `within a relative error of ${errorText(worst)}`}, ${where}.`;
  const kinks = entries.filter(({ isKink }) => isKink).map(({ at }) => placeText(at));
  if (kinks.length === 0) return said;
  return `${said} At ${kinks.join(" and ")} the slope upwards is not the slope downwards, as at the tie of a maximum: there is no slope to compare with.`;
}

function placeText(at: readonly number[]): string {
  return `[${at.join(", ")}]`;
}

function numberText(x: number): string {
  return Math.abs(x) < 1e-9 ? "0" : significant(x, 6);
}

/** From this on, a relative error is written without an exponent. */
const PLAIN_ERROR = 1e-3;

/** A relative error with one digit: 0.5, 2, 3e-8. */
function errorText(x: number): string {
  const rounded = Number(x.toPrecision(1));
  return x === 0 || rounded >= PLAIN_ERROR ? String(rounded) : rounded.toExponential();
}
