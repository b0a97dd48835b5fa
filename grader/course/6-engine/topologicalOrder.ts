import type { Value } from "../../kit/program.ts";
import type { Generator } from "../../network/random.ts";
import { drawShape, reachable } from "./draw-graph.ts";
import { frames, type OrderQuestion } from "./frames.ts";
import { inputsOf, type DrawnShape } from "./graph.ts";
import { programRoom } from "./room.ts";
import type { Node } from "./types.ts";

/** x, y, x * x, x * y, and the sum of the products: x is used three times. */
const SUM_OF_PRODUCTS = [[], [], [0, 0], [0, 1], [2, 3]];
/** Large enough that calls nested as deeply overflow every stack, and that a time of its square is beyond every limit. */
const CHAIN = 100_000;
/** 2 ** 40 ways from the last node to the first. */
const DIAMONDS = 40;

interface Asked {
  says: string;
  given: OrderQuestion;
  large?: string;
}

export const topologicalOrder = programRoom<"topologicalOrder", OrderQuestion, readonly [root: Node]>({
  id: "topologicalOrder",
  title: "each node after its inputs",
  task: [
    "A value is computed from others, those again from others, and so on. The backward pass goes through them from the",
    "end; for that it needs an order in which every value comes after all that it was computed from.",
    "",
    "Given:",
    "  root: a node; node.inputs are the nodes that its value was computed from, none for a leaf",
    "",
    "Return: all nodes that root depends on, and root, in a list: each once, after all of its inputs. The nodes stay as",
    "they are, and a chain of 100,000 of them is no problem.",
  ],
  parameters: ["graph", "roots"],
  names: ["order"],
  example: { says: "x * x + x * y", given: [SUM_OF_PRODUCTS, [4]] },
  draw,
  frame: frames.topologicalOrder,
  right: (shape, roots) => (answer) => problemIn(shape, roots, answer),

  idea: "In a topological order every node comes after its inputs, so that its gradient is complete when it is passed on.",

  hints: {
    ask: "In x * x + x * y, the node x is used three times. Where in the list can it be, and where can it not?",
    rule:
      "A node can be appended to the list once all of its inputs are in it. Begin with the root, and whenever a node " +
      "has an input that is not in the list yet, see to that one first. Below, a node's place is one more than the " +
      "largest place among its inputs: an order by that number is one.",
    numbers: { place_of_inputs: [2, 3] },
    worked: "place = {place_of_inputs 1} + 1",
    result: { name: "place", of: ({ place_of_inputs: places }) => places!.max(0).values.add(1) },
    piece:
      "A list of nodes that still have to be dealt with does what nested calls would do, without their limit: look at its " +
      "last node; if one of its inputs has not been visited yet, append that, otherwise move the node to the order. A Set " +
      "knows what has been visited.",
  },

  questions: [
    {
      id: "place",
      ask: "At which place of the list is the root?",
      answer: "at the last",
      others: ["at the first", "right after its inputs", "it is not in the list"],
      why: "It depends on all other nodes of the list, directly or through others, so it comes after all of them.",
    },
    {
      id: "orders",
      ask: "Which of these is a topological order of x * x + x * y?",
      answer: "x, y, x * x, x * y, sum",
      others: ["x, x * x, x * y, y, sum", "sum, x * x, x * y, x, y", "x, x, x * x, x, y, x * y, sum"],
      why: "Every node comes after its inputs, and only once. x * y needs y, so y comes before it.",
    },
  ],

  alsoRight: [
    {
      code: [
        "// how often each node is used, then from the root back: a node follows its last use",
        "const uses = new Map<Node, number>([[root, 0]]);",
        "for (const [node] of uses) for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);",
        "const order = [root];",
        "for (const node of order) {",
        "  for (const input of node.inputs) {",
        "    uses.set(input, uses.get(input)! - 1);",
        "    if (uses.get(input) === 0) order.push(input);",
        "  }",
        "}",
        "return order.reverse();",
      ].join("\n"),
      why: "By counting: a node is ready once all of its users are in the list. This is Kahn's algorithm, from the root to the leaves; loops over a Map and over an array go on to what is appended meanwhile.",
    },
  ],

  mistakes: [
    {
      id: "exponential",
      idea: "a node is walked through once for every path to it",
      sentence:
        "a node that is used twice is walked through twice, and so is everything below it: 40 such nodes in a row take 2 ** 40 steps",
      look: "When do you check whether a node has been visited: before or after going through its inputs?",
      ends: { large: "diamonds", by: ["timeout", "out-of-memory"] },
      answer: (root) => {
        const all: Node[] = [];
        const visit = (node: Node): void => {
          node.inputs.forEach(visit);
          all.push(node);
        };
        visit(root);
        return [...new Set(all)];
      },
    },
    {
      id: "too-deep",
      idea: "the function calls itself for each input",
      sentence: "calls are nested as deeply as the graph is: a chain of 100,000 nodes exceeds the call stack",
      look: "What do nested calls remember for you? A list of nodes can hold the same.",
      ends: { large: "chain", by: ["call-stack"] },
      answer: recursive,
    },
    {
      id: "squared",
      idea: "the list is searched for each node",
      sentence: "on a chain of 100,000 nodes it takes too long: is the whole list searched, or moved, for each node?",
      look: "includes and indexOf go through a list, and unshift moves all of it. A Set finds a node at once; push appends at the end.",
      ends: { large: "chain", by: ["timeout"] },
      answer: (root) => {
        const order: Node[] = [];
        const stack = [root];
        while (stack.length > 0) {
          const node = stack.at(-1)!;
          const next = node.inputs.find((input) => !order.includes(input));
          if (next) stack.push(next);
          else if (order.includes(stack.pop()!)) continue;
          else order.push(node);
        }
        return order;
      },
    },
    {
      id: "root-first",
      idea: "the order goes from the root to the leaves",
      sentence: "the order is turned around: it should begin with leaves and end with the root",
      look: "The forward pass computes the leaves first. Which of the two passes has this order, and which has its reverse?",
      answer: (root) => recursive(root).reverse(),
      shows: ([shape, roots], answer) =>
        eachOrder(roots, answer, (order, root) => problemInOrder(shape, root, [...order].reverse()) === undefined),
    },
    {
      id: "marks-kept",
      idea: "what was visited is remembered from the call before",
      sentence:
        "at the second call for the same graph, nodes are missing that were visited at the first: each call begins anew",
      look: "Is the set of visited nodes made inside the function?",
      answer: keepingMarks(),
      shows: ([shape, roots], answer) => {
        const [first, ...others] = ordersIn(answer) ?? [];
        if (!first || problemInOrder(shape, roots[0]!, first) !== undefined) return false;
        const before = new Set(first);
        return others.every((order, i) => {
          const missing = [...reachable(shape, roots[i + 1]!)].filter((node) => !order.includes(node));
          return missing.every((node) => before.has(node));
        });
      },
    },
    {
      id: "root-missing",
      idea: "the root is left out",
      sentence: "the root is missing: it is the last node of its own order",
      look: "Which gradient does the backward pass begin with?",
      answer: (root) => recursive(root).slice(0, -1),
      shows: ([shape, roots], answer) =>
        eachOrder(roots, answer, (order, root) => problemInOrder(shape, root, [...order, root]) === undefined),
    },
    {
      id: "leaves-missing",
      idea: "nodes without inputs are left out",
      sentence: "the leaves are missing: they have no inputs, but it is their gradients that training needs",
      look: "Which nodes of a network's graph are its parameters?",
      answer: (root) => recursive(root).filter(({ inputs }) => inputs.length > 0),
      shows: ([shape, roots], answer) => {
        const all = inputsOf(shape);
        return eachOrder(roots, answer, (order, root) => {
          const inner = [...reachable(shape, root)].filter((node) => all[node]!.length > 0);
          return order.length === inner.length && inner.every((node) => order.includes(node));
        });
      },
    },
    {
      id: "repeated",
      idea: "a node is appended for every use",
      sentence: "nodes that are used several times are in the list several times: each belongs there once",
      look: "How does the function know that it has been at a node before? A Set can tell.",
      answer: (root) => {
        const order: Node[] = [];
        const visit = (node: Node): void => {
          node.inputs.forEach(visit);
          order.push(node);
        };
        visit(root);
        return order;
      },
      shows: (_, answer) => (ordersIn(answer) ?? []).some((order) => new Set(order).size < order.length),
    },
    {
      id: "as-discovered",
      idea: "the nodes are listed as they are found from the root, and the list is reversed",
      sentence:
        "the nodes are in the reverse of the order in which they were found: a node that is used early and again further down comes too late",
      look: "In x * y + x, x is found first as an input of the sum. Where does it stand in your list, and where does x * y?",
      answer: (root) => {
        const found = new Set([root]);
        for (const node of found) for (const input of node.inputs) found.add(input);
        return [...found].reverse();
      },
      shows: ([shape, roots], answer) =>
        eachOrder(roots, answer, (order, root) => {
          const reversed = [...order].reverse().join();
          return foundFrom(inputsOf(shape), root).some((found) => found.join() === reversed);
        }),
    },
    {
      id: "found-first",
      idea: "the nodes are listed as they are found from the root",
      sentence:
        "the nodes are in the order in which they were found from the root: each should come after its inputs, and the root last",
      look: "A node is found before its inputs. Turning the list around is not enough either: in x * y + x, x is found twice.",
      answer: (root) => {
        const found = new Set([root]);
        for (const node of found) for (const input of node.inputs) found.add(input);
        return [...found];
      },
      shows: ([shape, roots], answer) =>
        eachOrder(roots, answer, (order, root) =>
          foundFrom(inputsOf(shape), root).some((found) => found.join() === order.join()),
        ),
    },
    {
      id: "one-path",
      idea: "only one input of each node is followed",
      sentence: "only one input of each node was followed: a node comes after all of its inputs",
      look: "What does your function do with the second input of a product?",
      answer: (root) => {
        const order: Node[] = [];
        for (let node: Node | undefined = root; node; node = node.inputs[0]) order.push(node);
        return order.reverse();
      },
      shows: ([shape, roots], answer) =>
        eachOrder(roots, answer, (order, root) => {
          const inputs = inputsOf(shape);
          const isPath = order.every((node, i) => i === 0 || inputs[node]!.includes(order[i - 1]!));
          return isPath && order.at(-1) === root && inputs[order[0]!]!.length === 0;
        }),
    },
    {
      id: "inputs-alone",
      idea: "the inputs' inputs are left out",
      sentence: "only the inputs of the root are there: they have inputs themselves, and these as well",
      look: "Which nodes does the root depend on through others?",
      answer: (root) => [...new Set([...root.inputs, root])],
      shows: ([shape, roots], answer) =>
        eachOrder(roots, answer, (order, root) => {
          const wanted = new Set([...inputsOf(shape)[root]!, root]);
          return order.length === wanted.size && order.every((node) => wanted.has(node));
        }),
    },
    {
      id: "marked-early",
      idea: "a node is marked as visited before its turn, and stays where it was first put",
      sentence:
        "all nodes are there, but some come before one of their inputs: a node can be appended once all of its inputs are in the list",
      look: "When do you mark a node as visited: when it is first seen, or when its turn comes? In x * y + x, x is seen first as an input of the sum.",
      answer: (root) => {
        const order: Node[] = [];
        const marked = new Set([root]);
        const visit = (node: Node): void => {
          const next = node.inputs.filter((input, i) => !marked.has(input) && node.inputs.indexOf(input) === i);
          for (const input of next) marked.add(input);
          next.forEach(visit);
          order.push(node);
        };
        visit(root);
        return order;
      },
      shows: ([shape, roots], answer) =>
        eachOrder(roots, answer, (order, root) => {
          const wanted = reachable(shape, root);
          return order.length === wanted.size && order.every((node) => wanted.has(node));
        }),
    },
  ],

  forms: [
    byStack,
    byCounting,
    // with a mark for what has been expanded: each node is on the stack twice, the second time as finished
    (root) => {
      const order: Node[] = [];
      const done = new Set<Node>();
      const stack: [node: Node, isFinished: boolean][] = [[root, false]];
      for (let top = stack.pop(); top; top = stack.pop()) {
        const [node, isFinished] = top;
        if (done.has(node)) continue;
        if (isFinished) {
          done.add(node);
          order.push(node);
        } else {
          stack.push([node, true], ...node.inputs.map((input): [Node, boolean] => [input, false]));
        }
      }
      return order;
    },
    // by iterators, which remember where each node's loop was
    (root) => {
      const order: Node[] = [];
      const seen = new Set([root]);
      const loops = [{ node: root, inputs: root.inputs.values() }];
      for (let loop = loops.at(-1); loop; loop = loops.at(-1)) {
        const { value: input, done } = loop.inputs.next();
        if (done === true) {
          order.push(loops.pop()!.node);
        } else if (input && !seen.has(input)) {
          seen.add(input);
          loops.push({ node: input, inputs: input.inputs.values() });
        }
      }
      return order;
    },
  ],
});

