import type { Tensor } from "#tensor";
import type { Operations } from "../autograd/operations.ts";
import type { Extent } from "./shape.ts";

/** The inputs of a line's expression: index tensors as they are, everything else in the chosen arithmetic. */
export type Values<Name extends string, Index extends string, X> = {
  readonly [K in Name]: K extends Index ? Tensor : X;
};

/** One line of a forward pass. */
export interface Line<Output extends string = string, Input extends string = string, Index extends string = never> {
  readonly output: Output;
  readonly inputs: readonly Input[];
  /** The expression as it is shown. */
  readonly text: string;
  /** The output's shape. */
  readonly shape: readonly Extent[];
  /** Whether the text says in words what is asked for, because an expression would give the answer away. */
  readonly inWords?: true;
  readonly expression: <X extends Operations<X>>(values: Values<Input, Index, X>) => X;
}

/**
 * Makes the function that writes a row of a table of lines.
 *
 * @typeParam Index the names of the index tensors, which have no gradient
 */
export function lineWriter<Index extends string = never>(): <const Name extends string, const Input extends string>(
  output: Name,
  inputs: readonly Input[],
  text: string,
  shape: readonly Extent[],
  expression: Line<Name, Input, Index>["expression"],
) => Line<Name, Input, Index> {
  return (output, inputs, text, shape, expression) => ({ output, inputs, text, shape, expression });
}

/** A line whose text says in words what is asked for. */
export function inWords<L extends Pick<Line, "text">>(line: L): L & { readonly inWords: true } {
  return { ...line, inWords: true };
}

/** The lines that use a tensor, in forward order. */
export function linesUsing(lines: readonly Line[], name: string): readonly Line[] {
  return lines.filter((line) => line.inputs.includes(name));
}

/** The line that computes a tensor; undefined if none does. */
export function lineOf(lines: readonly Line[], output: string): Line | undefined {
  return lines.find((line) => line.output === output);
}

/**
 * The tensors whose gradients are asked for, in backward order: from the last line to the first, each tensor as soon as
 * all lines that use it have been passed.
 *
 * @param isIndex whether a tensor holds indices, which have no gradient
 */
export function gradedTensors(lines: readonly Line[], isIndex: (name: string) => boolean): string[] {
  const order: string[] = [];
  for (const [i, line] of [...lines.entries()].reverse()) {
    for (const input of line.inputs) {
      const isUsedEarlier = lines.slice(0, i).some((earlier) => earlier.inputs.includes(input));
      if (!isUsedEarlier && !isIndex(input)) order.push(input);
    }
  }
  return order;
}
