import type { Tensor } from "#tensor";
import { ones, tensor } from "#tensor";
import { drawNumbers } from "../../kit/row.ts";
import type { Generator } from "../../network/random.ts";
import { inputsOf, type DrawnGraph, type DrawnShape } from "./graph.ts";

/** The nodes that a root depends on, and itself. */
export function reachable(shape: DrawnShape, root: number): ReadonlySet<number> {
  const all = inputsOf(shape);
  const found = new Set([root]);
  // a set's loop goes on to what is added meanwhile
  for (const node of found) for (const input of all[node]!) found.add(input);
  return found;
}

/**
 * A graph in which nodes are used several times, also twice by one node, and some by none, with its nodes numbered at
 * random. The last two numbers of `roots` are nodes that depend on many others.
 */
export function drawShape(generator: Generator, count: number): { inputs: number[][]; roots: [number, number] } {
  const number = generator.randperm(count);
  const inputs: number[][] = Array.from({ length: count }, () => []);
  const leaves = 3;
  const pick = (below: number): number => generator.randint(0, below, 1).item();
  for (let made = leaves; made < count; made++) {
    const own = inputs[number[made]!]!;
    // the node before, so that paths are long, and others, so that they are of different lengths
    own.push(number[made - 1]!);
    for (let more = pick(3); more > 0; more--) own.push(number[pick(made)]!);
    if (made % 4 === 0) own.push(own[0]!);
    if (made % 2 === 0) own.reverse();
  }
  return { inputs, roots: [number[count - 1]!, number[count - 3]!] };
}

/** A random order of the nodes that a root depends on, each after its inputs; the root is last. */
export function drawOrder(generator: Generator, inputs: readonly (readonly number[])[], root: number): number[] {
  const left = new Set(reachable(inputs, root));
  const order: number[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((node) => inputs[node]!.every((input) => !left.has(input)));
    const next = ready[generator.randint(0, ready.length, 1).item()]!;
    order.push(next);
    left.delete(next);
  }
  return order;
}

/**
 * Numbers for a graph: rows of one length, and scalars, among them the roots. Some inputs are copied, so that their gradient
 * is the very tensor of the node's own.
 */
export function drawNumbersOf(
  generator: Generator,
  { inputs, roots }: ReturnType<typeof drawShape>,
  width: number,
): DrawnGraph {
  const scalars = new Set<number>(roots);
  const shapes = inputs.map((_, node) => (scalars.has(node) ? [] : [width]));
  return inputs.map((own, node) => {
    const slopes = own.map((input): Tensor | null => {
      const isAlike = shapes[input]!.length === shapes[node]!.length;
      if (isAlike && generator.randint(0, 3, 1).item() === 0) return null;
      const shape = shapes[input]!.length > shapes[node]!.length ? shapes[input]! : shapes[node]!;
      return drawNumbers(generator, shape);
    });
    return { value: drawNumbers(generator, shapes[node]!), inputs: own, slopes };
  });
}

/** A graph of scalars whose slopes are given, null for a copy, and perhaps values. */
export function scalarGraph(
  nodes: readonly (readonly [inputs: number[], slopes: (number | null)[], value?: number])[],
): DrawnGraph {
  return nodes.map(([inputs, slopes, value = 0]) => ({
    value: tensor(value),
    inputs,
    slopes: slopes.map((slope) => (slope === null ? null : ones([]).mul(slope))),
  }));
}
