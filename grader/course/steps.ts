import { gradientRow, taskOf, throughRow, type Through } from "../kit/derive.ts";
import type { Course, Part } from "../kit/course.ts";
import type { GradientName, NamesGiven } from "../kit/names.ts";
import type { Row } from "../kit/row.ts";
import type { FunctionStep, Placement, Step } from "../kit/step.ts";
import type { LoopMistake } from "../kit/training.ts";
import { gradedTensorsOf } from "../network/network.ts";
import type { Sizes } from "../network/shape.ts";
import type { AnyLine, BatchName, Graded } from "./makemore/lines.ts";
import { dlogitsByLogSumExp } from "./makemore/logsumexp.ts";
import { makemore } from "./makemore/network.ts";
import { lectureSizes } from "./makemore/parameters.ts";
import { makemoreTraining } from "./makemore/training.ts";
import { trainingMistakes } from "./mistakes/training.ts";
import { traps, trapInputs, type TrapId, type TrapRow } from "./traps.ts";
import { warmups, warmupInputs, type WarmupId, type WarmupRow } from "./warmups.ts";

/** The parts, by number; the names of their folders. */
export const parts = {
  0: "0-warm-ups",
  1: "1-step-by-step",
  2: "2-fused-cross-entropy",
  3: "3-fused-batchnorm",
  4: "4-training-loop",
  5: "5-trap-lab",
} as const;

type PartNumber = keyof typeof parts;
/** The part whose steps are called by their number alone. */
const MAIN: PartNumber = 1;

/** Given besides what the lines say, so that the usual mistake can be made. */
const besides = { dlogits: ["Yb"] } as const satisfies Partial<Record<GradientName<Graded>, readonly BatchName[]>>;

/** Steps that go through several lines at once, from `from` to `to`, with what they are given. */
const fused = {
  "fused-dlogits": {
    part: 2,
    tensor: "logits",
    from: "logit_maxes",
    to: "loss",
    given: ["logits", "Yb"],
    terms: {
      direct: "the label's term",
      through: { counts_sum: "the probabilities' term" },
      idle: ["logit_maxes"],
    },
    otherWay: dlogitsByLogSumExp,
    softmaxOf: { given: "logits", one: "logit" },
  },
  "fused-dhprebn": {
    part: 3,
    tensor: "hprebn",
    from: "bnmeani",
    to: "hpreact",
    given: ["bngain", "bnvar_inv", "bnraw", "dhpreact"],
    terms: {
      direct: "the direct term",
      through: { bnmeani: "the mean's term", bnvar: "the variance's term" },
      idle: [],
    },
    recover: ({ bnraw, bnvar_inv }) => {
      const bndiff = bnraw!.div(bnvar_inv!).given();
      return {
        bndiff,
        bnvar: bnvar_inv!.pow(-2).sub(1e-5).given(),
        hprebn: bndiff,
        bnbias: bndiff.newZeros(bnvar_inv!.shape),
      };
    },
  },
} as const satisfies Record<string, Omit<Through, "id"> & { part: PartNumber }>;

/** What else a step of part 1 says of itself. */
const more: Partial<Record<GradientName<Graded>, Partial<Row>>> = {
  // probs can be had again as exp(logprobs), where an error in logprobs is a relative error of probs
  dprobs: { remeasured: ({ probs, logprobs }) => ({ probs: probs!.measuredAs(logprobs!.exp()) }) },
};

type FusedId = keyof typeof fused;
export type FunctionStepId = WarmupId | GradientName<Graded> | FusedId | TrapId;

/** The names that a step is given, as a type. */
export type GivenName<Id extends FunctionStepId> = Id extends WarmupId | TrapId
  ? Extract<WarmupRow | TrapRow, { id: Id }>["given"][number]
  : Id extends FusedId
    ? (typeof fused)[Id]["given"][number]
    : Id extends GradientName<infer X extends Graded>
      ? NamesGiven<AnyLine, X, "loss"> | (Id extends keyof typeof besides ? (typeof besides)[Id][number] : never)
      : never;

/** All steps, in the order they are worked through. */
export const steps: readonly Step[] = [
  ...warmups.map((row, i) => stepOf({ ...row, inputs: warmupInputs }, numbered(0, i, row.id))),
  ...gradedTensorsOf(makemore).map((tensor, i): FunctionStep => {
    const row = gradientRow(makemore, tensor, besides[`d${tensor}` as keyof typeof besides]);
    return { ...stepOf({ ...row, ...more[row.id as keyof typeof more] }, numbered(1, i, row.id)), chain: "link" };
  }),
  ...(Object.keys(fused) as FusedId[]).map((id): FunctionStep => {
    const { part, ...row } = fused[id];
    const place = { part, number: 1, file: `${parts[part]}/d${row.tensor}.ts`, export: `d${row.tensor}` };
    return { ...stepOf(throughRow(makemore, { id, ...row }), { id, ...place, label: `${part}.1` }), chain: "end" };
  }),
  {
    kind: "train",
    id: "train",
    part: 4,
    number: 1,
    label: "4.1",
    file: `${parts[4]}/train.ts`,
    export: "trainStep",
    network: makemore,
    training: makemoreTraining,
    mistakes: trainingMistakes as unknown as readonly LoopMistake[],
  },
  ...traps.map((row, i) => stepOf({ ...row, inputs: trapInputs }, numbered(5, i, row.id))),
];

/** The steps that are functions from tensors to one tensor. */
export const functionSteps = steps.filter((step): step is FunctionStep => step.kind === "function");

/** The course on the lecture's network. */
export const course: Course = {
  parts: Object.entries(parts).map(([number, folder]): Part => {
    const isMain = Number(number) === MAIN;
    return { number: Number(number), folder, ...(isMain && { isMain }) };
  }),
  steps,
  functionSteps,
  reference: {
    network: makemore,
    file: "lecture",
    sizesOf({ C, Yb }): Sizes {
      const { block, embd, hidden } = lectureSizes;
      return { n: Yb!.size(0), block, embd, hidden, vocab: C!.size(0) };
    },
  },
};

function stepOf(row: Row, place: Placement): FunctionStep {
  return { kind: "function", ...taskOf(makemore, row), ...place };
}

/** 1-step-by-step/05-dcounts.ts */
function numbered(part: PartNumber, i: number, id: string): Placement {
  const number = i + 1;
  const file = `${parts[part]}/${String(number).padStart(2, "0")}-${id}.ts`;
  return { id, part, number, label: part === MAIN ? String(number) : `${part}.${number}`, file, export: id };
}