function byStack(root: Node): Node[] {
  const order: Node[] = [];
  const visited = new Set<Node>([root]);
  const open = [root];
  while (open.length > 0) {
    const node = open.at(-1)!;
    const next = node.inputs.find((input) => !visited.has(input));
    if (next) {
      visited.add(next);
      open.push(next);
    } else {
      open.pop();
      order.push(node);
    }
  }
  return order;
}

function byCounting(root: Node): Node[] {
  const uses = new Map<Node, number>([[root, 0]]);
  for (const [node] of uses) for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  const order = [root];
  for (const node of order) {
    for (const input of node.inputs) {
      const left = uses.get(input)! - 1;
      uses.set(input, left);
      if (left === 0) order.push(input);
    }
  }
  return order.reverse();
}

function recursive(root: Node): Node[] {
  const order: Node[] = [];
  const visited = new Set<Node>();
  const visit = (node: Node): void => {
    if (visited.has(node)) return;
    visited.add(node);
    node.inputs.forEach(visit);
    order.push(node);
  };
  visit(root);
  return order;
}

/** A function that remembers what it has visited in a graph. */
function keepingMarks(): (root: Node) => Node[] {
  const visited = new WeakSet<Node>();
  return (root) => {
    const order: Node[] = [];
    const visit = (node: Node): void => {
      if (visited.has(node)) return;
      visited.add(node);
      node.inputs.forEach(visit);
      order.push(node);
    };
    visit(root);
    return order;
  };
}

