import type { Network } from "../network/network.ts";
import { factorsOf, type Extent } from "../network/shape.ts";
import type { FunctionRoom, TrainRoom } from "./room.ts";
import type { Row } from "./row.ts";
import type { LoopMistake } from "./training.ts";

/** What a given tensor is to its step: a forward value, an upstream gradient, or indices. */
export type Role = "value" | "upstream" | "index";

/** What a step asks for, with the shapes and roles of every tensor that it names: no other table is needed. */
export interface Task extends Row {
  readonly network: Network;
  /** By the sizes' names: of the given tensors, of what its lines read and compute, and of the answer, by its tensor's name. */
  readonly shapes: Readonly<Record<string, readonly Extent[]>>;
  /** Of the given tensors. */
  readonly roles: Readonly<Record<string, Role>>;
}

/** Where a step is in the course. */
export interface Placement {
  /** Its part's number. */
  readonly part: number;
  /** Its number in the part, from 1. */
  readonly number: number;
  /** Its name on the command line other than its id: 5 is the main part's fifth, 0.3 part 0's third. */
  readonly label: string;
  /** The exercise's file, from the root of exercises/ or any tree of the same shape. */
  readonly file: string;
  /** Where the lesson explains it, from the same root: `1-step-by-step/README.md#12-dhpreact`; undefined without a lesson. */
  readonly lesson?: string;
  /** Whether its part lies beyond the course proper, and is counted apart. */
  readonly isOptional?: true;
}

/** A step that is one pure function from given tensors to one gradient, or to one value. */
export interface FunctionStep
  extends Placement, Omit<FunctionRoom, "network">, Pick<Task, "network" | "shapes" | "roles"> {
  /**
   * Its role in the chain of the network's own backward pass: a link passes its gradient on to later steps, an end only
   * receives theirs. A step without a role is in no chain.
   */
  readonly chain?: "link" | "end";
}

/** The training loop: a function that takes a training step and updates its parameters. */
export interface TrainStep extends Placement, TrainRoom<LoopMistake> {
  readonly network: Network;
}

export type Step = FunctionStep | TrainStep;

/** The shape of any tensor that a step names, by the sizes' names. */
export function shapeOf({ id, shapes }: Pick<Task, "id" | "shapes">, name: string): readonly Extent[] {
  const shape = shapes[name];
  if (!shape) throw new Error(`${id} has no tensor ${name}`);
  return shape;
}

/** The shape of a step's answer. */
export function answerExtents(step: Pick<Task, "id" | "shapes" | "tensor">): readonly Extent[] {
  return shapeOf(step, step.tensor);
}

/** The upstream gradients that a step is given. */
export function upstreamsOf({ given, roles }: Pick<Task, "given" | "roles">): string[] {
  return given.filter((name) => roles[name] === "upstream");
}

/** The tensor that a gradient is of: counts for dcounts. */
export function tensorOf(gradient: string): string {
  return gradient.slice(1);
}

/** The extents of all tensors that a step is given. */
export function extentsOf(step: Pick<Task, "id" | "shapes" | "given">): Extent[] {
  return [...new Set(step.given.flatMap((name) => shapeOf(step, name)))];
}

/** The names of all sizes of the tensors that a step is given. */
export function sizeNamesOf(step: Pick<Task, "id" | "shapes" | "given">): string[] {
  return [...new Set(extentsOf(step).flatMap(factorsOf))];
}

/** The name of a step's answer: dcounts, or P if the tensor itself is asked for. */
export function answerName({ tensor, asks }: Pick<Task, "tensor" | "asks">): string {
  return asks === "gradient" ? `d${tensor}` : tensor;
}
