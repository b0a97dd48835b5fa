import { todo, type Node } from "#course";

/**
 * 6.8. topologicalOrder
 *
 * A value is computed from others, those again from others, and so on. The backward pass goes through them from the
 * end; for that it needs an order in which every value comes after all that it was computed from.
 *
 * Given:
 *   root: a node; node.inputs are the nodes that its value was computed from, none for a leaf
 *
 * Return: all nodes that root depends on, and root, in a list: each once, after all of its inputs. The nodes stay as
 * they are, and a chain of 100,000 of them is no problem.
 *
 * @see [the lesson](README.md#8-topologicalorder-each-node-after-its-inputs)
 */
export function topologicalOrder(root: Node): Node[] {
  // solution
  const order: Node[] = [];
  const visited = new Set([root]);
  const open = [root];
  while (open.length > 0) {
    const node = open.at(-1)!;
    const next = node.inputs.find((input) => !visited.has(input));
    if (next) {
      visited.add(next);
      open.push(next);
    } else {
      order.push(node);
      open.pop();
    }
  }
  return order;
  // end of solution
}
