import { onesLike, zerosLike, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Truth } from "../../kit/program.ts";
import type { Generator } from "../../network/random.ts";
import { drawNumbersOf, drawOrder, drawShape, scalarGraph } from "./draw-graph.ts";
import { frames, type BackwardQuestion } from "./frames.ts";
import type { DrawnGraph } from "./graph.ts";
import { programRoom } from "./room.ts";
import type { Node } from "./types.ts";

interface Asked {
  says: string;
  given: BackwardQuestion;
}

/** The nodes of the lesson's example. */
const names = ["x", "y", "x * x", "x * y", "sum"];

export const backward = programRoom<"backward", BackwardQuestion, readonly [order: readonly Node[]]>({
  id: "backward",
  title: "all gradients of a graph",
  task: [
    "The nodes of a graph are there in topological order. Their gradients are computed from the last one to the first.",
    "",
    "Given:",
    "  order: nodes, each after all of its inputs; the last one is the root, a scalar",
    "  node.inputs: the nodes that its value was computed from; the same node can be there twice",
    "  node.pullback(upstream): from the gradient of the node's value, what flows back to each of its inputs, in a list",
    "",
    "Return: nothing. Afterwards node.gradient of every node in the list is the gradient of the root with respect to",
    "node.value, whatever it was before: for some of the nodes, backward may have been called before.",
  ],
  parameters: ["graph", "orders"],
  names,
  placeOf: ([call = 0, place = 0], [, orders]) =>
    orders.length === 1
      ? `the gradient of ${names[place]}`
      : `at call ${call + 1}, the gradient of node ${place + 1} of ${orders[call]!.length}`,
  example: {
    says: "x * x + x * y at x = 3 and y = 5",
    given: [
      scalarGraph([
        [[], [], 3],
        [[], [], 5],
        [[0, 0], [3, 3], 9],
        [[0, 1], [5, 3], 15],
        [[2, 3], [null, null], 24],
      ]),
      [[0, 1, 2, 3, 4]],
    ],
  },
  draw,
  frame: frames.backward,
  right: gradientsOf,

  idea: "What flows back to a node from all of its uses adds up, and only then does it flow on.",

  hints: {
    ask: "What is the gradient of the root with respect to itself? And which node's gradient is complete right after that?",
    rule:
      "Go through the list from its end. When a node's turn comes, all nodes that use it have had theirs, so its gradient " +
      "is complete: its pullback says what each of its inputs gets from it, in addition to what they already have. In " +
      "x * x + x * y, x gets something three times.",
    numbers: { x: 3, y: 5 },
    worked: "dx = {x} + {x} + {y}",
    result: { name: "dx", of: ({ x, y }) => x!.add(x!).add(y!) },
    piece:
      "Before the loop, no node of the list has a gradient but the root, which has ones in the shape of its value. In the " +
      "loop, an input without a gradient takes what flows back to it, and one with a gradient takes the sum, as a new " +
      "tensor: the same tensor may be the gradient of another node as well.",
  },

  questions: [
    {
      id: "times",
      ask: "In x * x + x * y, how many terms does the gradient of x have?",
      answer: "3",
      others: ["1", "2", "4"],
      why: "One for each use: twice as a factor of x * x, once as a factor of x * y.",
    },
    {
      id: "when",
      ask: "When may a node's gradient be passed on to its inputs?",
      answer: "once all nodes that use it have passed on theirs",
      others: [
        "as soon as it has a gradient",
        "once all of its inputs have a gradient",
        "at any time, if it is added up",
      ],
      why: "Until then a part of it is missing, and the inputs would get too little.",
    },
  ],

  alsoRight: [
    {
      code: [
        "const gradients = new Map<Node, Tensor>();",
        "for (const node of order.toReversed()) {",
        "  node.gradient = gradients.get(node) ?? onesLike(node.value);",
        "  for (const [i, part] of node.pullback(node.gradient).entries()) {",
        "    const input = node.inputs[i]!;",
        "    gradients.set(input, gradients.get(input)?.add(part) ?? part);",
        "  }",
        "}",
      ].join("\n"),
      why: "What has arrived so far is kept in a Map of this call's own, so nothing is left from a call before, and nothing has to be cleared.",
    },
  ],

  mistakes: [
    {
      id: "overwritten",
      idea: "= is written for +=",
      sentence:
        "a node that is used several times has the gradient of one use alone, the last that was passed back: they add up",
      look: "What happens to an input that already has a gradient?",
      answer: passing((_, part) => part),
    },
    {
      id: "first-use",
      idea: "an input that has a gradient is skipped",
      sentence:
        "a node that is used several times has the gradient of one use alone, the first that was passed back: they add up",
      look: "What happens to an input that already has a gradient?",
      answer: passing((before, part) => before ?? part),
    },
    {
      id: "kept",
      idea: "the gradients of the call before are not cleared",
      sentence: "at the second call, the gradients of the first are still in the sums: each call begins without any",
      look: "What is node.gradient when the function is called again? It belongs to another root.",
      answer: passing(added, { isKept: () => true }),
      others: [
        // the root begins with 1 again, or alone is not cleared
        passing(added, { isKept: (node, root) => node !== root }),
        passing(added, { isKept: (node, root) => node === root }),
      ],
    },
    {
      id: "leaves-kept",
      idea: "the leaves' gradients are not cleared",
      sentence:
        "at the second call, the leaves still have their gradients of the first: every node of the list begins without one",
      look: "PyTorch's parameters keep theirs until zero_grad() is called. What does the comment above your function ask for?",
      answer: passing(added, { isKept: ({ inputs }) => inputs.length === 0 }),
    },
    {
      id: "only-leaves-cleared",
      idea: "only the leaves' gradients are cleared",
      sentence:
        "at the second call, the nodes between root and leaves still have their gradients of the first: every node of the list begins without one",
      look: "Which nodes get a gradient? All of them lose it before the next call.",
      answer: passing(added, { isKept: ({ inputs }) => inputs.length > 0 }),
    },
    {
      id: "in-place",
      idea: "gradients are added in place",
      sentence: "a sum was added in place to a tensor that is also the gradient of another node, which changed with it",
      look: "A sum passes the very same tensor on to both of its inputs. What happens to one if add_ changes the other?",
      answer: passing((before, part) => (before ? before.add_(part) : part)),
    },
    {
      id: "from-the-leaves",
      idea: "the list is gone through from the leaves",
      sentence:
        "the nodes were gone through from the leaves to the root: when their turn came, they had no gradient to pass on",
      look: "Which node's gradient is known first? The list ends with it.",
      answer: (order) => {
        for (const node of order) node.gradient = zerosLike(node.value);
        order.at(-1)!.gradient = onesLike(order.at(-1)!.value);
        for (const node of order) passOn(node, added);
      },
    },
    {
      id: "no-seed",
      idea: "the root's gradient is not set",
      sentence: "all gradients are zero: the gradient of the root with respect to itself is 1",
      look: "If the root grows by 0.1, by how much does the root grow?",
      answer: (order) => {
        for (const node of order) node.gradient = zerosLike(node.value);
        for (const node of [...order].reverse()) passOn(node, added);
      },
    },
    {
      id: "first-seeded",
      idea: "the first node of the list is taken for the root",
      sentence: "the first node of the list began with 1: the root is the last",
      look: "In which order does the list go, from the root or to it?",
      answer: (order) => {
        for (const node of order) node.gradient = zerosLike(node.value);
        order[0]!.gradient = onesLike(order[0]!.value);
        for (const node of [...order].reverse()) passOn(node, added);
      },
    },
    {
      id: "all-seeded",
      idea: "every node begins with the gradient 1",
      sentence: "every node began with 1: only the root does, the others begin with nothing",
      look: "The gradient of which node with respect to itself is known?",
      answer: (order) => {
        for (const node of order) node.gradient = onesLike(node.value);
        for (const node of [...order].reverse()) passOn(node, added);
      },
    },
    {
      id: "root-not-passed-on",
      idea: "the loop begins after the root",
      sentence:
        "the root has its gradient, but nothing was passed on: the loop begins with the last node, and what add returns " +
        "has to become the input's gradient",
      look: "Which index does the last node of the list have? And does add change a tensor, or return another one?",
      answer: (order) => {
        for (const node of order) node.gradient = zerosLike(node.value);
        order.at(-1)!.gradient = onesLike(order.at(-1)!.value);
        for (const node of order.slice(0, -1).reverse()) passOn(node, added);
      },
    },
    {
      id: "value-passed-on",
      idea: "a node passes its value on",
      sentence: "the pullbacks were called with the nodes' values: each takes the node's gradient",
      look: "What does pullback take, according to the comment above your function?",
      answer: passing(added, { passed: ({ value }) => value }),
    },
    {
      id: "ones-passed-on",
      idea: "every pullback is called with ones",
      sentence:
        "the pullbacks were called with ones: these are slopes between neighbors, and each takes the gradient of its node",
      look: "How does the root change with an input of an input? The chain rule multiplies the slopes on the way.",
      answer: passing(added, { passed: ({ value }) => onesLike(value) }),
    },
    {
      id: "seeded-with-value",
      idea: "the root's gradient is set to its value",
      sentence:
        "all gradients are multiplied by the root's value: the gradient of the root with respect to itself is 1",
      look: "If the root grows by 0.1, by how much does the root grow, whatever its value is?",
      answer: passing(added, { seed: (value) => value.clone() }),
    },
    {
      id: "same-input-once",
      idea: "an input that a node uses twice gets one of the two gradients",
      sentence:
        "a node that is used twice by the same node, as in x * x, got what flows back from one of the two alone",
      look: "The inputs of x * x are x and x, and its pullback returns two gradients.",
      answer: passing(added, { isOnce: true }),
    },
    {
      id: "for-each-input",
      idea: "the pullback is called for each input, and all that it returns is added each time",
      sentence:
        "a node with several inputs passed its gradient on several times: each input gets one part of what a single call of the pullback returns",
      look: "How often is pullback called for one node?",
      answer: passing(added, { isForEach: true }),
    },
  ],

  forms: [
    passing(added),
    (order) => {
      const gradients = new Map<Node, Tensor>();
      for (const node of [...order].reverse()) {
        node.gradient = gradients.get(node) ?? onesLike(node.value);
        for (const [i, part] of node.pullback(node.gradient).entries()) {
          const input = node.inputs[i]!;
          gradients.set(input, gradients.get(input)?.add(part) ?? part);
        }
      }
    },
    // zeros first, and then in place: these tensors belong to one node each
    (order) => {
      for (const node of order) node.gradient = zerosLike(node.value);
      order.at(-1)!.gradient!.add_(1);
      for (let i = order.length - 1; i >= 0; i--) {
        const { inputs, pullback, gradient } = order[i]!;
        pullback(gradient!).forEach((part, k) => inputs[k]!.gradient!.add_(part));
      }
    },
    // what a node gets is collected first, and added up when its turn comes
    (order) => {
      const parts = new Map<Node, Tensor[]>(order.map((node) => [node, []]));
      for (const node of [...order].reverse()) {
        const own = parts.get(node)!;
        node.gradient = own.length === 0 ? onesLike(node.value) : own.reduce((sum, part) => sum.add(part));
        node.pullback(node.gradient).forEach((part, k) => parts.get(node.inputs[k]!)!.push(part));
      }
    },
  ],
});

