import type { Measured } from "../autograd/measured.ts";
import type { Named } from "../network/named.ts";
import type { Sizes } from "../network/shape.ts";

/** Small numbers, as nested as their tensor has dimensions. */
export type Numbers = number | readonly Numbers[];

/** What three hints to a step are made of; what to look at stands with each mistake. None of it holds the answer's code. */
export interface StepHints {
  /** First hint, below the shapes: the question that they ask. */
  ask: string;
  /** Second hint: the local rule in words. */
  rule: string;
  /**
   * Second hint: what the small instance begins with. All else in it is computed; what is not needed may be left out. A
   * step with an example has its numbers where none stand here: they are the lesson's and the report's.
   */
  numbers?: Readonly<Record<string, Numbers>>;
  /** Sizes that the numbers do not tell; 2 where neither does. */
  sizes?: Sizes;
  /** What is shown besides the tensors that `worked` names. */
  show?: readonly string[];
  /**
   * One entry worked out: `dcounts[0, 1] = {counts_sum_inv 0 0} * {dprobs 0 1} + ...`, or an equation that holds. Each
   * `{name i j}` stands for a number of the instance; where the right side is no more than the rule of an entry, or of
   * a scalar answer (`ratio = ...`), its value is computed and added.
   */
  worked: string;
  /** What the instance leads to, for a step that is no function of given tensors. */
  result?: { name: string; of: (values: Readonly<Named<Measured>>) => Measured };
  /** Third hint: what is usually missing. */
  piece: string;
}