/** What is wrong with the orders of some roots, in the order of the calls. */
function problemIn(shape: DrawnShape, roots: readonly number[], answer: Value): string | undefined {
  const orders = ordersIn(answer);
  if (!orders) return "it returned no list of nodes";
  for (const [call, root] of roots.entries()) {
    const problem = problemInOrder(shape, root, orders[call] ?? []);
    if (problem !== undefined) return call === 0 ? problem : `at call ${call + 1} on one graph, ${problem}`;
  }
  return undefined;
}

function problemInOrder(shape: DrawnShape, root: number, order: readonly number[]): string | undefined {
  const wanted = reachable(shape, root);
  const places = new Map(order.map((node, place) => [node, place]));
  const inputs = inputsOf(shape);
  if (order.includes(-1)) return "the list contains what is no node of the graph";
  if (places.size < order.length)
    return `the list has ${order.length} nodes, and ${places.size} without those that occur again`;
  const missing = [...wanted].filter((node) => !places.has(node)).length;
  if (missing > 0) return `${missing} of the ${wanted.size} nodes ${missing === 1 ? "is" : "are"} missing`;
  const strangers = order.length - wanted.size;
  if (strangers > 0)
    return `${strangers === 1 ? "a node is" : `${strangers} nodes are`} in the list that the root does not depend on`;
  const late = order.filter((node, place) => inputs[node]!.some((input) => places.get(input)! > place)).length;
  if (late > 0)
    return `${late} of the ${order.length} nodes ${late === 1 ? "comes before one of its" : "come before one of their"} inputs`;
  return undefined;
}

