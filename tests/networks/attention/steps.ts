import { readFileSync } from "node:fs";
import type { Course } from "../../../grader/grading/course.ts";
import { lectureBatch } from "../../../grader/grading/lecture.ts";
import { gradientRow, taskOf } from "../../../grader/kit/derive.ts";
import type { StepHints } from "../../../grader/kit/hint.ts";
import type { Mistake } from "../../../grader/kit/mistake.ts";
import type { NamesGiven } from "../../../grader/kit/names.ts";
import type { FunctionStep } from "../../../grader/kit/step.ts";
import type { Named } from "../../../grader/network/named.ts";
import { gradedTensorsOf } from "../../../grader/network/network.ts";
import { readSafetensors } from "../../../grader/network/safetensors.ts";
import type { Sizes } from "../../../grader/network/shape.ts";
import type { Tensor } from "#tensor";
import type { lines } from "./lines.ts";
import { attention } from "./network.ts";

/** The names that the step for a tensor is given. */
export type GivenNames<X extends string> = NamesGiven<(typeof lines)[number], X, "loss">;

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

/** There is no lesson on this network, so its steps have no hints. */
const hints: StepHints = { ask: "", rule: "", worked: "", piece: "" };

/** A step for each tensor that a gradient reaches, derived from the lines. */
export const steps: readonly FunctionStep[] = gradedTensorsOf(attention).map((tensor, i) => {
  const id = `d${tensor}`;
  return {
    ...taskOf(attention, gradientRow(attention, tensor)),
    kind: "function",
    chain: "link",
    part: 1,
    number: i + 1,
    label: `${i + 1}`,
    file: `attention/${id}.ts`,
    export: id,
    hints,
    looks: {},
    mistakes: (mistakes as Readonly<Record<string, readonly Mistake[]>>)[tensor] ?? [],
    forms: [],
  };
});

/** What PyTorch computed of a seed, see generate.py. */
export function readTorch(seed: number): { tensors: Named<Tensor>; sizes: Sizes } {
  const file = new URL(`torch-${seed}.safetensors`, import.meta.url);
  const { tensors, metadata } = readSafetensors(readFileSync(file));
  const names = ["batch", "time", "embd", "head", "vocab"];
  return { tensors, sizes: Object.fromEntries(names.map((name) => [name, Number(metadata[name])])) };
}

/** The network's steps as a course, whose lecture is the batch of a seed. */
export function courseOf(seed: number): Course {
  const { tensors, sizes } = readTorch(seed);
  const reference = { network: attention, file: `torch-${seed}`, sizesOf: () => sizes };
  return {
    setting: { lecture: `attention ${seed}`, training: "none" },
    steps,
    lecture: () => lectureBatch(reference, tensors, "ours"),
    training: () => {
      throw new Error("this course has no training loop");
    },
  };
}
