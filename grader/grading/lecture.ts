import type { Tensor } from "#tensor";
import { Measured } from "../autograd/measured.ts";
import { differentiateLoss, type Batch, type Named } from "../model/backward.ts";
import type { Sizes } from "../model/lines.ts";
import { lectureSizes, parameterNames } from "../model/parameters.ts";
import { settle } from "../verdict/training.ts";
import type { LectureBatch } from "./course.ts";

/** What the lecture's line compares with: our own float32 reference, or PyTorch's stored gradients. */
export type Reference = "ours" | "torch";

/**
 * The lecture's own batch, with float32 values and gradients computed here, or as PyTorch stored them.
 *
 * @param tensors PyTorch's: the batch Xb and Yb, the parameters, every forward value, and gradients as `grad.NAME`
 */
export function lectureBatch(tensors: Readonly<Named<Tensor>>, reference: Reference): LectureBatch {
  const batch: Batch = { Xb: tensors["Xb"]!, Yb: tensors["Yb"]! };
  const { block, embd, hidden } = lectureSizes;
  const sizes: Sizes = { n: batch.Yb.size(0), block, embd, hidden, vocab: tensors["C"]!.size(0) };
  const { values, gradients } = reference === "torch" ? storedPass(tensors) : computedPass(tensors, batch);
  let truths: Named<Measured> | undefined;
  return { sizes, batch, values, gradients, truths: () => (truths ??= truthsOf(values, batch)) };
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

function computedPass(tensors: Readonly<Named<Tensor>>, batch: Batch): Pass {
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, tensors[name]!]));
  return differentiateLoss<Tensor>(parameters, batch);
}

/** The whole backward pass in float64, with magnitudes. */
function truthsOf(values: Readonly<Named<Tensor>>, batch: Batch): Named<Measured> {
  const parameters = Object.fromEntries(parameterNames.map((name) => [name, Measured.from(values[name]!)]));
  return differentiateLoss(parameters, batch, settle).gradients;
}
