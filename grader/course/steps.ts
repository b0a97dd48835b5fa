import type { FunctionRoom, TrainRoom } from "../kit/room.ts";
import { batchShapes, lines, symbolicShape, type Extent, type TensorName } from "../model/lines.ts";
import type { TrainingForm } from "./4-training-loop/forms.ts";
import type { LoopMistake } from "./4-training-loop/mistake.ts";
import type { GivenNames } from "./given.ts";
import { course } from "./index.ts";
import { shapesOf } from "./row.ts";

export type Part = keyof typeof course;

const partNumbers = Object.keys(course).map(Number) as Part[];

/** The parts, by number; the names of their folders. */
export const parts = Object.fromEntries(partNumbers.map((part) => [part, course[part].folder])) as {
  readonly [Number in Part]: (typeof course)[Number]["folder"];
};

/** Where a step is in the course. */
interface Place {
  part: Part;
  /** Its place in the part, from 1. */
  number: number;
  /** The exercise's file, from the root of exercises/ or any tree of the same shape. */
  file: string;
}

/**
 * A step that is one pure function from given tensors to one gradient, or, in a warm-up or a trap, to one value. What
 * its fields mean stands at Row. A given name that begins with d and names no tensor of a forward pass is a gradient. In
 * part 1 every line that uses the tensor is a run of its own: its upstream gradient is given.
 */
export interface FunctionStep extends Place, FunctionRoom {}

/** The training loop: trainStep, which updates its parameters. */
export interface TrainStep extends Place, TrainRoom<LoopMistake, TrainingForm> {}

export type Step = FunctionStep | TrainStep;

export type FunctionStepId = keyof GivenNames;

/** The names that a step is given, as a type. */
export type GivenName<Id extends FunctionStepId> = GivenNames[Id];

/** All steps, in the order they are worked through. */
export const steps: readonly Step[] = partNumbers.flatMap((part) =>
  course[part].rooms.map((room, i): Step => ({ ...room, part, number: i + 1, file: fileOf(part, room, i) })),
);

/** The steps that are functions from tensors to one tensor. */
export const functionSteps = steps.filter((step): step is FunctionStep => step.kind === "function");

/** 1-step-by-step/05-dcounts.ts; without a number where the part has a single step. */
function fileOf(part: Part, room: FunctionRoom | TrainRoom, i: number): string {
  const { folder, rooms } = course[part];
  const name = room.kind === "train" ? room.id : room.export;
  return `${folder}/${rooms.length > 1 ? `${String(i + 1).padStart(2, "0")}-` : ""}${name}.ts`;
}

/** What a step's answer is called: dcounts, or P where the tensor itself is asked for. */
export function answerName({ tensor, asks }: FunctionStep): string {
  return asks === "gradient" ? `d${tensor}` : tensor;
}

/** Whether a given name is a gradient, and of which tensor. */
export function gradientOf(name: string): string | undefined {
  const isForward =
    name in batchShapes ||
    name in writtenShapes ||
    lines.some((line) => [line.output, ...line.inputs].includes(name as never));
  return isForward ? undefined : name.slice(1);
}

/** The shape of anything a step is given, or asked for, in the sizes' names. */
export function givenShape(name: string): readonly Extent[] {
  const tensor = gradientOf(name) ?? name;
  return writtenShapes[tensor] ?? symbolicShape(tensor as TensorName);
}

/** The shapes of the tensors that are none of the model's. */
const writtenShapes = shapesOf(functionSteps, Object.assign({}, ...functionSteps.map(({ inputs }) => inputs ?? {})));

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
