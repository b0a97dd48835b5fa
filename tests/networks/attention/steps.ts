import { readFileSync } from "node:fs";
import { lectureBatch, type LectureBatch } from "../../../grader/grading/lecture.ts";
import type { Mistake } from "../../../grader/kit/mistake.ts";
import type { NamesGiven } from "../../../grader/kit/names.ts";
import { stepsOf } from "../../../grader/kit/steps.ts";
import type { Named } from "../../../grader/network/named.ts";
import { readSafetensors } from "../../../grader/network/safetensors.ts";
import type { Sizes } from "../../../grader/network/shape.ts";
import type { Tensor } from "#tensor";
import { attention } from "./network.ts";

/** The names that the step for a tensor is given. */
export type GivenNames<X extends string> = NamesGiven<(typeof attention)["lines"][number], X, "loss">;

/** The known mistakes, each typed by what its step is given. */
const mistakes: { readonly [X in "lnvar"]: readonly Mistake<GivenNames<X>>[] } = {
  lnvar: [
    {
      id: "exponent",
      idea: "the exponent is kept",
      sentence: "the exponent is that of the forward line: the power rule lowers it by one",
      look: "Which exponent does the derivative of x ** -0.5 have?",
      answer: ({ lnvar, dlnvar_inv }) => lnvar.add(1e-5).pow(-0.5).mul(-0.5).mul(dlnvar_inv),
    },
  ],
};

/** A step for each tensor that a gradient reaches, derived from the lines. */
export const steps = stepsOf(
  attention,
  Object.fromEntries(Object.entries(mistakes).map(([tensor, known]) => [tensor, { mistakes: known }])),
);

/** What PyTorch computed of a seed, see generate.py. */
export function readTorch(seed: number): { tensors: Named<Tensor>; sizes: Sizes } {
  const file = new URL(`torch-${seed}.safetensors`, import.meta.url);
  const { tensors, metadata } = readSafetensors(readFileSync(file));
  const names = ["batch", "time", "embd", "head", "vocab"];
  return { tensors, sizes: Object.fromEntries(names.map((name) => [name, Number(metadata[name])])) };
}

/** The network's own batch: that of a seed. */
export function batchOf(seed: number): LectureBatch {
  return lectureBatch(attention, readTorch(seed).tensors, "ours");
}
