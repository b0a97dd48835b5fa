import type { Tensor } from "#tensor";
import { AnswerError, answerError, callable } from "../../grading/ask.ts";
import type { Host } from "../../grading/host.ts";
import { isOpen, openStep, type OpenStep } from "../../grading/open.ts";
import type { Ask, Bench, Experiment, Findings } from "../../kit/experiment.ts";
import type { FunctionStep } from "../../kit/step.ts";
import { harmless } from "../../report/harmless.ts";
import { lectureLine } from "../../verdict/compare.ts";
import type { StepResult } from "../../verdict/result.ts";

/** A step that an experiment belongs to. */
export type StepWithExperiment = FunctionStep & { readonly experiment: Experiment };

/** An experiment to run, with the learner's function if that can be called. */
export interface ExperimentRun extends Pick<Bench, "dataset" | "steps" | "progress"> {
  readonly host: Host;
  readonly step: StepWithExperiment;
  /** What grading the step found. */
  readonly result: Pick<StepResult, "verdict" | "passed">;
}

/** What an experiment shows, and what it says of the learner's function. */
export interface ExperimentDone {
  readonly findings: Findings;
  /** Whether the run has shown the learner's function, or why not, in a sentence or two. */
  readonly yours: string;
  /** Whether the learner's function failed during the run, which then was repeated without it. */
  readonly hasFailed: boolean;
}

/** The verdicts on functions that return tensors of the right shape; the run shows whether they are right. */
const usable: readonly string[] = ["exact", "rounding", "wrong"];

/** Runs an experiment. */
export async function runExperiment({ host, step, result, ...bench }: ExperimentRun): Promise<ExperimentDone> {
  const { experiment } = step;
  const open = usable.includes(result.verdict) ? await opened(host, step) : undefined;
  const run = (yours: Ask | undefined): Promise<Findings> => experiment.run({ ...bench, looksRight, yours });
  try {
    const findings = await run(open && callable(open));
    return { findings, yours: yoursText(step, result, findings), hasFailed: false };
  } catch (error) {
    if (!(error instanceof AnswerError)) throw error;
    const yours = `Yours is left out: ${step.id} failed during the run: ${harmless(error.message)}`;
    return { findings: await run(undefined), yours, hasFailed: true };
  } finally {
    open?.learner.close();
  }
}

/** @throws AnswerError where the file has changed since it was graded, and is no function any more */
async function opened(host: Host, step: FunctionStep): Promise<OpenStep<FunctionStep>> {
  const found = await openStep(host, step);
  if (isOpen(found)) return found;
  throw answerError(found);
}

function looksRight(answer: Tensor, truth: Tensor): boolean {
  return lectureLine("", answer, truth).approximate;
}

function yoursText(
  { id }: FunctionStep,
  { verdict, passed }: ExperimentRun["result"],
  findings: Findings | undefined,
): string {
  if (passed) return `The run includes your ${id}, which passes.`;
  if (usable.includes(verdict)) {
    const isTrained = /\bloss\b/.test(JSON.stringify(findings));
    const loss = isTrained ? " A lower loss does not make it right." : "";
    return `The run includes your ${id}, which is still wrong: npm run grade -- ${id} says where.${loss}`;
  }
  if (verdict === "not-started") return `Yours is left out: write ${id}, then run this again.`;
  return `Yours is left out: npm run grade -- ${id} says why (${verdict}).`;
}
