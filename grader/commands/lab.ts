import { parseArgs } from "node:util";
import cliProgress from "cli-progress";
import { setImmediate } from "node:timers/promises";
import type { Tensor } from "#tensor";
import { functionSteps, label, type FunctionStep } from "../course/steps.ts";
import { AnswerError, answerError, callable, type Ask } from "../grading/ask.ts";
import type { Host } from "../grading/host.ts";
import { isOpen, openStep, type OpenStep } from "../grading/open.ts";
import type { Experiment, Findings } from "../kit/experiment.ts";
import { findingsLines } from "../report/findings.ts";
import { harmless } from "../runner/harmless.ts";
import { paragraph, proseWidth } from "../report/text.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { gradeTree } from "../runner/grade.ts";
import { nodeHost } from "../runner/host.ts";
import { exercisesFolder } from "../runner/project.ts";
import { usualStore } from "../runner/store.ts";
import { lectureLine } from "../verdict/compare.ts";
import type { StepResult } from "../verdict/result.ts";
import { boxFor, resolveFolder, resolvePath, selectSteps, spellOut, UsageError } from "./usage.ts";

export const labHelp = `lab [trap] [--from FOLDER] [--data FILE] [--untrusted[=best-effort]]
    Part 5's experiments: without a name they are listed; with one, such as gap, the trap is set off, and repaired
    with your function once there is one. A few seconds each.`;

/** The verdicts of steps whose function gives tensors of the right shape: right or wrong, the run shows it. */
const usable = ["exact", "rounding", "wrong"];

/** The steps that have an experiment. */
const traps = functionSteps.filter((step): step is Trap => step.experiment !== undefined);

type Trap = FunctionStep & { experiment: Experiment };

/** Exit status 0; 1 where the learner's function ended the experiment. */
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
  const root = values.from === undefined ? exercisesFolder : resolveFolder(values.from);
  const names = readNames(values.data === undefined ? shippedNames : resolvePath(values.data));
  const dataset = names.dataset();
  const [result] = await gradeTree({ root, steps: [step], names, reference: "ours", box, store: usualStore() });
  const open = usable.includes(result!.verdict) ? await opened(nodeHost(root, { box }), step) : undefined;
  const run = (yours: Ask | undefined): Promise<Findings> =>
    withBar((progress) => experiment.run({ dataset, steps: functionSteps, looksRight, yours, progress }));
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
        : paragraph(`Yours is not in it: on the way, ${step.id} failed: ${failure}`, proseWidth(columns), "  ");
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
  const names = traps.map(({ id }) => id).join(", ");
  if (others.length > 0) throw new UsageError(`lab runs one trap at a time: ${names}`);
  if (step?.kind !== "function" || !step.experiment)
    throw new UsageError(`${step?.id} is no trap; the traps are ${names}`);
  return { step, experiment: step.experiment };
}

function listing(columns: number | undefined): string[] {
  const width = Math.max(...traps.map(({ id }) => id.length));
  return [
    ...traps.map((step) => {
      const [start, ...rest] = paragraph(step.experiment.trap, proseWidth(columns) - width - 7);
      const margin = " ".repeat(width + 7);
      return [`${label(step)}  ${step.id.padEnd(width)}  ${start}`, ...rest.map((line) => margin + line)].join("\n");
    }),
    "",
    ...paragraph("npm run lab -- gap runs the first.", proseWidth(columns)),
  ];
}

/** Whose function the run has shown, or why it has not. */
function yoursLines({ id }: FunctionStep, { verdict, passed }: StepResult, columns: number | undefined): string[] {
  const text = passed
    ? `"yours" is your ${id}, which passes.`
    : usable.includes(verdict)
      ? `"yours" is your ${id}, which is wrong so far: npm run grade -- ${id} says where. A lower loss does not make it right.`
      : verdict === "not-started"
        ? `Yours is not in it yet: write ${id}, and run this again.`
        : `Yours is not in it: npm run grade -- ${id} says why (${verdict}).`;
  return paragraph(text, proseWidth(columns), "  ");
}

/** Shows how far an experiment is, in a terminal, and lets signals and the box's answers in meanwhile. */
async function withBar(run: (progress: (done: number) => Promise<void>) => Promise<Findings>): Promise<Findings> {
  const bar = new cliProgress.SingleBar({
    format: "{bar} {percentage} %",
    barsize: 20,
    barCompleteChar: "#",
    barIncompleteChar: ".",
    stream: process.stdout,
    hideCursor: true,
    clearOnComplete: true,
  });
  if (process.stdout.isTTY) bar.start(1, 0);
  try {
    return await run(async (done) => {
      bar.update(done);
      await setImmediate();
    });
  } finally {
    bar.stop();
  }
}
