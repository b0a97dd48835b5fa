import type { Tensor } from "#tensor";
import { forwardPass } from "../makemore/network.ts";
import type { Batch } from "../makemore/lines.ts";
import { differentiateLines } from "../../network/backward.ts";
import type { Named } from "../../network/named.ts";
import type { Dataset } from "../makemore/dataset.ts";
import { lines } from "../makemore/lines.ts";
import {
  initialParameters,
  LECTURE_SEED,
  lectureSizes,
  parameterNames,
  type Parameters,
} from "../makemore/parameters.ts";
import { Generator } from "../../network/random.ts";
import { mean } from "../../report/statistics.ts";
import type { Line } from "../../network/line.ts";

/** The values and the gradients computed so far, by tensor name. */
export interface Around {
  values: Named<Tensor>;
  gradients: Named<Tensor>;
  batch: Batch;
}

/** How a training run departs from the lecture's. */
export interface Departure {
  /** The forward pass, if it differs. */
  network?: readonly Line[];
  /** Changes a gradient before anything uses it, by its tensor's name: the trap, or its repair. */
  alter?: Readonly<Record<string, (gradient: Tensor, around: Around) => Tensor | Promise<Tensor>>>;
  /** A branch that is forgotten: the gradient of `input` through the line of `output`. */
  forget?: { output: string; input: string } | undefined;
}

/** What a training run starts from: the same parameters and batches each time, with 64 neurons. */
export interface Start {
  parameters: Parameters;
  nextBatch: () => Batch;
}

const LEARNING_RATE = 0.1;

/** @param n examples in a batch; the lecture's 32 by default */
export function startOf(dataset: Dataset, n: number = lectureSizes.batch): Start {
  const generator = new Generator(LECTURE_SEED);
  const { block, embd, hidden } = lectureSizes;
  const parameters = initialParameters(generator, { block, embd, hidden, vocab: dataset.characters.length });
  const examples = dataset.split("train");
  return { parameters, nextBatch: () => examples.pick(generator.randint(0, examples.Yb.size(0), n)) };
}

/** All gradients of one backward pass, computed line by line, with the departures applied. */
export async function backward(
  values: Named<Tensor>,
  batch: Batch,
  { network = lines, alter = {}, forget }: Departure = {},
): Promise<Named<Tensor>> {
  const gradients: Named<Tensor> = { loss: values["loss"]!.newZeros([]).add(1) };
  const settled = async (name: string): Promise<Tensor | undefined> => {
    const gradient = gradients[name];
    const change = alter[name];
    if (gradient && change) gradients[name] = await change(gradient, { values, gradients, batch });
    return gradients[name];
  };
  for (const line of network.toReversed()) {
    const upstream = await settled(line.output);
    if (!upstream) continue;
    const parts = differentiateLines<Tensor>([line], values, batch, { [line.output]: upstream });
    for (const input of line.inputs) {
      const part = parts[input];
      if (!part || (forget?.output === line.output && forget.input === input)) continue;
      gradients[input] = gradients[input]?.add(part) ?? part;
    }
  }
  for (const name of parameterNames) await settled(name);
  return gradients;
}

/** The outcome of a training run: its losses, one per step, and the parameters, gradients and values at its end. */
export interface Trained {
  losses: number[];
  parameters: Parameters;
  values: Named<Tensor>;
  gradients: Named<Tensor>;
}

/** Trains from a start, which it does not change; `progress` receives the share that is done. */
export async function train(
  { parameters: first, nextBatch }: Start,
  steps: number,
  departure: Departure,
  progress: (done: number) => Promise<void>,
): Promise<Trained> {
  const parameters = { ...first };
  const losses: number[] = [];
  let values: Named<Tensor> = {};
  let gradients: Named<Tensor> = {};
  for (let step = 0; step < steps; step++) {
    const batch = nextBatch();
    values = forwardPass(parameters, batch, departure.network);
    gradients = await backward(values, batch, departure);
    losses.push(values["loss"]!.item());
    for (const name of parameterNames) {
      const gradient = gradients[name];
      if (gradient) parameters[name] = parameters[name].sub(gradient.mul(LEARNING_RATE));
    }
    if (step % 10 === 9) await progress((step + 1) / steps);
  }
  return { losses, parameters, values, gradients };
}

/** The mean of the last fifth of a run's losses: those of single batches are noisy. */
export function endLoss({ losses }: Pick<Trained, "losses">): number {
  return mean(losses.slice(-Math.ceil(losses.length / 5)));
}
