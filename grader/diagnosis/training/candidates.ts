import type { Tensor } from "#tensor";
import type { LoopChanges, LoopState, Training, TrainingAnswer } from "../../kit/training.ts";
import type { Named } from "../../network/named.ts";
import { sameShape } from "../../tensor/shape.ts";
import { EPSILON } from "../../verdict/compare.ts";
import { constantOf, round } from "../factors/constants.ts";
import { factorsLike, writtenNumber } from "../factors/factors.ts";
import { largestOf } from "../behaviour.ts";
import type { Diagnosis } from "../symptom.ts";
import { ratioOf, ratiosOf, SAME } from "./agreement.ts";
import type { Candidate, Scene } from "./scene.ts";

/** A line of the backward pass, or an update, that is off by a factor. */
export function factorCandidates(scene: Scene, first: number): Candidate[] {
  const { kind, name } = scene.items[first]!;
  if (kind === "loss") return [];
  const ratios = ratiosOf(scene, (told) => {
    const answer = told.answer as TrainingAnswer;
    if (kind === "gradient") return ratioOf(answer.gradients[name]!, told.right.returned[name]!);
    const { parameters, learningRate } = told.question;
    const [start, end] = [parameters[name]!, answer.updated[name]!];
    if (!sameShape(end.shape, start.shape)) return undefined;
    const before = start.toArray();
    return ratioOf(
      start.sub(end),
      told.right.returned[name]!.mul(learningRate),
      (i) => 4 * EPSILON * Math.abs(before[i]!),
    );
  });
  // a factor this close to 1 may be what is left of rounding
  if (!ratios || ratios.flat().every((ratio) => Math.abs(ratio - 1) < SAME)) return [];
  if (kind === "update") {
    const { id, sentence } = wordsForStep(scene, ratios);
    const at: Candidate["at"] = (run, step) => ({ moved: (values) => movedTimes(values, ratios[run]![step]!) });
    const alone = "the gradients are right; ";
    return [{ id, sentence: alone + sentence, alone, at }];
  }
  return scaledLines(scene, name, ratios);
}

/** The lines that a gradient depends on, each off by these factors. */
export function scaledLines(scene: Scene, name: string, ratios: number[][]): Candidate[] {
  const { training } = scene;
  const told = wordsFor(scene, ratios);
  return training.linesBehind[name]!.map((line): Candidate => {
    const isOwn = line === training.ownLine[name];
    const where = isOwn ? `only the gradient of ${name} is wrong` : `${line} is wrong, and so is what follows from it`;
    return {
      id: `${line}+off-by-${told.id}`,
      sentence: `${where}: ${told.sentence}`,
      ...(isOwn ? { alone: "only " } : { saysWhatFollows: true }),
      inPart: `in the gradient of ${name}, ${told.sentence}`,
      at: (run, step) => scaled(training, line, ratios[run]![step]!),
    };
  });
}

/** Lines that are multiplied by something one time too many, or divided by it. */
export function strayCandidates({ training }: Scene): Candidate[] {
  return training.strayFactors.flatMap(({ line, factor, of }): Candidate[] => {
    const times = { [line]: (values: LoopState) => training.right(line, values).mul(of(values)) };
    const over = { [line]: (values: LoopState) => training.right(line, values).div(of(values)) };
    return [
      { id: `${line}+times`, sentence: `${line} is multiplied by ${factor} one time too many`, at: () => times },
      {
        id: `${line}+over`,
        sentence: `${line} is divided by ${factor}, or the factor ${factor} is missing`,
        at: () => over,
      },
    ];
  });
}

/** What is said of a step that is the correct one times a factor. */
export function wordsForStep(scene: Scene, ratios: readonly number[][]): Diagnosis {
  const flat = ratios.flat();
  const rates = scene.runs.flat().map(({ question }) => question.learningRate);
  const rate = constantOf(flat.map((ratio, i) => ratio * rates[i]!));
  if (rate !== undefined) {
    const sentence = `the parameters move by ${short(rate)} times the gradient, whatever the learning rate: the learning rate is an argument of the function`;
    return { id: "rate-of-its-own", sentence };
  }
  const { id, sentence } = wordsFor(scene, ratios);
  return { id: `step+off-by-${id}`, sentence: `in the step that the parameters take, ${sentence}` };
}

function scaled(training: Training, line: string, factor: number): LoopChanges {
  return { [line]: (values) => training.right(line, values).mul(factor) };
}

function movedTimes({ parameters, moving, learningRate }: LoopState, factor: number): LoopState["moved"] {
  return each(parameters, (name, parameter) => parameter.sub(moving[name]!.mul(learningRate * factor)));
}

/** A tensor for each parameter. */
function each(
  parameters: Readonly<Named<Tensor>>,
  make: (name: string, parameter: Tensor) => Tensor,
): Readonly<Named<Tensor>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, make(name, parameter)]));
}

