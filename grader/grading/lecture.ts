import type { Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { differentiateLoss } from "../network/backward.ts";
import type { Indices, Named } from "../network/named.ts";
import { sizesOfBatch, startNamesOf, type Network } from "../network/network.ts";
import { Generator, type Seed } from "../network/random.ts";
import type { Sizes } from "../network/shape.ts";

/** What the lecture's line compares with: our own float32 reference, or PyTorch's stored gradients. */
export type Reference = "ours" | "torch";

/** The lecture's own batch with float32 values and gradients, by tensor name. */
export interface LectureBatch {
  sizes: Sizes;
  batch: Indices;
  values: Readonly<Named<Tensor>>;
  gradients: Readonly<Named<Tensor>>;
  /** The gradients in float64, with the magnitudes of the whole backward pass; computed when first needed. */
  truths: () => Readonly<Named<Measured>>;
}

/**
 * The lecture's own batch, with float32 values and gradients computed here, or as PyTorch stored them.
 *
 * @param tensors PyTorch's: the batch's index tensors and numbers, the parameters, every forward value, and gradients as `grad.NAME`
 */
export function lectureBatch(network: Network, tensors: Readonly<Named<Tensor>>, reference: Reference): LectureBatch {
  const batch = Object.fromEntries(Object.keys(network.indices).map((name) => [name, tensors[name]!]));
  const { values, gradients } = reference === "torch" ? storedPass(tensors) : computedPass(network, tensors, batch);
  let truths: Named<Measured> | undefined;
  return {
    sizes: sizesOfBatch(network, tensors),
    batch,
    values,
    gradients,
    truths: () => (truths ??= truthsOf(network, values, batch)),
  };
}

/** The seed of drawn batches. */
const SEED = 1;

/** The batch of a network that has none stored: drawn, with values and gradients computed here. */
export function drawnBatch(network: Network, seed: Seed = SEED): LectureBatch {
  const { indices, value } = network.batches.plain(new Generator(seed));
  const start = startNamesOf(network).map((name) => [name, value(name)]);
  return lectureBatch(network, { ...indices, ...Object.fromEntries(start) }, "ours");
}

interface Pass {
  values: Readonly<Named<Tensor>>;
  gradients: Readonly<Named<Tensor>>;
}

function storedPass(tensors: Readonly<Named<Tensor>>): Pass {
  const stored = "grad.";
  const gradients = Object.entries(tensors).filter(([name]) => name.startsWith(stored));
  return {
    values: tensors,
    gradients: Object.fromEntries(gradients.map(([name, value]) => [name.slice(stored.length), value])),
  };
}

function computedPass(network: Network, tensors: Readonly<Named<Tensor>>, batch: Indices): Pass {
  const start = Object.fromEntries(startNamesOf(network).map((name) => [name, tensors[name]!]));
  return differentiateLoss<Tensor>(network, start, batch);
}

/** The whole backward pass in float64, with magnitudes. */
function truthsOf(network: Network, values: Readonly<Named<Tensor>>, batch: Indices): Named<Measured> {
  const start = Object.fromEntries(startNamesOf(network).map((name) => [name, Measured.from(values[name]!)]));
  return differentiateLoss(network, start, batch, network.settle).gradients;
}
