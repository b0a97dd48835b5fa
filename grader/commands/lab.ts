import { parseArgs } from "node:util";
import { setImmediate } from "node:timers/promises";
import { label, steps, type FunctionStep } from "../course/steps.ts";
import type { Experiment, Findings } from "../lab/experiment.ts";
import { experiments } from "../lab/experiments.ts";
import { findingsLines } from "../report/findings.ts";
import { harmless } from "../report/harmless.ts";
import { sideBySide } from "../report/side-by-side.ts";
import { INDENT, paragraph, proseWidth } from "../report/text.ts";
import { AnswerError, askable, type Asked } from "../runner/ask.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { gradeTree } from "../runner/grade.ts";
import { exercisesFolder } from "../runner/project.ts";
import type { StepResult } from "../verdict/result.ts";
import { withBar } from "./progress-bar.ts";
import { boxFor, resolveFolder, resolvePath, selectSteps, spellOut, UsageError } from "./usage.ts";

export const labHelp = `lab [trap] [--from FOLDER] [--data FILE] [--untrusted[=best-effort]]
    Part 5's experiments. Without a name, lists them; with one, such as gap, shows what the trap does, and repairs it
    with your function, once you have written it. Takes a few seconds.`;

/** The verdicts on functions that return tensors of the right shape; the run shows whether they are right. */
const usable = ["exact", "rounding", "wrong"];

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
  const root = values.from === undefined ? exercisesFolder : resolveFolder(values.from);
  const dataset = readNames(values.data === undefined ? shippedNames : resolvePath(values.data)).dataset();
  const [result] = await gradeTree({ root, steps: [step], dataset: () => dataset, reference: "ours", box });
  const asked = usable.includes(result!.verdict) ? await askable(root, step, box) : undefined;
  const run = (yours: Asked["ask"] | undefined): Promise<Findings> =>
    withBar((show) =>
      experiment.run({
        dataset,
        yours,
        progress: async (done) => {
          show(done);
          // lets signals and the learner's answers in
          await setImmediate();
        },
      }),
    );
  try {
    let failure: string | undefined;
    const findings = await run(asked?.ask).catch((error: unknown) => {
      if (!(error instanceof AnswerError)) throw error;
      failure = harmless(error.message);
      return run(undefined);
    });
    const last =
      failure === undefined
        ? yoursLines(step, result!, columns)
        : paragraph(`Yours is left out: ${step.id} failed during the run: ${failure}`, proseWidth(columns), INDENT);
    process.stdout.write(`${[...findingsLines(experiment, findings, columns), "", ...last].join("\n")}\n`);
    return failure === undefined ? 0 : 1;
  } finally {
    asked?.close();
  }
}

function chosen(words: readonly string[]): { step: FunctionStep; experiment: Experiment } {
  const [step, ...others] = selectSteps(words);
  const experiment = experiments.find(({ id }) => id === step?.id);
  const names = experiments.map(({ id }) => id).join(", ");
  if (others.length > 0) throw new UsageError(`lab runs one trap at a time: ${names}`);
  if (step?.kind !== "function" || !experiment)
    throw new UsageError(`${step?.id} is not a trap; the traps are ${names}`);
  return { step, experiment };
}

function listing(columns: number | undefined): string[] {
  const width = Math.max(...experiments.map(({ id }) => id.length));
  return [
    ...experiments.flatMap(({ id, trap }) => {
      const step = steps.find((step) => step.id === id)!;
      const names = `${label(step)}  ${id.padEnd(width)}  `;
      return sideBySide([[names], paragraph(trap, proseWidth(columns) - names.length)], "");
    }),
    "",
    ...paragraph("npm run lab -- gap runs the first.", proseWidth(columns)),
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
