import path from "node:path";
import { makemore } from "../../course/makemore/network.ts";
import { makemoreTraining } from "../../course/makemore/training.ts";
import type { LongTraining } from "../../kit/training.ts";
import { svgCurve, terminalCurve } from "../../report/curve.ts";
import type { NamesFile } from "../../runner/data.ts";
import { displayPath } from "../../runner/project.ts";
import { saveWhole } from "../../runner/whole.mjs";
import { latestRun, loadCheckpoint, RunError, writingRun } from "../../runner/workspace/training-runs.ts";
import { say } from "../tell.ts";
import type { Run } from "./run.ts";

/** Prints the loss curve, the losses of the splits and some sampled names, and saves them in the run's folder. */
export async function report({ folder, network, names, losses, parameters }: Run, long: LongTraining): Promise<void> {
  const out = (text: string): void => void process.stdout.write(text);
  out(`\n${terminalCurve(losses, process.stdout.columns ?? 80)}\n\n`);
  say(`${long.measuring} ...`);
  const { splits, samples } = await long.outcomeOf(parameters, names.dataset());
  const measured = `${long.measured}: ${splits.map(({ split, loss }) => `${split} ${loss.toFixed(4)}`).join(", ")}`;
  const width = Math.max(...samples.map(({ name }) => name.length));
  const lines = samples.map(({ name, nearest }) => `${name.padEnd(width)}   ${nearest}\n`).join("");
  say(measured);
  if (network !== makemore.name) say(await besideTheLecture(names));
  out(`\n${"sampled".padEnd(width)}   nearest name in the data\n${lines}`);
  writingRun(folder, () => {
    saveWhole(path.join(folder, "loss.svg"), svgCurve(losses));
    saveWhole(path.join(folder, "samples.txt"), `${measured}\n${lines}`);
  });
  out("\n");
  say(`saved in ${displayPath(folder)}: checkpoint.safetensors, loss.csv, loss.svg, samples.txt`);
}

/** The test loss of the newest run of the lecture's network on the same names, in a sentence. */
async function besideTheLecture(names: NamesFile): Promise<string> {
  const none = "the lecture's network has no run on these names to compare with; npm run train starts one";
  try {
    const folder = latestRun(makemore.name);
    const dataset = names.dataset();
    const { parameters, step, sha256 } = loadCheckpoint(folder, makemore.name, makemoreTraining.runOn(dataset).start);
    if (sha256 !== names.sha256) return none;
    const { splits } = await makemoreTraining.long.outcomeOf(parameters, dataset);
    const { loss } = splits.find(({ split }) => split === "test")!;
    return `the lecture's network after ${step} steps, from ${displayPath(folder)}: test ${loss.toFixed(4)}`;
  } catch (error) {
    if (error instanceof RunError) return none;
    throw error;
  }
}
