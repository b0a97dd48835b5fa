import type { Tensor } from "#tensor";
import type { TensorFault } from "../tensor/error.ts";
import type { PackedValue } from "./values.ts";

/** What grading asks learner code, and how that answers. Every answer is checked: learner code could have forged it. */

/** A header that JSON can hold, together with the message's tensors. */
export interface Message<H> {
  header: H;
  tensors: Tensor[];
}

/** Some cases for a step, and the order of the calls. Tensors: the cases' inputs, in order. */
export interface CallsRequest {
  kind: "calls";
  /** The names of each case's inputs. */
  cases: string[][];
  /** The case of each call. */
  order: number[];
}

/** Some steps of training. Tensors: the parameters by `names`, then what the optimizer keeps, then the batch of each step. */
export interface TrainRequest {
  kind: "train";
  /** The parameters' names. */
  names: string[];
  /** The names of what the optimizer keeps from step to step; see Optimizer. */
  kept: string[];
  /** The names of a batch's tensors. */
  batch: string[];
  learningRates: number[];
  /** Whether each step's gradients and updated parameters are wanted, or only the parameters after the last one. */
  keep: "all" | "last";
  /** Whether steps use the memory of earlier ones again, see inStep: only for "last". */
  reusesMemory: boolean;
}

/** Some questions to a program, in the order of the calls. Tensors: those of the questions. */
export interface ProgramRequest {
  kind: "program";
  questions: PackedValue[];
  /** The question of each call. */
  order: number[];
}

export type GuestRequest = CallsRequest | TrainRequest | ProgramRequest;

export const guestErrorKinds = ["threw", "not-started", "missing"] as const;

/** What went wrong inside learner code. */
export interface GuestError {
  kind: (typeof guestErrorKinds)[number];
  text: string;
  /** The stack as the engine wrote it; positions are the bundle's. */
  stack: string;
  /** What it is about, if a tensor's operation threw it. */
  fault?: TensorFault;
}

/** Something other than what was asked for, in words. */
export interface GuestOther {
  kind: "other";
  what: string;
  /** Whether nothing was returned: undefined. */
  isNothing: boolean;
}

/** One call's answer. A "tensor" has one, and the names of the inputs whose elements are no longer what was given. */
export type GuestAnswer = { kind: "tensor"; changed: string[] } | GuestOther | GuestError;

/** Tensors: those of the answers, in order. */
export interface CallsResponse {
  answers: GuestAnswer[];
}

/** Tensors: see TrainRequest; for "all", each step's gradients, then its updated parameters and what is kept. */
export interface TrainResponse {
  losses: number[];
  /** What ended the run before its last step. */
  failure: GuestOther | GuestError | GuestChanged | GuestLost | null;
}

/** A training step read a tensor of an earlier one whose memory had been used again. */
export interface GuestLost {
  kind: "lost-tensors";
}

/** A training step changed its batch: the names of what it changed. */
export interface GuestChanged {
  kind: "changed-inputs";
  changed: string[];
}

/** A program's answer to one call. Tensors: the answer's, by their numbers. Inputs that have changed are named by theirs. */
export type ProgramAnswered = { kind: "value"; value: PackedValue; changed: number[] } | GuestOther | GuestError;

export interface ProgramResponse {
  values: ProgramAnswered[];
}

export type GuestResponse = CallsResponse | TrainResponse | ProgramResponse;
