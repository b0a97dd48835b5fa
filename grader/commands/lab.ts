import { parseArgs } from "node:util";
import { setImmediate } from "node:timers/promises";
import type { Tensor } from "#tensor";
import { functionSteps } from "../course/steps.ts";
import { AnswerError, answerError, callable, type Ask } from "../grading/ask.ts";
import type { Host } from "../grading/host.ts";
import { isOpen, openStep, type OpenStep } from "../grading/open.ts";
import type { Experiment, Findings } from "../kit/experiment.ts";
import { findingsLines } from "../report/findings.ts";
import { harmless } from "../report/harmless.ts";
import { sideBySide } from "../report/side-by-side.ts";
import { INDENT, paragraph, proseWidth } from "../report/text.ts";
import { gradeTree } from "../runner/grade.ts";
import { nodeHost } from "../runner/host.ts";
import { usualStore } from "../runner/store.ts";
import { lectureLine } from "../verdict/compare.ts";
import type { StepResult } from "../verdict/result.ts";
import { withBar } from "./progress-bar.ts";
import { boxFor, namesFrom, selectSteps, spellOut, treeFrom, UsageError } from "./usage.ts";
import type { FunctionStep } from "../kit/step.ts";

export const labHelp = `lab [trap] [--from FOLDER] [--data FILE] [--untrusted[=best-effort]]
    Experiments: part 5's traps, and the step size of a gradient check. Without a name, lists them; with one, such as
    gap, shows what happens, and what your function makes of it, once you have written it. Takes a few seconds.`;

/** The verdicts on functions that return tensors of the right shape; the run shows whether they are right. */
const usable = ["exact", "rounding", "wrong"];

/** The steps that have an experiment. */
const withExperiment = functionSteps.filter((step): step is StepWithExperiment => step.experiment !== undefined);

type StepWithExperiment = FunctionStep & { experiment: Experiment };

/** Exit status 0; 1 if the learner's function failed during the experiment. */
export async function lab(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: spellOut(args),
    allowPositionals: true,
    options: { from: { type: "string" }, data: { type: "string" }, untrusted: { type: "string" } },
  });
  const columns = process.stdout.columns;
  if (positionals.length === 0) {
    process.stdout.write(`${listing(columns).join("\n")}\n`);
    return 0;
  }
  const { step, experiment } = chosen(positionals);
  const box = boxFor(values.untrusted);
  const root = treeFrom(values.from);
  const names = namesFrom(values.data);
  const dataset = names.dataset();
  const [result] = await gradeTree({ root, steps: [step], names, reference: "ours", box, store: usualStore() });
  const open = usable.includes(result!.verdict) ? await opened(nodeHost(root, { box }), step) : undefined;
  const progressOf =
    (show: (done: number) => void) =>
    async (done: number): Promise<void> => {
      show(done);
      // lets signals and the learner's answers in
      await setImmediate();
    };
  const run = (yours: Ask | undefined): Promise<Findings> =>
    withBar((show) => experiment.run({ dataset, steps: functionSteps, looksRight, yours, progress: progressOf(show) }));
  try {
    let failure: string | undefined;
    const findings = await run(open && callable(open)).catch((error: unknown) => {
      if (!(error instanceof AnswerError)) throw error;
      failure = harmless(error.message);
      return run(undefined);
    });
    const last =
      failure === undefined
        ? yoursLines(step, result!, columns)
        : paragraph(`Yours is left out: ${step.id} failed during the run: ${failure}`, proseWidth(columns), INDENT);
    process.stdout.write(`${[...findingsLines(step.id, experiment, findings, columns), "", ...last].join("\n")}\n`);
    return failure === undefined ? 0 : 1;
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

function chosen(words: readonly string[]): { step: FunctionStep; experiment: Experiment } {
  const [step, ...others] = selectSteps(words);
  const names = withExperiment.map(({ id }) => id).join(", ");
  if (others.length > 0) throw new UsageError(`lab runs one experiment at a time: ${names}`);
  if (step?.kind !== "function" || !step.experiment)
    throw new UsageError(`${step?.id} has no experiment; these have one: ${names}`);
  return { step, experiment: step.experiment };
}

function listing(columns: number | undefined): string[] {
  const width = Math.max(...withExperiment.map(({ id }) => id.length));
  const labelWidth = Math.max(...withExperiment.map(({ label }) => label.length));
  return [
    ...withExperiment.flatMap((step) => {
      const names = `${step.label.padEnd(labelWidth)}  ${step.id.padEnd(width)}  `;
      return sideBySide([[names], paragraph(step.experiment.trap, proseWidth(columns) - names.length)], "");
    }),
    "",
    ...paragraph(`npm run lab -- ${withExperiment[0]!.id} runs the first.`, proseWidth(columns)),
  ];
}

/** Whether the run has shown the learner's function, or why not. */
function yoursLines({ id }: FunctionStep, { verdict, passed }: StepResult, columns: number | undefined): string[] {
  const text = passed
    ? `"yours" is your ${id}, which passes.`
    : usable.includes(verdict)
      ? `"yours" is your ${id}, which is still wrong: npm run grade -- ${id} says where. A lower loss does not make it right.`
      : verdict === "not-started"
        ? `Yours is left out: write ${id}, then run this again.`
        : `Yours is left out: npm run grade -- ${id} says why (${verdict}).`;
  return paragraph(text, proseWidth(columns), INDENT);
}
