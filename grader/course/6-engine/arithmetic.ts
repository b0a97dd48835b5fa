import { onesLike, Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Generator } from "../../network/random.ts";
import { difference } from "../../verdict/compare.ts";
import { build } from "../elements.ts";
import { awayFromZero, drawSizes, programRoom, shapeIn, type RuleQuestion } from "./room.ts";
import type { Binary } from "./types.ts";

type Name = Binary["name"];
type Pair = readonly [a: Tensor, b: Tensor];

const SIGNS: Readonly<Record<Name, string>> = { add: "+", sub: "-", mul: "*", div: "/" };
const LOCAL = "Let one entry of the input grow a little. By how much does the output's entry grow?";

export const arithmetic = programRoom<"arithmetic", RuleQuestion<Binary>>({
  id: "arithmetic",
  title: "sums, products and quotients",
  task: [
    "One operation on two tensors was carried out: output = a + b, a - b, a * b or a / b.",
    "",
    "Given:",
    '  name: "add", "sub", "mul" or "div"',
    "  a, b: the inputs; their shapes broadcast to the output's",
    "  output, upstream: the output, and the gradient of the loss with respect to it, in its shape",
    "",
    "Return: [da, db], both in the output's shape: unbroadcast follows later, in one place for all operations",
  ],
  names: ["da", "db"],
  example: question(
    "mul",
    build([2, 3], (i, j) => 3 * i + j + 1),
    build([1, 3], (_, j) => j - 2),
    build([2, 3], (i, j) => (i === j ? 2 : -1)),
  ),
  draw,
  right: ({ name, a, b, upstream }) => gradients(name, Measured.from(a), Measured.from(b), Measured.from(upstream)),

  idea: "Each input of an operation gets the upstream gradient times the output's slope with respect to that input.",

  hints: {
    ask: "Take one entry of each operation. If a grows by a little, by how much does the output grow? And if b does?",
    rule:
      "A sum passes the upstream gradient on to both inputs, a difference with the opposite sign to the second. For a " +
      "product, the slope with respect to one factor is the other factor. A quotient is a product with 1 / b, whose " +
      "slope is -1 / b ** 2.",
    numbers: { a: [1, 2], b: [4, -2], upstream: [3, 0.5] },
    worked: "db[0] = -{upstream 0} * {a 0} / {b 0} ** 2",
    result: { name: "db", of: ({ a, b, upstream }) => upstream!.mul(a!).div(b!.mul(b!)).neg() },
    piece:
      "Four cases, by name, each with two gradients. All of them begin with upstream, which has the output's shape, so " +
      "that a product with a or b broadcasts to it.",
  },

  questions: [
    {
      id: "quotient",
      ask: "In a / b, a is 6, b is 2 and the upstream gradient is 1. What is the gradient of b?",
      answer: "-1.5",
      others: ["1.5", "0.5", "-0.5"],
      why: "The slope is -a / b ** 2, which is -6 / 4.",
    },
    {
      id: "sum",
      ask: "The upstream gradient of a + b is 4. What do a and b get?",
      answer: "4 each",
      others: ["2 each", "4 and -4"],
      why: "If either of them grows by a little, so does the sum.",
    },
  ],

  alsoRight: [
    {
      code: [
        "const slopes = {",
        "  add: () => [1, 1],",
        "  sub: () => [1, -1],",
        "  mul: () => [b, a],",
        "  div: () => [tensor(1).div(b), output.div(b).neg()],",
        "}[name]();",
        "return slopes.map((slope) => upstream.mul(slope));",
      ].join("\n"),
      why: "A table of slopes: the upstream gradient is multiplied in one place. The slope of a quotient is computed from its output.",
    },
  ],

  mistakes: [
    {
      id: "factors-swapped",
      idea: "each factor of a product gets itself",
      sentence:
        "in a product, each factor's gradient was computed with the factor itself: it is the other factor that counts",
      look: LOCAL,
      answer: (done) => changed(done, { mul: ({ a, b, upstream }) => [upstream.mul(a), upstream.mul(b)] }),
    },
    {
      id: "sign-of-difference",
      idea: "a difference is treated as a sum",
      sentence: "in a difference, the gradient of b has the wrong sign: the output falls if b grows",
      look: LOCAL,
      answer: (done) => changed(done, { sub: ({ upstream }) => [upstream, upstream] }),
    },
    {
      id: "sign-of-quotient",
      idea: "the minus sign of the slope of 1 / b is forgotten",
      sentence: "in a quotient, the gradient of b has the wrong sign",
      look: "If b is 2 and grows to 2.1, does a / b rise or fall?",
      answer: (done) =>
        changed(done, { div: ({ b, output, upstream }) => [upstream.div(b), upstream.mul(output).div(b)] }),
    },
    {
      id: "power-of-quotient",
      idea: "the slope of 1 / b is taken to be -1 / b",
      sentence:
        "in a quotient, the gradient of b is divided by b once: the slope of 1 / b has b ** 2 in the denominator",
      look: "1 / b is b ** -1. Which power does its slope have?",
      answer: (done) => changed(done, { div: ({ a, b, upstream }) => [upstream.div(b), upstream.mul(a).div(b).neg()] }),
    },
    {
      id: "numerator-forgotten",
      idea: "the slope of 1 / b is used for a / b",
      sentence: "in a quotient, the gradient of b lacks the factor a",
      look: "a / b is a times 1 / b: the slope of the second factor is multiplied by the first.",
      answer: (done) => changed(done, { div: ({ b, upstream }) => [upstream.div(b), upstream.div(b.mul(b)).neg()] }),
    },
    {
      id: "quotient-as-product",
      idea: "a in a quotient gets upstream times b",
      sentence: "in a quotient, the gradient of a is multiplied by b: a / b is a times 1 / b",
      look: "Write the quotient as a product. What is the other factor?",
      answer: (done) => changed(done, { div: ({ b, upstream }) => [upstream.mul(b), correct(done)[1]] }),
      others: [(done) => changed(done, { div: ({ a, b, upstream }) => [upstream.mul(b), upstream.mul(a)] })],
    },
    {
      id: "upstream-forgotten",
      idea: "the slopes are returned without the upstream gradient",
      sentence: "these are the slopes of the operation alone: each is multiplied by the upstream gradient",
      look: "The chain rule has two factors: how the output moves with the input, and how the loss moves with the output.",
      answer: ({ output, ...done }) => correct({ ...done, output, upstream: onesLike(output) }),
    },
    {
      id: "factors-alone",
      idea: "the gradients of a product are its factors",
      sentence: "in a product, each gradient is the other factor alone: it is multiplied by the upstream gradient",
      look: LOCAL,
      answer: (done) => changed(done, { mul: ({ a, b }) => [b, a] }),
      others: [
        (done) => changed(done, { mul: ({ a, b, output }) => [onesLike(output).mul(b), onesLike(output).mul(a)] }),
      ],
    },
    {
      id: "divided-by-numerator",
      idea: "in a quotient, each input gets upstream divided by the other one",
      sentence:
        "in a quotient, the gradient of b is upstream divided by a: the slope of a / b with respect to b is -a / b ** 2",
      look: "If a is 0, the quotient is 0 whatever b is. What is your gradient of b then?",
      answer: (done) => changed(done, { div: ({ a, b, upstream }) => [upstream.div(b), upstream.div(a)] }),
      others: [(done) => changed(done, { div: ({ a, b, upstream }) => [upstream.div(b), upstream.div(a).neg()] })],
    },
    {
      id: "gradients-swapped",
      idea: "the two gradients are returned in the wrong order",
      sentence: "the two gradients are swapped: the first belongs to a, the second to b",
      look: "Return [da, db], in this order.",
      answer: (done) => [...correct(done)].reverse(),
    },
    {
      id: "input-for-upstream",
      idea: "the gradients of a sum are its inputs",
      sentence: "in a sum, the inputs themselves were returned: each gets the upstream gradient",
      look: "Which of the given tensors says how the loss changes with the output?",
      answer: (done) =>
        changed(done, { add: ({ a, b, output }) => [onesLike(output).mul(a), onesLike(output).mul(b)] }),
      others: [(done) => changed(done, { add: ({ a, b }) => [a, b] })],
    },
    {
      id: "summed-already",
      idea: "the gradients are summed to the shapes of the inputs",
      sentence:
        "a gradient was summed to a smaller shape: here both have the output's shape, and unbroadcast follows later for all operations",
      look: "Each rule may leave the sum to the engine. Which shape does the comment above your function ask for?",
      answer: (done) => [summedTo(done.a, correct(done)[0]), summedTo(done.b, correct(done)[1])],
      shows: ([done], answer) => isSummed(done, answer),
    },
    {
      id: "shared",
      idea: "a sum shares its gradient between the inputs",
      sentence: "in a sum, each input got half of the upstream gradient: both get all of it",
      look: "If a grows by 1 and b stays, by how much does a + b grow?",
      answer: (done) => changed(done, { add: ({ upstream }) => [upstream.div(2), upstream.div(2)] }),
    },
  ],

  forms: [
    correct,
    // by the slopes, from the output where possible
    ({ name, a, b, output, upstream }) => {
      if (name === "add") return [upstream.clone(), upstream.clone()];
      if (name === "sub") return [upstream, upstream.mul(-1)];
      if (name === "mul") return [b.mul(upstream), a.mul(upstream)];
      return [upstream.mul(b.pow(-1)), output.mul(upstream).div(b).neg()];
    },
    // a difference as a sum with -b, a quotient as a product with 1 / b
    ({ name, a, b, upstream }) => {
      if (name === "add" || name === "sub") return [upstream, name === "add" ? upstream : upstream.neg()];
      const other = name === "mul" ? b : b.pow(-1);
      const slope = name === "mul" ? a : a.div(b.pow(2)).neg();
      return [upstream.mul(other), upstream.mul(slope)];
    },
    ({ name, a, b, upstream }) => {
      const one = onesLike(upstream);
      const [A, B] = [one.mul(a).toArray(), one.mul(b).toArray()];
      const each = (slope: (x: number, y: number) => number): Tensor => {
        let i = 0;
        const u = upstream.toArray();
        return build(upstream.shape, () => u[i]! * slope(A[i]!, B[i++]!));
      };
      return [
        each((_, y) => ({ add: 1, sub: 1, mul: y, div: 1 / y })[name]),
        each((x, y) => ({ add: 1, sub: -1, mul: x, div: -x / (y * y) })[name]),
      ];
    },
  ],
});

