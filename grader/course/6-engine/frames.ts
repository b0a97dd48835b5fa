import { Tensor } from "#tensor";
import type { Value } from "../../kit/program.ts";
import { drawnGraph, type DrawnGraph, type DrawnShape, shapedGraph } from "./graph.ts";
import type { Node } from "./types.ts";

// Next to learner code: what is here builds graphs and reads answers, and computes no gradient of its own.

type Call = (...given: unknown[]) => unknown;

/** A graph by its inputs alone, and the roots to ask for, one after the other, on the same nodes. */
export type OrderQuestion = readonly [shape: DrawnShape, roots: readonly number[]];

/** A graph with numbers, and the order of its nodes at each call, from the leaves to the root. */
export type BackwardQuestion = readonly [graph: DrawnGraph, orders: readonly (readonly number[])[]];

export const frames = { topologicalOrder: orders, backward: gradients };

/** The nodes that are returned for each root, by their numbers; -1 for what is no node of the graph. */
function orders(call: Call, given: readonly Value[]): unknown {
  const [shape, roots] = given as unknown as OrderQuestion;
  const nodes = shapedGraph(shape);
  const numbers = new Map(nodes.map((node, i) => [node, i]));
  return roots.map((root) => {
    const order = call(nodes[root]);
    return Array.isArray(order) ? order.map((node: Node) => numbers.get(node) ?? -1) : order;
  });
}

/** The gradients of each call's nodes, in its order; null for one that is missing. */
function gradients(call: Call, given: readonly Value[]): unknown {
  const [graph, asked] = given as unknown as BackwardQuestion;
  const nodes = drawnGraph(graph);
  return asked.map((order) => {
    call(order.map((i) => nodes[i]!));
    // copies: the next call may change them
    return order.map((i) => copyOf(nodes[i]!.gradient));
  });
}

function copyOf(gradient: Tensor | undefined): unknown {
  return gradient instanceof Tensor ? gradient.clone() : (gradient ?? null);
}
