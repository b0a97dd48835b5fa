import type { Tensor } from "#tensor";
import type { KnownMistake, Mistake } from "../../../kit/mistake.ts";
import { looks } from "../../looks.ts";
import { sign, timesItself, valueForGradient } from "../mistakes.ts";
import { sharedGradient } from "./functions.ts";

/** A product of rows with a matrix for each head, which all sequences share. */
interface Product {
  readonly matrix: Tensor;
  /** What is multiplied, shape [sequences, heads or 1, time, inner]. */
  readonly rows: Tensor;
  readonly output: Tensor;
  /** The gradient of the output. */
  readonly above: Tensor;
}

interface SharedMistake extends KnownMistake {
  readonly of: (product: Product) => Tensor;
}

/**
 * What goes wrong with the gradient of such a matrix, by the names of the matrix and of the output.
 *
 * @typeParam Name what the step is given
 */
export function sharedMistakes<Name extends string>(
  matrix: string,
  output: string,
  productOf: (given: Readonly<Record<Name, Tensor>>) => Product,
): readonly Mistake<Name>[] {
  const mistakes: readonly SharedMistake[] = [
    {
      id: "sequences-apart",
      idea: "the product is taken per sequence",
      sentence: `there are matrices for each sequence: they share ${matrix}, so their gradients are added up`,
      look: "Which dimension does your answer have that the matrix lacks?",
      of: ({ rows, above }) => rows.transpose(2, 3).matmul(above),
    },
    {
      id: "sequences-averaged",
      idea: "the sequences are averaged",
      sentence: "the gradients of the sequences are averaged: each of them affects the loss, so they add up",
      look: looks.mean,
      of: ({ rows, above }) => rows.transpose(2, 3).matmul(above).mean(0),
    },
    {
      id: "heads-added",
      idea: "the heads share a matrix as well",
      sentence: "the heads are added up: each head has a matrix of its own",
      look: "Which dimension of the matrix is missing in your answer?",
      of: ({ rows, above }) => sharedGradient(rows, above).sum(0),
    },
    {
      id: "matrices-transposed",
      idea: "the factors are in the other order",
      sentence: "in each head, this is the transpose of the answer",
      look: looks.outerSizes,
      of: ({ rows, above }) => above.transpose(2, 3).matmul(rows).sum(0),
    },
    {
      id: "copies-forgotten",
      idea: "rows without heads meet rows of each head",
      sentence: "a factor has no dimension for the heads, so its sequences meet the heads of the other one",
      look: "Write the shapes below each other, aligned at the right. Which dimension meets the heads?",
      of: ({ rows, above }) => withoutHeads(rows).transpose(-2, -1).matmul(withoutHeads(above)).sum(0),
    },
    { ...valueForGradient(output), of: ({ rows, output }) => sharedGradient(rows, output) },
    { ...timesItself(matrix), of: ({ matrix, rows, above }) => sharedGradient(rows, above).mul(matrix) },
    { ...sign(matrix), of: ({ rows, above }) => sharedGradient(rows, above).neg() },
  ];
  return mistakes.map(({ of, ...mistake }) => ({ ...mistake, answer: (given) => of(productOf(given)) }));
}

/** Rows that all heads read, as they were before they got their dimension. */
function withoutHeads(x: Tensor): Tensor {
  const [sequences, heads, ...matrix] = x.shape as [number, number, number, number];
  return heads === 1 ? x.view(sequences, ...matrix) : x;
}