function correct({ name, a, b, upstream }: Binary): Pair {
  if (name === "add") return [upstream, upstream];
  if (name === "sub") return [upstream, upstream.neg()];
  if (name === "mul") return [upstream.mul(b), upstream.mul(a)];
  return [upstream.div(b), upstream.mul(a).div(b.mul(b)).neg()];
}

/** A gradient in the shape of an input that was broadcast. */
function summedTo({ shape }: Tensor, gradient: Tensor): Tensor {
  const lacking = gradient.shape.length - shape.length;
  const repeated = gradient.shape.map((_, dim) => dim).filter((dim) => dim < lacking || shape[dim - lacking] === 1);
  return repeated.length === 0 ? gradient : gradient.sum(repeated, true).view(...shape);
}

/** Whether the entries of each gradient add up to what they should, though one of them has another shape. */
function isSummed(done: Binary, answer: unknown): boolean {
  if (!Array.isArray(answer) || answer.length !== 2) return false;
  const parts = answer.filter((part) => part instanceof Tensor);
  const right = gradients(done.name, Measured.from(done.a), Measured.from(done.b), Measured.from(done.upstream));
  return (
    parts.length === 2 &&
    parts.some((part) => part.numel() < done.output.numel()) &&
    parts.every((part, i) => difference(part.sum(), right[i]!.sum()) === undefined)
  );
}

