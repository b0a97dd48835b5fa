import { tensor, type Tensor } from "#tensor";
import type { Node } from "./types.ts";

/** A graph as plain values: the inputs of each node, by number; or one of a kind that is too large to write out. */
export type DrawnShape = readonly (readonly number[])[] | { readonly chain: number } | { readonly diamonds: number };

/** A graph with numbers: each node's value, its inputs and, for each input, its slope; null for a copy. */
export type DrawnGraph = readonly DrawnNode[];

export interface DrawnNode {
  readonly value: Tensor;
  readonly inputs: readonly number[];
  readonly slopes: readonly (Tensor | null)[];
}

/** The inputs of each node, by number. */
export function inputsOf(shape: DrawnShape): readonly (readonly number[])[] {
  if (!("chain" in shape) && !("diamonds" in shape)) return shape;
  if ("chain" in shape) return Array.from({ length: shape.chain }, (_, i) => (i === 0 ? [] : [i - 1]));
  // each diamond: one node, two that use it, one that uses both
  return Array.from({ length: 3 * shape.diamonds + 1 }, (_, i) => {
    if (i === 0) return [];
    return i % 3 === 0 ? [i - 2, i - 1] : [i - (i % 3)];
  });
}

/** Nodes that pass nothing back, in the order of the drawing. Only their numbers tell them apart, if the shape is written out. */
export function shapedGraph(shape: DrawnShape): Node[] {
  const isWritten = !("chain" in shape) && !("diamonds" in shape);
  const shared = tensor(0);
  return linked(inputsOf(shape), (inputs, i) => {
    return { value: isWritten ? tensor(i) : shared, inputs, pullback: () => [], gradient: undefined };
  });
}

/** Nodes whose pullback multiplies by the slopes. */
export function drawnGraph(graph: DrawnGraph): Node[] {
  return linked(
    graph.map(({ inputs }) => inputs),
    (inputs, i): Node => {
      const { value, slopes } = graph[i]!;
      const pullback = (upstream: Tensor): Tensor[] => inputs.map((input, k) => through(upstream, slopes[k]!, input));
      return { value, inputs, pullback, gradient: undefined };
    },
  );
}

/** An upstream gradient times a slope, in the input's shape; a copy passes the tensor itself on. */
function through(upstream: Tensor, slope: Tensor | null, { value }: Node): Tensor {
  if (slope === null) return upstream;
  const product = upstream.mul(slope);
  return value.shape.length < product.shape.length ? product.sum() : product;
}

/** Makes the nodes of a graph whose numbers may be in any order. */
function linked(all: readonly (readonly number[])[], make: (inputs: readonly Node[], i: number) => Node): Node[] {
  const lists = all.map((): Node[] => []);
  const nodes = lists.map((list, i) => make(list, i));
  for (const [i, inputs] of all.entries()) lists[i]!.push(...inputs.map((input) => nodes[input]!));
  return nodes;
}
