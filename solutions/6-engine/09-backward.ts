import { todo, type Node } from "#course";
import { onesLike, zerosLike, type Tensor } from "#tensor";

/**
 * 6.9. backward
 *
 * The nodes of a graph are there in topological order. Their gradients are computed from the last one to the first.
 *
 * Given:
 *   order: nodes, each after all of its inputs; the last one is the root, a scalar
 *   node.inputs: the nodes that its value was computed from; the same node can be there twice
 *   node.pullback(upstream): from the gradient of the node's value, what flows back to each of its inputs, in a list
 *
 * Return: nothing. Afterwards node.gradient of every node in the list is the gradient of the root with respect to
 * node.value, whatever it was before: for some of the nodes, backward may have been called before.
 *
 * @see [the lesson](README.md#9-backward-all-gradients-of-a-graph)
 */
export function backward(order: readonly Node[]): void {
  // solution
  for (const node of order) node.gradient = undefined;
  const root = order.at(-1)!;
  root.gradient = onesLike(root.value);
  for (const { inputs, pullback, gradient } of order.toReversed()) {
    for (const [i, part] of pullback(gradient!).entries()) {
      const input = inputs[i]!;
      input.gradient = input.gradient?.add(part) ?? part;
    }
  }
  // end of solution
}