type Combine = (before: Tensor | undefined, part: Tensor) => Tensor;

function added(before: Tensor | undefined, part: Tensor): Tensor {
  return before ? before.add(part) : part;
}

interface Passing {
  /** Nodes whose gradient is not cleared at the beginning. */
  isKept?: (node: Node, root: Node) => boolean;
  seed?: (value: Tensor) => Tensor;
  /** What a node's pullback is called with. */
  passed?: (node: Node) => Tensor;
  /** Whether an input that occurs twice gets the first of its parts alone. */
  isOnce?: boolean;
  /** Whether everything is passed on once for each input. */
  isForEach?: boolean;
}

/** The usual backward pass, or one that differs from it in a single way. */
function passing(
  combine: Combine,
  { isKept = () => false, seed = onesLike, isForEach = false, ...how }: Passing = {},
): (order: readonly Node[]) => void {
  return (order) => {
    const root = order.at(-1)!;
    for (const node of order) if (!isKept(node, root)) node.gradient = undefined;
    const first = seed(root.value);
    root.gradient = isKept(root, root) && root.gradient ? root.gradient.add(first) : first;
    for (const node of [...order].reverse()) {
      const times = isForEach ? node.inputs.length : 1;
      for (let i = 0; i < times; i++) passOn(node, combine, how);
    }
  };
}

