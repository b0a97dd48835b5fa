import path from "node:path";
import { parseArgs } from "node:util";
import { steps as allSteps } from "../course/steps.ts";
import { isOpen, openStep } from "../grading/open.ts";
import type { TrainStep } from "../kit/step.ts";
import type { TrainingRun } from "../kit/training.ts";
import { harmless } from "../report/harmless.ts";
import { fold, INDENT } from "../report/text.ts";
import { nodeHost } from "../runner/host.ts";
import { onStop } from "../runner/process.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";
import { latestRun } from "../runner/workspace/training-runs.ts";
import { readVerdicts } from "../runner/workspace/progress-file.ts";
import { progressIn } from "../runner/workspace/tree.ts";
import type { Failure } from "../verdict/judge.ts";
import { say, tell } from "./tell.ts";
import { report } from "./train/report.ts";
import { newRun, resumedRun, runSteps } from "./train/run.ts";
import { boxFor, namesFrom, oneStep, optionAgain, resolvePath, spellOut, treeFrom, UsageError } from "./usage.ts";

export const trainHelp = `train [engine] [--network transformer] [--steps N] [--resume [--run FOLDER]] [--from FOLDER]
          [--data FILE] [--untrusted[=best-effort]]
    Trains with your train.ts (20,000 steps by default; the lecture's run has 200,000), then calibrates batchnorm,
    reports the losses of the three splits and samples 20 names. Everything is saved in runs/. Ctrl-C stops and saves.
    engine                  trains with the engine of part 6
    --network transformer   trains the decoder of part 8 with your 08-train-transformer.ts instead (5,000 steps), as
                            does the name of its step, train-transformer
    --resume           continues the network's newest run, or the one named by --run, as if it had never stopped`;

/** Exit status 0 if training ran to its end, 1 if trainStep failed, 130 if it was stopped and saved. */
export async function train(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: spellOut(args),
    allowPositionals: true,
    options: {
      steps: { type: "string" },
      resume: { type: "boolean", default: false },
      run: { type: "string" },
      from: { type: "string" },
      data: { type: "string" },
      untrusted: { type: "string" },
      network: { type: "string" },
    },
  });
  const step = trainedBy(positionals, values.network);
  const asked = values.steps === undefined ? undefined : Number(values.steps);
  if (asked !== undefined && !(Number.isInteger(asked) && asked > 0)) {
    throw new UsageError(`--steps ${values.steps}: give a whole number from 1`);
  }
  const box = boxFor(values.untrusted);
  const root = treeFrom(values.from);
  const names = namesFrom(values.data);
  const dataset = names.dataset();
  const begin = (): TrainingRun => step.training.runOn(dataset);
  if (values.from === undefined) warn(step);
  const open = await openStep(nodeHost(root, { box }), step);
  if (!isOpen(open)) return failed(open, root, step);
  try {
    const { network } = step;
    const run = values.resume
      ? resumedRun(values.run === undefined ? latestRun(network.name) : resolvePath(values.run), {
          network: network.name,
          names,
          begin,
          asked,
        })
      : newRun({ network: network.name, names, begin, asked: asked ?? step.training.long.steps });
    const end = await runSteps(open, run);
    if (end === "stopped") {
      const words = [...positionals, ...(values.network === undefined ? [] : ["--network", values.network])];
      const command = `npm run train -- ${words.map((word) => `${word} `).join("")}--resume${optionAgain("--from", values.from)}${optionAgain("--data", values.data)}`;
      process.stdout.write("\n");
      say(`stopped after ${run.losses.length} steps and saved in ${displayPath(run.folder)}; continue with ${command}`);
      return 130;
    }
    if (end !== "done") return failed(end, root, step);
    await report(run, step.training.long);
    return 0;
  } finally {
    onStop(undefined);
    open.learner.close();
  }
}

/** The step whose function trains: the first one of the network, which is the lecture's by default, or the one that is named. */
function trainedBy(words: readonly string[], network: string | undefined): TrainStep {
  const all = allSteps.filter((step): step is TrainStep => step.kind === "train");
  const others = [...new Set(all.map((step) => step.network.name))].slice(1);
  if (network !== undefined && !others.includes(network)) {
    throw new UsageError(
      `--network ${network}: give ${others.join(" or ")}, or leave it out for the lecture's network`,
    );
  }
  const loops = network === undefined ? all : all.filter((step) => step.network.name === network);
  const [word, ...more] = words;
  if (word === undefined) return loops[0]!;
  const found = loops.find((step) => step === oneStep("train", word));
  if (found && more.length === 0) return found;
  throw new UsageError(`train ${words.join(" ")}: name one of ${loops.map(({ id }) => id).join(", ")}`);
}

/** Says that a step which trains anyway is not known to be right. */
function warn(step: TrainStep): void {
  const progress = progressIn(exercisesFolder, readVerdicts()).find((one) => one.step === step);
  const verdict = progress?.verdict ?? null;
  if (progress === undefined || ["passed", "not-started", "missing"].includes(progress.state)) return;
  const why = verdict === null ? "has not been graded since its last change" : `does not pass: ${verdict}`;
  tell(`${displayPath(path.join(exercisesFolder, step.file))} ${why}; npm run grade -- ${step.id}`);
}

function failed({ message, at }: Failure, root: string, { file }: TrainStep): number {
  const place = displayPath(`${root}/${file}`) + (at ? `:${at.line}:${at.column}` : "");
  const { columns = Infinity } = process.stdout;
  const lines = [...fold(harmless(message), columns, INDENT.length), ...fold(INDENT + place, columns)];
  process.stdout.write(`${lines.join("\n")}\n`);
  return 1;
}
