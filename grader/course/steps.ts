import type { Measured } from "../autograd/measured.ts";
import type { Batch, Named } from "../network/backward.ts";
import {
  batchShapes,
  gradedTensors,
  lines,
  linesUsing,
  symbolicShape,
  type BatchName,
  type Extent,
  type Graded,
  type GradientName,
  type Line,
  type LinesUsing,
  type TensorName,
} from "./makemore/lines.ts";
import { dlogitsByLogSumExp } from "./makemore/logsumexp.ts";
import type { Row } from "../kit/row.ts";
import { traps, trapShape, type TrapId, type TrapRow } from "./traps.ts";
import { warmups, warmupShape, type WarmupId, type WarmupRow } from "./warmups.ts";

/** The parts, by number; the names of their folders. */
export const parts = {
  0: "0-warm-ups",
  1: "1-step-by-step",
  2: "2-fused-cross-entropy",
  3: "3-fused-batchnorm",
  4: "4-training-loop",
  5: "5-trap-lab",
} as const;

export type Part = keyof typeof parts;

interface StepBase {
  /** Names the step everywhere: `dcounts`, `fused-dlogits`, `train`. */
  id: string;
  part: Part;
  /** Its place in the part, from 1. */
  number: number;
  /** The exercise's file, from the root of exercises/ or any tree of the same shape. */
  file: string;
  /** The function that the file exports. */
  export: string;
}

/**
 * A step that is one pure function from given tensors to one gradient, or, in a warm-up or a trap, to one value. What
 * its fields mean stands at Row. A given name that begins with d and names no tensor of a forward pass is a gradient. In
 * part 1 every line that uses the tensor is a run of its own: its upstream gradient is given.
 */
export interface FunctionStep extends StepBase, Omit<Row, "id"> {
  kind: "function";
  /** In a run of several lines: the terms that its closed form has. */
  terms?: Terms;
  /** Another way to the same numbers, from what is given, that rounds in other places: tolerances allow for both. */
  otherWay?: (values: Named<Measured>, batch: Batch) => Measured;
}

/** The terms of a closed form, by the ways that they come back. */
export interface Terms {
  /** What the term is called that comes back on none of the other ways. */
  direct: string;
  /** What the others are called, by the output that each comes back through. */
  through: Readonly<Record<string, string>>;
  /** The outputs that nothing comes back through when all terms are there. */
  idle: readonly string[];
}

/** The training loop: trainStep, which updates its parameters. */
export interface TrainStep extends StepBase {
  kind: "train";
}

export type Step = FunctionStep | TrainStep;

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
    otherWay: undefined,
  },
} as const;

type FusedId = keyof typeof fused;
export type FunctionStepId = WarmupId | GradientName<Graded> | FusedId | TrapId;

type NamesOfLine<L> = L extends Line<infer O, infer I> ? I | O | Exclude<GradientName<O>, "dloss"> : never;

/** The names that a step is given, as a type. */
export type GivenName<Id extends FunctionStepId> = Id extends WarmupId | TrapId
  ? Extract<WarmupRow | TrapRow, { id: Id }>["given"][number]
  : Id extends FusedId
    ? (typeof fused)[Id]["given"][number]
    : Id extends GradientName<infer X extends Graded>
      ? X | NamesOfLine<LinesUsing<X>> | (Id extends keyof typeof besides ? (typeof besides)[Id][number] : never)
      : never;

/** All steps, in the order they are worked through. */
export const steps: readonly Step[] = [
  ...warmups.map((row, i) => writtenStep(row, 0, i)),
  ...gradedTensors().map(stepForTensor),
  ...(Object.keys(fused) as FusedId[]).map(fusedStep),
  { kind: "train", id: "train", part: 4, number: 1, file: `${parts[4]}/train.ts`, export: "trainStep" },
  ...traps.map((row, i) => writtenStep(row, 5, i)),
];

/** The steps that are functions from tensors to one tensor. */
export const functionSteps = steps.filter((step): step is FunctionStep => step.kind === "function");

