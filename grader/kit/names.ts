import type { Line } from "../network/line.ts";

/** dX for a tensor X. */
export type GradientName<Name extends string> = `d${Name}`;

/** The lines of a union that use a tensor. */
export type LinesUsing<AnyLine, Name extends string> = AnyLine extends infer L
  ? L extends Pick<Line<string, infer Input>, "output" | "inputs">
    ? Name extends Input
      ? L
      : never
    : never
  : never;

/** The names that a line contributes to a step: its inputs, its output and the output's gradient, which is 1 for the loss. */
type NamesOfLine<L, Loss extends string> =
  L extends Pick<Line<infer Output, infer Input>, "output" | "inputs">
    ? Input | Output | Exclude<GradientName<Output>, GradientName<Loss>>
    : never;

/**
 * The names that the step for a tensor's gradient is given, as gradientRow gives them.
 *
 * @typeParam AnyLine the network's lines, as a union
 */
export type NamesGiven<AnyLine, Tensor extends string, Loss extends string> =
  Tensor | NamesOfLine<LinesUsing<AnyLine, Tensor>, Loss>;
