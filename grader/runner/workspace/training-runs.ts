import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Tensor } from "#tensor";
import { makemore } from "../../course/makemore/network.ts";
import type { Named } from "../../network/named.ts";
import { readSafetensors, writeSafetensors } from "../../network/safetensors.ts";
import { describe, sameShape } from "../../tensor/shape.ts";
import { displayPath, workspaceFolder } from "../project.ts";
import { whyNot } from "../system.mjs";
import { saveWhole } from "../whole.mjs";

/** Something is wrong with a run's files: checkpoint.safetensors, loss.csv, loss.svg or samples.txt. */
export class RunError extends Error {
  override name = "RunError";
}

/** The state of a run. */
export interface Checkpoint {
  /** The name of the network. */
  network: string;
  /** What the optimizer keeps is among them. */
  parameters: Readonly<Named<Tensor>>;
  /** How many steps have been done. */
  step: number;
  /** How many steps the run has in all. */
  steps: number;
  /** The names it trains on: the file as it was given, and the SHA-256 of its bytes. */
  names: string;
  sha256: string;
}

const runs = path.join(workspaceFolder, "runs");
const CHECKPOINT = "checkpoint.safetensors";
const FORMAT = "backprop-dojo/checkpoint/v1";
/** What a checkpoint is of that names no network: there was no other when it was written. */
const FIRST_NETWORK = makemore.name;

/** Creates a folder for a run that starts now: runs/2026-11-21T04-21-07. */
export function createRun(now: Date): string {
  const name = now.toISOString().slice(0, 19).replaceAll(":", "-");
  const free = ["", "-2", "-3", "-4"].map((suffix) => path.join(runs, name + suffix)).find((one) => !existsSync(one));
  if (free === undefined) throw new RunError(`${displayPath(path.join(runs, name))} already exists`);
  try {
    if (!existsSync(runs)) mkdirSync(runs);
    mkdirSync(free);
  } catch (error) {
    throw new RunError(
      `${displayPath(free)} cannot be created (${whyNot(error)}), so the run has not started: it is saved there`,
    );
  }
  return free;
}

/**
 * Runs a function that writes to a run's folder.
 *
 * @throws RunError if it cannot write
 */
export function writingRun(run: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    const saved = existsSync(path.join(run, CHECKPOINT))
      ? "the last checkpoint is intact, and --resume continues from there"
      : "nothing was saved";
    throw new RunError(`${displayPath(run)} cannot be written (${whyNot(error)}); ${saved}`);
  }
}

/** The newest run of a network that has a checkpoint; one that cannot be read may be of any. */
export function latestRun(network: string): string {
  const all = namesIn(runs).sort().reverse();
  const found = all
    .map((name) => path.join(runs, name))
    .find((run) => existsSync(path.join(run, CHECKPOINT)) && (networkOf(run) ?? network) === network);
  if (found === undefined)
    throw new RunError(`${displayPath(runs)} holds no run to continue; npm run train starts one`);
  return found;
}

function networkOf(run: string): string | undefined {
  try {
    const { metadata } = readSafetensors(readFileSync(path.join(run, CHECKPOINT)));
    return metadata["format"] === FORMAT ? (metadata["network"] ?? FIRST_NETWORK) : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch (error) {
    throw new RunError(`${displayPath(folder)} cannot be read (${whyNot(error)})`);
  }
}

/** Saves a run's checkpoint; the old one stays until the new one is complete. */
export function saveCheckpoint(run: string, { network, parameters, step, steps, names, sha256 }: Checkpoint): void {
  const metadata = { format: FORMAT, network, step: String(step), steps: String(steps), names, sha256 };
  saveWhole(path.join(run, CHECKPOINT), writeSafetensors({ tensors: { ...parameters }, metadata }));
}

/**
 * @param network the name of the network that the run should be of
 * @param start parameters of the right shapes
 * @throws RunError naming the file and what is wrong with it
 */
export function loadCheckpoint(run: string, network: string, start: Checkpoint["parameters"]): Checkpoint {
  const file = path.join(run, CHECKPOINT);
  const wrong = (what: string): RunError => {
    return new RunError(`${displayPath(file)}: ${what}; npm run train starts a new run and leaves this one as it is`);
  };
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw wrong(`cannot be read (${whyNot(error)})`);
  }
  const { tensors, metadata } = read(bytes, wrong);
  if (metadata["format"] !== FORMAT) throw wrong("is not a checkpoint of this course");
  const { network: own = FIRST_NETWORK } = metadata;
  if (own !== network) throw wrong(`is a run of the network ${own}, not of ${network}`);
  const parameters: Named<Tensor> = {};
  for (const [name, { shape }] of Object.entries(start)) {
    const tensor = tensors[name];
    if (!tensor) throw wrong(`has no ${name}`);
    if (!sameShape(tensor.shape, shape)) {
      throw wrong(`${name} has shape ${describe(tensor.shape)}, expected ${describe(shape)}`);
    }
    parameters[name] = tensor;
  }
  const [step, steps] = [Number(metadata["step"]), Number(metadata["steps"])];
  if (!Number.isInteger(step) || !Number.isInteger(steps) || step < 0) throw wrong("does not say which step it is at");
  const { names = "", sha256 = "" } = metadata;
  return { network, parameters, step, steps, names, sha256 };
}

function read(bytes: Uint8Array, wrong: (what: string) => RunError): ReturnType<typeof readSafetensors> {
  try {
    return readSafetensors(bytes);
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

const HEADER = "step,loss\n";

/** Appends losses to a run's loss.csv, each in a line `step,loss`. */
export function appendLosses(run: string, first: number, losses: readonly number[]): void {
  const file = path.join(run, "loss.csv");
  if (!existsSync(file)) writeFileSync(file, HEADER);
  appendFileSync(file, losses.map((loss, i) => `${first + i},${loss}\n`).join(""));
}

/** A line of loss.csv. */
const LOSS = /^(\d+),(-?\d[\d.e+-]*)$/;

/**
 * The losses of a run's first steps. Lines after them, which an interrupted run has left, are removed, but only if all
 * lines before are in order.
 *
 * @throws RunError if the file lacks some of them; it is left as it is
 */
export function lossesUpTo(run: string, step: number): number[] {
  const file = path.join(run, "loss.csv");
  const text = textOf(file);
  const losses: number[] = [];
  for (const line of text.split("\n").slice(1)) {
    if (losses.length === step) break;
    const [, at, loss] = LOSS.exec(line.trimEnd()) ?? [];
    if (Number(at) !== losses.length || !Number.isFinite(Number(loss))) break;
    losses.push(Number(loss));
  }
  if (losses.length < step) {
    const what = text === "" ? "is empty or missing" : `has no loss of step ${losses.length}`;
    throw new RunError(
      `${displayPath(file)}: ${what}, but the checkpoint is at step ${step}; npm run train starts a new run and leaves this one as it is`,
    );
  }
  const whole = `${HEADER}${losses.map((loss, i) => `${i},${loss}\n`).join("")}`;
  if (whole !== text) writingRun(run, () => saveWhole(file, whole));
  return losses;
}

function textOf(file: string): string {
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  } catch (error) {
    throw new RunError(`${displayPath(file)}: cannot be read (${whyNot(error)})`);
  }
}
