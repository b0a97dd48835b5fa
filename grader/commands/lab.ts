import { parseArgs } from "node:util";
import { setImmediate } from "node:timers/promises";
import { runExperiment, type StepWithExperiment } from "../course/lab/run.ts";
import { functionSteps } from "../course/steps.ts";
import { findingsLines } from "../report/findings.ts";
import { sideBySide } from "../report/side-by-side.ts";
import { INDENT, paragraph, proseWidth } from "../report/text.ts";
import { gradeTree } from "../runner/grade.ts";
import { nodeHost } from "../runner/host.ts";
import { usualStore } from "../runner/store.ts";
import { withBar } from "./progress-bar.ts";
import { boxFor, namesFrom, selectSteps, spellOut, treeFrom, UsageError } from "./usage.ts";

export const labHelp = `lab [trap] [--from FOLDER] [--data FILE] [--untrusted[=best-effort]]
    Experiments: part 5's traps, and the step size of a gradient check. Without a name, lists them; with one, such as
    gap, shows what happens, and what your function makes of it, once you have written it. Takes a few seconds.`;

/** The steps that have an experiment. */
const withExperiment = functionSteps.filter((step): step is StepWithExperiment => step.experiment !== undefined);

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
  const step = chosen(positionals);
  const box = boxFor(values.untrusted);
  const root = treeFrom(values.from);
  const names = namesFrom(values.data);
  const dataset = names.dataset();
  const [result] = await gradeTree({ root, steps: [step], names, reference: "ours", box, store: usualStore() });
  const { findings, yours, hasFailed } = await withBar((show) =>
    runExperiment({
      host: nodeHost(root, { box }),
      step,
      result: result!,
      dataset,
      steps: functionSteps,
      progress: async (done) => {
        show(done);
        // lets signals and the learner's answers in
        await setImmediate();
      },
    }),
  );
  const last = paragraph(yours, proseWidth(columns), INDENT);
  process.stdout.write(`${[...findingsLines(step.id, step.experiment, findings, columns), "", ...last].join("\n")}\n`);
  return hasFailed ? 1 : 0;
}

function chosen(words: readonly string[]): StepWithExperiment {
  const [step, ...others] = selectSteps(words);
  const names = withExperiment.map(({ id }) => id).join(", ");
  if (others.length > 0) throw new UsageError(`lab runs one experiment at a time: ${names}`);
  const found = withExperiment.find((one) => one === step);
  if (!found) throw new UsageError(`${step?.id} has no experiment; these have one: ${names}`);
  return found;
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