/** The nodes in the orders in which the usual searches find them from a root: in breadth, and in depth from either end of the inputs. */
function foundFrom(inputs: readonly (readonly number[])[], root: number): number[][] {
  const inBreadth = new Set([root]);
  for (const node of inBreadth) for (const input of inputs[node]!) inBreadth.add(input);
  return [[...inBreadth], inDepth(inputs, root, (own) => [...own].reverse()), inDepth(inputs, root, (own) => own)];
}

/** The nodes as they are taken from the end of a list of open ones, to which each appends its inputs. */
function inDepth(
  inputs: readonly (readonly number[])[],
  root: number,
  arranged: (own: readonly number[]) => readonly number[],
): number[] {
  const found = new Set<number>();
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    open.push(...arranged(inputs[node]!));
  }
  return [...found];
}

/** The answer to each call, if all of them are lists of numbers. */
function ordersIn(answer: unknown): readonly (readonly number[])[] | undefined {
  const isOrder = (order: unknown): boolean =>
    Array.isArray(order) && order.every((node: unknown) => typeof node === "number");
  return Array.isArray(answer) && answer.every(isOrder) ? (answer as number[][]) : undefined;
}

/** Whether something holds for the order of each root. */
function eachOrder(
  roots: readonly number[],
  answer: unknown,
  holds: (order: readonly number[], root: number) => boolean,
): boolean {
  return ordersIn(answer)?.every((order, call) => holds(order, roots[call]!)) === true;
}

/** Random graphs with two roots each, small ones of every kind, and two that are large. */
function draw(generator: Generator): Asked[] {
  const small: Asked[] = [
    { says: "a leaf alone", given: [[[]], [0]] },
    { says: "a diamond", given: [[[], [0], [0], [1, 2]], [3]] },
    { says: "x * y + x, with x the sum's first input", given: [[[], [], [0, 1], [0, 2]], [3]] },
    { says: "x * y + x, with x the sum's second input", given: [[[], [], [0, 1], [2, 0]], [3]] },
    { says: "a chain of 5 nodes whose first is used again by the last", given: [[[3], [4], [1, 4], [2], []], [0]] },
  ];
  const random = [9, 14, 20].map((count): Asked => {
    const { inputs, roots } = drawShape(generator, count);
    return { says: `a graph of ${count} nodes and two roots`, given: [inputs, roots] };
  });
  return [
    ...small,
    ...random,
    { says: `${DIAMONDS} diamonds in a row`, given: [{ diamonds: DIAMONDS }, [3 * DIAMONDS]], large: "diamonds" },
    { says: `a chain of ${CHAIN} nodes`, given: [{ chain: CHAIN }, [CHAIN - 1]], large: "chain" },
  ];
}