function writtenStep({ id, ...row }: Row, part: Part, i: number): FunctionStep {
  return { kind: "function", id, part, number: i + 1, file: fileInPart(part, i, id), export: id, ...row };
}

/** 1-step-by-step/05-dcounts.ts */
function fileInPart(part: Part, i: number, id: string): string {
  return `${parts[part]}/${String(i + 1).padStart(2, "0")}-${id}.ts`;
}

function stepForTensor(tensor: Graded, i: number): FunctionStep {
  const id: GradientName<Graded> = `d${tensor}`;
  const users = linesUsing(tensor);
  const given = new Set<string>([tensor]);
  for (const line of users) {
    for (const name of line.inputs) given.add(name);
    given.add(line.output);
    if (line.output !== "loss") given.add(`d${line.output}`);
  }
  for (const name of besides[id as keyof typeof besides] ?? []) given.add(name);
  return {
    kind: "function",
    id,
    part: 1,
    number: i + 1,
    file: fileInPart(1, i, id),
    export: id,
    tensor,
    asks: "gradient",
    given: [...given],
    runs: users.map((line) => [line]),
  };
}

function fusedStep(id: FusedId): FunctionStep {
  const { part, tensor, from, to, given, terms, otherWay } = fused[id];
  const all: readonly Line[] = lines;
  const at = (output: string): number => all.findIndex((line) => line.output === output);
  return {
    kind: "function",
    id,
    part,
    number: 1,
    file: `${parts[part]}/d${tensor}.ts`,
    export: `d${tensor}`,
    tensor,
    asks: "gradient",
    given,
    runs: [all.slice(at(from), at(to) + 1)],
    terms,
    ...(otherWay && { otherWay }),
  };
}

/** What a step's answer is called: dcounts, or P where the tensor itself is asked for. */
export function answerName({ tensor, asks }: FunctionStep): string {
  return asks === "gradient" ? `d${tensor}` : tensor;
}

/** Whether a given name is a gradient, and of which tensor. */
export function gradientOf(name: string): string | undefined {
  const isForward =
    name in batchShapes ||
    writtenShape(name) !== undefined ||
    lines.some((line) => [line.output, ...line.inputs].includes(name as never));
  return isForward ? undefined : name.slice(1);
}

/** The shape of anything a step is given, or asked for, in the sizes' names. */
export function givenShape(name: string): readonly Extent[] {
  const tensor = gradientOf(name) ?? name;
  return writtenShape(tensor) ?? symbolicShape(tensor as TensorName);
}

/** The shape of a tensor that is none of the model's. */
function writtenShape(name: string): readonly Extent[] | undefined {
  return warmupShape(name) ?? trapShape(name);
}

/** Whether a step is in the chain of the lecture's own backward pass: it asks for a gradient of the model's. */
export function isInChain({ asks, example }: FunctionStep): boolean {
  return asks === "gradient" && !example;
}

/** What the command line calls a step besides its id: 5 is part 1's fifth, 0.3 part 0's third, 2.1 part 2's first. */
export function label(step: Step): string {
  return step.part === 1 ? String(step.number) : `${step.part}.${step.number}`;
}

/** The steps that a word on the command line means: an id, a label, a part's folder or part0, or a path to either. */
export function findSteps(word: string): Step[] {
  const path = word.replaceAll("\\", "/").replace(/^\.\//, "").replace(/\/$/, "");
  return steps.filter((step) => {
    const folder = parts[step.part];
    const stem = step.file.slice(folder.length + 1, -".ts".length);
    const names = [step.id, label(step), folder, `part${step.part}`, ...(/^\d/.test(stem) ? [stem] : [])];
    return names.some((name) => name.toLowerCase() === path.toLowerCase()) || endsWithPath(path, folder, step.file);
  });
}

/** Whether a path as typed leads to a step's file or its part's folder, whatever stands before it. */
function endsWithPath(path: string, folder: string, file: string): boolean {
  return path === file || path.endsWith(`/${file}`) || path.endsWith(`/${folder}`) || `${folder}/${path}` === file;
}