function passOn(node: Node, combine: Combine, { passed = gradientOf, isOnce = false }: Passing = {}): void {
  const { inputs, pullback } = node;
  for (const [i, part] of pullback(passed(node)).entries()) {
    if (isOnce && inputs.indexOf(inputs[i]!) < i) continue;
    inputs[i]!.gradient = combine(inputs[i]!.gradient, part);
  }
}

function gradientOf({ gradient }: Node): Tensor {
  return gradient!;
}

/** The gradients of each call's nodes, in its order, in float64. */
function gradientsOf(graph: DrawnGraph, orders: readonly (readonly number[])[]): Truth {
  return orders.map((order) => {
    const root = order.at(-1)!;
    const gradients = new Map([[root, Measured.from(onesLike(graph[root]!.value))]]);
    for (const node of [...order].reverse()) {
      const upstream = gradients.get(node)!;
      const { inputs, slopes } = graph[node]!;
      for (const [i, input] of inputs.entries()) {
        const slope = slopes[i];
        const product = slope ? upstream.mul(Measured.from(slope)) : upstream;
        const part = graph[input]!.value.shape.length < product.shape.length ? product.sum() : product;
        gradients.set(input, gradients.get(input)?.add(part) ?? part);
      }
    }
    return order.map((node) => gradients.get(node)!);
  });
}

/**
 * Random graphs, called for one root, for another that depends on some of the same nodes, and for the first again; and a sum
 * that passes one tensor on to three nodes, of which one gets more: adding that in place always changes the others.
 */
function draw(generator: Generator): Asked[] {
  const graphs = [6, 9, 13, 17].map((count): Asked => {
    const shape = drawShape(generator, count);
    const graph = drawNumbersOf(generator, shape, 3);
    const [first, second] = shape.roots;
    const orders = [first, second, first].map((root) => drawOrder(generator, shape.inputs, root));
    return { says: `a graph of ${count} nodes, for two roots and the first one again`, given: [graph, orders] };
  });
  const slope = generator.randint(2, 10, 1).item();
  const sum = scalarGraph([
    [[], [], 1],
    [[], [], 2],
    [[0], [slope], slope],
    [[0, 1, 2], [null, null, null], 3 + slope],
  ]);
  return [...graphs, { says: `x + y + ${slope} x`, given: [sum, [[0, 1, 2, 3]]] }];
}
