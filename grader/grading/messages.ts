import type { Tensor } from "#tensor";

/** What grading asks of learner code and what that answers. Every answer is checked: learner code could have forged it. */

/** Anything JSON can hold, with the message's tensors beside it. */
export interface Message<H> {
  header: H;
  tensors: Tensor[];
}

/** What a step is asked: some cases, and the order in which to ask them. Tensors: the cases' inputs, in order. */
export interface CallsRequest {
  kind: "calls";
  /** The names of each case's inputs. */
  cases: string[][];
  /** Which case each call asks. */
  order: number[];
}

/** Some steps of training. Tensors: the parameters by `names`, then Xb and Yb of each step. */
export interface TrainRequest {
  kind: "train";
  /** The parameters' names. */
  names: string[];
  /** The names of a batch's tensors. */
  batch: string[];
  learningRates: number[];
  /** Whether each step's gradients and updated parameters are wanted, or only the parameters after the last one. */
  keep: "all" | "last";
}

export type GuestRequest = CallsRequest | TrainRequest;

export const guestErrorKinds = ["threw", "not-started", "missing"] as const;

/** What went wrong inside learner code. */
export interface GuestError {
  kind: (typeof guestErrorKinds)[number];
  text: string;
  /** The stack as the engine wrote it; positions are the bundle's. */
  stack: string;
}

/** One call's answer. Tensors of a "tensor": the answer, then the inputs as they are after the call. */
export type GuestAnswer = { kind: "tensor" } | { kind: "other"; what: string } | GuestError;

/** Tensors: those of the answers, in order. */
export interface CallsResponse {
  answers: GuestAnswer[];
}

/** Tensors: see TrainRequest; for "all", each step's gradients, then its updated parameters. */
export interface TrainResponse {
  losses: number[];
  /** What ended the run before its last step. */
  failure: { kind: "other"; what: string } | GuestError | null;
}

export type GuestResponse = CallsResponse | TrainResponse;