/** A factor in words; in numbers if it has no meaning. */
function wordsFor({ training, words, runs }: Scene, ratios: readonly number[][]): Diagnosis {
  const flat = ratios.flat();
  const sizes = runs.flat().map(({ question }) => training.sizesOf(question));
  const rates = runs.flat().map(({ question }) => question.learningRate);
  const [factor] = factorsLike(words, flat, sizes);
  if (factor && factor !== "one") return { id: factor.id, sentence: factor.sentence };
  const perRate = constantOf(flat.map((ratio, i) => ratio / rates[i]!));
  if (perRate !== undefined) {
    const part = Math.abs(perRate - 1) < 1e-3 ? "" : `${short(perRate)} times `;
    return { id: "times-rate", sentence: `every value is multiplied by ${part}the learning rate` };
  }
  const overRate = constantOf(flat.map((ratio, i) => ratio * rates[i]!));
  if (overRate !== undefined) {
    const part = Math.abs(overRate - 1) < 1e-3 ? "" : `${short(1 / overRate)} times `;
    return { id: "over-rate", sentence: `every value is divided by ${part}the learning rate` };
  }
  const constant = constantOf(flat);
  if (constant !== undefined) {
    return { id: "factor", sentence: `every value is ${round(constant)} times what it should be` };
  }
  const written = writtenNumber(words, flat, sizes);
  if (written !== undefined) {
    return {
      id: "written",
      sentence: `every value is ${written} times what it should be: is a size written as a number?`,
    };
  }
  const [low, high] = [Math.min(...flat), Math.max(...flat)];
  return {
    id: "factors",
    sentence: `every value is off by the same factor within a step, but the factor differs from step to step (from ${round(low)} to ${round(high)})`,
  };
}

/** Gradients of which no entry is larger than a number, in what is returned and in the update, or in what is returned alone. */
export function clippedCandidates(scene: Scene): Candidate[] {
  const { training, runs, names } = scene;
  let [limit, largest] = [0, 0];
  for (const { answer, right } of runs.flat()) {
    if ("thrown" in answer) return [];
    for (const name of names) {
      limit = Math.max(limit, largestOf(answer.gradients[name]!));
      largest = Math.max(largest, largestOf(right.returned[name]!));
    }
  }
  if (!(limit > 0 && limit < largest)) return [];
  const clipped = (values: LoopState): LoopState["moving"] => {
    const own = training.moving(values);
    return each(values.parameters, (name) => own[name]!.clamp(-limit, limit));
  };
  const where = `are clipped at ${short(limit)} and -${short(limit)}`;
  const asked = "the task does not ask for clipping";
  return [
    {
      id: "clipped-entries",
      sentence: `the entries of the gradients ${where}, before they are returned and used in the update: ${asked}`,
      at: () => ({ moving: clipped, returned: ({ moving }) => moving }),
    },
    {
      id: "clipped-entries-returned",
      sentence: `the entries of the gradients that are returned ${where}; the update is right: ${asked}`,
      alone: "; the update is right",
      at: () => ({ returned: clipped }),
    },
  ];
}

/** Three digits; five for a number close to 1. */
export const short = (x: number): string => String(Number(x.toPrecision(Math.abs(x - 1) < 0.01 ? 5 : 3)));

/** Weight decay: a part of the parameters themselves added to the gradients or to the step. */
export function addedCandidates(scene: Scene, first: number): Candidate[] {
  const { training, runs, items } = scene;
  const { kind, name } = items[first]!;
  if (kind === "loss") return [];
  const parts = ratiosOf(scene, ({ question: { parameters, learningRate }, right, answer }) => {
    const { gradients, updated } = answer as TrainingAnswer;
    const [p, g] = [parameters[name]!, right.returned[name]!];
    const [gradient, end] = [gradients[name]!, updated[name]!];
    if (!sameShape(gradient.shape, p.shape) || !sameShape(end.shape, p.shape)) return undefined;
    const rounding = p.toArray().map((x) => 4 * EPSILON * Math.abs(x));
    if (kind === "gradient") return ratioOf(gradient.sub(g), p, (i) => SAME * Math.abs(g.toArray()[i]!));
    const step = p.sub(end).sub(g.mul(learningRate));
    return ratioOf(step, p, (i) => rounding[i]!);
  });
  if (!parts) return [];
  const decayed = (values: LoopState, part: number): LoopState["moving"] => {
    const own = training.moving(values);
    return each(values.parameters, (name, parameter) => own[name]!.add(parameter.mul(part)));
  };
  const sentence =
    "a part of each parameter itself is added to its gradient, as in weight decay, which is not asked for";
  const at = (run: number, step: number): LoopChanges => {
    const part = parts[run]![step]!;
    const rate = runs[run]![step]!.question.learningRate;
    if (kind === "gradient") return { moving: (values) => decayed(values, part), returned: ({ moving }) => moving };
    return { moving: (values) => decayed(values, part / rate) };
  };
  return [{ id: "weight-decay", sentence, at }];
}
