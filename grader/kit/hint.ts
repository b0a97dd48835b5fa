import type { Measured } from "../autograd/measured.ts";
import type { Named } from "../network/named.ts";
import type { Sizes } from "../network/shape.ts";

/** Small numbers, as nested as their tensor has dimensions. */
export type Numbers = number | readonly Numbers[];

/** What the hints to a step are made of; each mistake has its own look. Nothing here contains the answer's code. */
export type StepHints = HintLadder | SingleHint;

/** What hints say in words. */
export type HintWords = Words<HintLadder> | Words<SingleHint>;
type Words<Hints extends StepHints> = Pick<Hints, "ask" | "rule" | "piece">;

/** One hint alone, for steps of an exam: what is usually missing. */
export interface SingleHint extends Pick<HintLadder, "numbers" | "sizes" | "piece"> {
  ask?: never;
  rule?: never;
  worked?: never;
  result?: never;
}

/** Three hints, each of which says more than the one before. */
export interface HintLadder {
  /** First hint, below the shapes: the question that they ask. */
  ask: string;
  /** Second hint: the local rule in words. */
  rule: string;
  /**
   * Second hint: the numbers of the small instance. Everything else in it is computed; what is not needed may be left
   * out. By default a step with an example uses the example's numbers, which the lesson and the report show as well.
   */
  numbers?: Readonly<Record<string, Numbers>>;
  /** Sizes that do not follow from the numbers; 2 by default. */
  sizes?: Sizes;
  /** What is shown in addition to the tensors that `worked` names. */
  show?: readonly string[];
  /**
   * One entry worked out: `dcounts[0, 1] = {counts_sum_inv 0 0} * {dprobs 0 1} + ...`, or an equation that holds. Each
   * `{name i j}` is replaced by a number of the instance; if the right-hand side is only the rule of an entry, or of a
   * scalar answer (`ratio = ...`), its value is computed and added.
   */
  worked: string;
  /** The result of the instance, for a step that is no function of given tensors. */
  result?: { name: string; of: (values: Readonly<Named<Measured>>) => Measured };
  /** Third hint: what is usually missing. */
  piece: string;
}

/** Whether there are three hints. */
export function isLadder(hints: StepHints): hints is HintLadder {
  return hints.ask !== undefined;
}

/** The question that a step begins with, or its single hint. */
export function questionOf(hints: HintWords): string {
  return hints.ask ?? hints.piece;
}

/** The local rule in words, or the single hint. */
export function ruleOf(hints: HintWords): string {
  return hints.rule ?? hints.piece;
}
