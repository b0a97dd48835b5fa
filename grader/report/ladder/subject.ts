import { onesLike, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { LectureBatch } from "../../grading/lecture.ts";
import type { Case } from "../../kit/case.ts";
import { indicesOf } from "../../kit/truth.ts";
import { leavesOf } from "../../kit/dependence.ts";
import { shapeOf, tensorOf, upstreamsOf, type FunctionStep } from "../../kit/step.ts";
import { differentiateLines, evaluate } from "../../network/backward.ts";
import type { Evaluated } from "../../network/follow.ts";
import type { Line } from "../../network/line.ts";
import type { Indices, Named } from "../../network/named.ts";
import { gradedTensorsOf, ownBatchOf, shapeOfTensor, type Network } from "../../network/network.ts";
import type { Extent } from "../../network/shape.ts";
import type { Labels, Words } from "../../network/words.ts";

/** What a ladder is drawn of: lines with their values and gradients, and the steps that ask for them. */
export interface Subject {
  /** "makemore, the lecture's batch" */
  readonly title: string;
  readonly lines: readonly Line[];
  readonly indices: Indices;
  /** Every tensor that the lines read or compute, index tensors aside, float32. */
  readonly values: Readonly<Named<Tensor>>;
  /** Gradients by the name of their tensor: those that are asked for, and those that are given. */
  readonly gradients: Readonly<Named<Tensor>>;
  /** By tensor; index tensors too. */
  readonly shapes: Readonly<Record<string, readonly Extent[]>>;
  readonly words: Words;
  readonly labels: Labels;
  /** By tensor: the steps that ask for its gradient, or for itself; the one of its own lines first. */
  readonly steps: Readonly<Record<string, readonly FunctionStep[]>>;
}

/**
 * A network on its own batch.
 *
 * @param steps those that may ask for its tensors; others are left out
 */
export function networkSubject(network: Network, lecture: LectureBatch, steps: readonly FunctionStep[]): Subject {
  const { name, lines, words } = network;
  const { batch, sizes, gradients } = lecture;
  const names = [...new Set(lines.flatMap(({ inputs, output }) => [...inputs, output]))];
  const own = steps.filter((step) => step.network === network && step.chain !== undefined);
  const ordered = [...own.filter(({ chain }) => chain === "link"), ...own.filter(({ chain }) => chain === "end")];
  const loss = lecture.values[network.loss]!;
  return {
    title: `${name}, ${ownBatchOf(network)}`,
    lines,
    indices: batch,
    values: pick(lecture.values, (one) => names.includes(one) && !(one in batch)),
    gradients: { ...pick(gradients, (one) => gradedTensorsOf(network).includes(one)), [network.loss]: onesLike(loss) },
    shapes: Object.fromEntries(names.map((one) => [one, shapeOfTensor(network, one)!])),
    words,
    labels: { sizes, batch },
    steps: Object.fromEntries(names.map((one) => [one, ordered.filter(({ tensor }) => tensor === one)])),
  };
}

/** The lines that one step of a network goes through at once, on the network's own batch. */
export function spanSubject(step: FunctionStep, lecture: LectureBatch): Subject {
  const whole = networkSubject(step.network, lecture, [step]);
  const lines = step.runs.flat();
  const names = [...new Set(lines.flatMap(({ inputs, output }) => [...inputs, output]))];
  const inner = [step.tensor, ...lines.map(({ output }) => output)];
  return {
    ...whole,
    title: `${step.id}, ${whole.title}`,
    lines,
    values: pick(whole.values, (name) => names.includes(name)),
    gradients: pick(whole.gradients, (name) => inner.includes(name)),
  };
}

/** A step's own lines at the numbers of one case; undefined if the case does not give what they start from. */
export function caseSubject(asked: Case): Subject | undefined {
  const { step, given, sizes } = asked;
  const { network, roles, runs } = step;
  const lines = runs.flat();
  if (!leavesOf(step).every((name) => name in given)) return undefined;
  const indices = indicesOf(step, given);
  // a line that only computes a value may read an upstream gradient as a tensor like any other
  const values: Named<Tensor> = pick(given, (name) => roles[name] !== "index");
  for (const line of lines) {
    const inputs = line.inputs.map((name) => [name, name in indices ? indices[name]! : Measured.from(values[name]!)]);
    values[line.output] ??= evaluate<Measured>(line, Object.fromEntries(inputs)).toTensor();
  }
  const gradients = step.asks === "gradient" ? gradientsOf(asked, { lines, indices, values }) : {};
  const names = [...new Set(lines.flatMap(({ inputs, output }) => [...inputs, output]))];
  return {
    title: `${step.id}: ${step.example ? "the lesson's numbers" : "its own lines"}`,
    lines,
    indices,
    values: pick(values, (name) => names.includes(name)),
    gradients,
    shapes: Object.fromEntries(names.map((name) => [name, shapeOf(step, name)])),
    words: network.words,
    labels: { sizes, batch: indices },
    steps: { [step.tensor]: [step] },
  };
}

/** The gradients that a case gives, those between its lines, and the one that it asks for: no other step's answer. */
function gradientsOf(
  { step, given, truth }: Case,
  { lines, indices, values }: Pick<Subject, "lines" | "indices" | "values">,
): Named<Tensor> {
  const { network, runs, tensor } = step;
  const upstream: Named<Tensor> = {};
  for (const name of upstreamsOf(step)) upstream[tensorOf(name)] = given[name]!;
  for (const run of runs) {
    const last = run.at(-1)!.output;
    if (last === network.loss) upstream[last] = onesLike(values[last]!);
  }
  const outputs = lines.map(({ output }) => output);
  const start = Object.fromEntries(Object.entries(upstream).map(([name, one]) => [name, Measured.from(one)]));
  const known = Object.fromEntries(Object.entries(values).map(([name, one]) => [name, Measured.from(one)]));
  const between = differentiateLines<Measured>(lines, known, indices, start);
  const shown = pick(between, (name) => outputs.includes(name) && !(name in upstream));
  return {
    ...Object.fromEntries(Object.entries(shown).map(([name, one]) => [name, one.toTensor()])),
    ...upstream,
    [tensor]: truth.toTensor(),
  };
}

/** A subject's lines with values in float64, in which elements can be followed. */
export function evaluatedOf({ lines, indices, values }: Subject): Evaluated {
  return {
    lines,
    indices,
    values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, Measured.from(value)])),
  };
}

function pick<T>(all: Readonly<Record<string, T>>, isWanted: (name: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => isWanted(name)));
}