/** The right gradients with some operations' replaced. */
function changed(done: Binary, wrong: Partial<Record<Name, (done: Binary) => Pair>>): Pair {
  return (wrong[done.name] ?? correct)(done);
}

/** The gradients in float64. A gradient of b in a quotient can be computed from the output as well, which was rounded. */
function gradients(name: Name, a: Measured, b: Measured, upstream: Measured): readonly Measured[] {
  if (name === "add") return [upstream, upstream];
  if (name === "sub") return [upstream, upstream.neg()];
  if (name === "mul") return [upstream.mul(b), upstream.mul(a)];
  return [upstream.div(b), upstream.mul(a).div(b.mul(b)).neg()];
}

function question(name: Name, a: Tensor, b: Tensor, upstream: Tensor): { says: string; given: RuleQuestion<Binary> } {
  const says = `${shapeIn(a.shape)} ${SIGNS[name]} ${shapeIn(b.shape)}`;
  return { says, given: [{ name, a, b, output: a[name](b), upstream }] };
}

/** Each operation on equal shapes, and on shapes of which one or both are broadcast. */
function draw(generator: Generator): { says: string; given: RuleQuestion<Binary> }[] {
  const [m, n, k] = drawSizes(generator, 3) as [number, number, number];
  const pairs: [number[], number[]][] = [
    [
      [m, n],
      [m, n],
    ],
    [[m, n], [n]],
    [
      [m, 1],
      [1, n],
    ],
    [[], [m, n]],
    [
      [n, m, k],
      [m, 1],
    ],
  ];
  return (Object.keys(SIGNS) as Name[]).flatMap((name) =>
    pairs.map(([left, right]) => {
      const [a, b] = [awayFromZero(generator, left), awayFromZero(generator, right)];
      return question(name, a, b, awayFromZero(generator, [...a.add(b).shape]));
    }),
  );
}
