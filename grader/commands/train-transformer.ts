import path from "node:path";
import { calibrate, meanLoss as meanLossOfLecture } from "../course/makemore/evaluate.ts";
import { nearest, trainOn, type LongRun } from "../course/makemore/long-run.ts";
import { trainingRun } from "../course/makemore/run.ts";
import { steps as allSteps } from "../course/steps.ts";
import { learningRateAt } from "../course/transformer/adamw.ts";
import { meanLoss, sampleNames } from "../course/transformer/evaluate.ts";
import { transformer } from "../course/transformer/network.ts";
import { transformerRun } from "../course/transformer/run.ts";
import { isOpen, openStep } from "../grading/open.ts";
import type { TrainStep } from "../kit/step.ts";
import type { Named } from "../network/named.ts";
import { writeSafetensors } from "../network/safetensors.ts";
import { svgCurve, terminalCurve } from "../report/curve.ts";
import { harmless } from "../report/harmless.ts";
import { printedLines } from "../report/terminal.ts";
import type { Box } from "../runner/box.ts";
import type { NamesFile } from "../runner/data.ts";
import { nodeHost } from "../runner/host.ts";
import { onStop } from "../runner/process.ts";
import { displayPath } from "../runner/project.ts";
import { saveWhole } from "../runner/whole.mjs";
import {
  appendLosses,
  createRun,
  latestRun,
  loadCheckpoint,
  RunError,
  writingRun,
} from "../runner/workspace/training-runs.ts";
import type { Tensor } from "#tensor";
import type { Failure } from "../verdict/judge.ts";
import { trainingProgress } from "./progress-bar.ts";
import { say } from "./tell.ts";

const STEPS = 5000;
const SAMPLES = 20;

/** What `npm run train -- --network transformer` is asked for. */
export interface Asked {
  readonly root: string;
  readonly box: Box;
  readonly names: NamesFile;
  readonly steps: number | undefined;
}

/** Exit status 0 if training ran to its end, 1 if trainStep failed, 130 if it was stopped. */
export async function trainTransformer({ root, box, names, steps = STEPS }: Asked): Promise<number> {
  const dataset = names.dataset();
  const batches = transformerRun(dataset);
  const step = allSteps.find(
    (step): step is TrainStep => step.kind === "train" && step.network.name === transformer.name,
  )!;
  const open = await openStep(nodeHost(root, { box }), step);
  if (!isOpen(open)) return failed(open, root, step);
  const stop = new AbortController();
  onStop(() => stop.abort());
  const run: LongRun<Readonly<Named<Tensor>>> = {
    batches,
    parameters: batches.start,
    losses: [],
    steps,
    rateAt: learningRateAt,
  };
  const progress = trainingProgress(0, steps);
  try {
    const folder = createRun(new Date());
    const end = await trainOn(open, run, stop.signal, (printed) => {
      for (const line of printedLines(printed, process.stdout.columns)) progress.print(line);
      progress.update(run.losses);
    });
    progress.stop();
    if (end !== "done" && end !== "stopped") return failed(end, root, step);
    const text = await report(run, names);
    writingRun(folder, () => {
      appendLosses(folder, 0, run.losses);
      saveWhole(path.join(folder, "loss.svg"), svgCurve(run.losses));
      saveWhole(path.join(folder, "samples.txt"), text);
      const metadata = { network: transformer.name, step: String(run.losses.length), names: names.path };
      saveWhole(
        path.join(folder, `${transformer.name}.safetensors`),
        writeSafetensors({ tensors: { ...run.parameters }, metadata }),
      );
    });
    process.stdout.write("\n");
    say(`saved in ${displayPath(folder)}: ${transformer.name}.safetensors, loss.csv, loss.svg, samples.txt`);
    return end === "done" ? 0 : 130;
  } finally {
    progress.stop();
    onStop(undefined);
    open.learner.close();
  }
}

/** Prints the loss curve, the losses of the splits beside the lecture's network, and some sampled names. */
async function report({ losses, parameters }: LongRun<Readonly<Named<Tensor>>>, names: NamesFile): Promise<string> {
  const out = (text: string): void => void process.stdout.write(text);
  const dataset = names.dataset();
  out(`\n${terminalCurve(losses, process.stdout.columns ?? 80)}\n\n`);
  const found: string[] = [];
  for (const split of ["train", "dev", "test"] as const)
    found.push(`${split} ${(await meanLoss(parameters, dataset, split)).toFixed(4)}`);
  const measured = `loss per character: ${found.join(", ")}`;
  say(measured);
  say(await besideTheLecture(names));
  const samples = sampleNames(parameters, dataset.characters, SAMPLES);
  const width = Math.max(...samples.map(({ length }) => length));
  const lines = samples.map((name) => `${name.padEnd(width)}   ${nearest(name, dataset.names)}\n`).join("");
  out(`\n${"sampled".padEnd(width)}   nearest name in the data\n${lines}`);
  return `${measured}\n${lines}`;
}

/** The test loss of the newest run of the lecture's network on the same names, in a sentence. */
async function besideTheLecture(names: NamesFile): Promise<string> {
  const none = "the lecture's network has no run on these names to compare with; npm run train starts one";
  const dataset = names.dataset();
  try {
    const folder = latestRun();
    const { parameters, step, sha256 } = loadCheckpoint(folder, trainingRun(dataset).start);
    if (sha256 !== names.sha256) return none;
    const calibration = await calibrate(parameters, dataset.split("train"));
    const loss = await meanLossOfLecture(parameters, calibration, dataset.split("test"));
    return `the lecture's network after ${step} steps, from ${displayPath(folder)}: test ${loss.toFixed(4)}`;
  } catch (error) {
    if (error instanceof RunError) return none;
    throw error;
  }
}

function failed({ message, at }: Failure, root: string, { file }: TrainStep): number {
  const place = displayPath(`${root}/${file}`) + (at ? `:${at.line}:${at.column}` : "");
  process.stdout.write(`${harmless(message)}\n    ${place}\n`);
  return 1;
}
