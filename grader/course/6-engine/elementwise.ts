import { onesLike, tensor, type Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import type { Generator } from "../../network/random.ts";
import { build } from "../elements.ts";
import { awayFromZero, drawSizes, positive, programRoom, shapeIn, type RuleQuestion } from "./room.ts";
import type { Unary } from "./types.ts";

type Name = Unary["name"];

const EXPONENTS = [2, 3, -1, 0.5, -0.5];

export const elementwise = programRoom<"elementwise", RuleQuestion<Unary>>({
  id: "elementwise",
  title: "functions of each element",
  task: [
    "One function was applied to each element: output = x ** exponent, e ** x, log(x) or tanh(x).",
    "",
    "Given:",
    '  name: "pow", "exp", "log" or "tanh"',
    "  x: the input",
    "  exponent: a number, for pow",
    "  output, upstream: the output, and the gradient of the loss with respect to it, in its shape",
    "",
    "Return: dx, in the shape of x",
  ],
  names: ["dx"],
  example: question(
    "pow",
    build([2, 2], (i, j) => i + 2 * j + 1),
    3,
    build([2, 2], (i, j) => (i === j ? 2 : -1)),
  ),
  draw,
  right: (done) => slope(Measured.from(done.x), done).mul(Measured.from(done.upstream)),

  idea: "The slope of a function of each element can often be written with its output, which is already there.",

  hints: {
    ask: "Each element of the output depends on one element of x. What is the derivative of each of the four functions?",
    rule:
      "x ** p has the slope p * x ** (p - 1), log x has 1 / x. The slopes of the other two are functions of their " +
      "outputs: e ** x is its own slope, and tanh x has 1 - output ** 2.",
    numbers: { x: [0.5, 2], exponent: 3, upstream: [4, -1] },
    worked: "dx[0] = {exponent} * {x 0} ** ({exponent} - 1) * {upstream 0}",
    result: { name: "dx", of: ({ x, upstream }) => x!.pow(2).mul(3).mul(upstream!) },
    piece:
      "Four cases, by name: the slope at each element, times upstream. The exponent is a number, so mul and pow take it.",
  },

  questions: [
    {
      id: "flat",
      ask: "The output of tanh is 0 at some entry. How steep is tanh there?",
      answer: "1",
      others: ["0", "-1", "0.5"],
      why: "The slope is 1 - output ** 2.",
    },
    {
      id: "outputs",
      ask: "Which slopes can be computed from the output alone, whatever the exponent?",
      answer: "those of exp and tanh",
      others: ["those of pow and log", "those of exp and log", "that of tanh alone"],
      why: "e ** x is its own slope, and the slope of tanh is 1 - output ** 2.",
    },
  ],

  alsoRight: [
    {
      code: [
        "const slope = {",
        "  pow: () => output.div(x).mul(exponent),",
        "  exp: () => output,",
        "  log: () => x.pow(-1),",
        "  tanh: () => output.add(1).mul(tensor(1).sub(output)),",
        "}[name]();",
        "return slope.mul(upstream);",
      ].join("\n"),
      why: "The power by its output, x ** p / x instead of x ** (p - 1): an operation less, but it divides zero by zero where x is zero.",
    },
  ],

  mistakes: [
    {
      id: "exponent-not-lowered",
      idea: "the power keeps its exponent",
      sentence: "for pow, the exponent stands in front but was not lowered by one",
      look: "What is the slope of x ** 2 at 3: 6 or 18?",
      answer: (done) => changed(done, { pow: ({ x, exponent }) => x.pow(exponent).mul(exponent) }),
    },
    {
      id: "exponent-not-in-front",
      idea: "the factor in front of the power is forgotten",
      sentence: "for pow, the exponent was lowered, but does not stand in front as a factor",
      look: "What is the slope of x ** 2 at 3: 6 or 3?",
      answer: (done) => changed(done, { pow: ({ x, exponent }) => x.pow(exponent - 1) }),
    },
    {
      id: "always-a-square",
      idea: "every power is taken for a square",
      sentence: "for pow, the gradient is that of a square, whatever the exponent: it is given",
      look: "Which exponents does the lecture's network use? A square is one of them.",
      answer: (done) => changed(done, { pow: ({ x }) => x.mul(2) }),
    },
    {
      id: "exp-of-the-output",
      idea: "the exponential is applied to the output",
      sentence: "for exp, the exponential was computed of the output: the output is already e ** x",
      look: "The output of exp is its own slope.",
      answer: (done) => changed(done, { exp: ({ output }) => output.exp() }),
    },
    {
      id: "log-over-output",
      idea: "the logarithm's slope is computed from its output",
      sentence: "for log, the upstream gradient was divided by the output: the slope is one over the input",
      look: "At x = 1 the output of log is 0. Is the slope infinite there?",
      answer: (done) => changed(done, { log: ({ output }) => output.pow(-1) }),
    },
    {
      id: "tanh-of-the-input",
      idea: "the slope of tanh is computed from its input",
      sentence: "for tanh, the square was taken of the input: the slope is 1 - output ** 2",
      look: "Far from zero, tanh is flat. What is 1 - x ** 2 there?",
      answer: (done) => changed(done, { tanh: ({ x }) => tensor(1).sub(x.pow(2)) }),
    },
    {
      id: "tanh-not-squared",
      idea: "the slope of tanh is taken to be 1 - output",
      sentence: "for tanh, the output was not squared",
      look: "tanh is as steep at -1 as at 1. Is 1 - output?",
      answer: (done) => changed(done, { tanh: ({ output }) => tensor(1).sub(output) }),
    },
    {
      id: "exponent-lowered-twice",
      idea: "the lowered exponent stands in front as well",
      sentence: "for pow, the factor in front is the lowered exponent: it should be the exponent before it is lowered",
      look: "What is the slope of x ** 2 at 3: 6 or 3?",
      answer: (done) => changed(done, { pow: ({ x, exponent }) => x.pow(exponent - 1).mul(exponent - 1) }),
    },
    {
      id: "exp-passed-on",
      idea: "the exponential passes the upstream gradient on as it is",
      sentence: "for exp, the upstream gradient was passed on as it is: the slope is e ** x, the output",
      look: "Is e ** x as steep at 0 as at 3?",
      answer: (done) => changed(done, { exp: ({ x }) => onesLike(x) }),
    },
    {
      id: "exp-as-power",
      idea: "the exponential is differentiated like a power",
      sentence: "for exp, the rule of powers was applied: in e ** x, x is the exponent, and the slope is e ** x itself",
      look: "In x ** 3 the base varies, in e ** x the exponent. Is the same rule right for both?",
      answer: (done) => changed(done, { exp: ({ x, output }) => x.mul(output).div(Math.E) }),
      others: [
        (done) => changed(done, { exp: ({ x }) => x.mul(x.sub(1).exp()) }),
        (done) => changed(done, { exp: ({ x, output }) => x.mul(output) }),
      ],
    },
    {
      id: "exp-times-input",
      idea: "the slope of the exponential is taken to be its input",
      sentence: "for exp, the upstream gradient was multiplied by the input: the slope is e ** x, the output",
      look: "Is e ** x falling where x is negative?",
      answer: (done) => changed(done, { exp: ({ x }) => x }),
    },
    {
      id: "log-times-input",
      idea: "the logarithm's slope is taken to be x",
      sentence: "for log, the upstream gradient was multiplied by x: it is divided by x",
      look: "Does log rise faster at 1 or at 100?",
      answer: (done) => changed(done, { log: ({ x }) => x }),
    },
    {
      id: "tanh-as-sigmoid",
      idea: "the slope of the sigmoid is used for tanh",
      sentence: "for tanh, the slope is that of a sigmoid, output * (1 - output): for tanh it is 1 - output ** 2",
      look: "At 0, tanh has the slope 1. Which of the two formulas gives that?",
      answer: (done) => changed(done, { tanh: ({ output }) => output.mul(tensor(1).sub(output)) }),
    },
    {
      id: "upstream-forgotten",
      idea: "the slope is returned without the upstream gradient",
      sentence: "these are the slopes of the function alone: each is multiplied by the upstream gradient",
      look: "The chain rule has two factors: how the output moves with the input, and how the loss moves with the output.",
      answer: (done) => correct({ ...done, upstream: onesLike(done.x) }),
    },
  ],

  forms: [
    correct,
    ({ name, x, exponent, output, upstream }) => {
      const slopes = {
        pow: () => output.div(x).mul(exponent),
        exp: () => output,
        log: () => x.pow(-1),
        tanh: () => output.add(1).mul(tensor(1).sub(output)),
      };
      return slopes[name]().mul(upstream);
    },
    ({ name, x, exponent, upstream }) => {
      if (name === "pow") return upstream.mul(exponent).mul(x.pow(exponent - 1));
      if (name === "exp") return upstream.mul(x.exp());
      return name === "log" ? tensor(1).div(x).mul(upstream) : upstream.sub(upstream.mul(x.tanh().pow(2)));
    },
    ({ name, x, exponent, upstream }) => {
      const [at, above] = [x.toArray(), upstream.toArray()];
      let i = 0;
      return build(x.shape, () => {
        const [y, u] = [at[i]!, above[i++]!];
        if (name === "pow") return exponent * y ** (exponent - 1) * u;
        if (name === "exp") return Math.exp(y) * u;
        return name === "log" ? u / y : (1 - Math.tanh(y) ** 2) * u;
      });
    },
  ],
});

function correct(done: Unary): Tensor {
  return right[done.name](done).mul(done.upstream);
}

const right: Readonly<Record<Name, (done: Unary) => Tensor>> = {
  pow: ({ x, exponent }) => x.pow(exponent - 1).mul(exponent),
  exp: ({ output }) => output,
  log: ({ x }) => tensor(1).div(x),
  tanh: ({ output }) => tensor(1).sub(output.pow(2)),
};

/** The right gradient with some functions' slopes replaced. */
function changed(done: Unary, wrong: Partial<typeof right>): Tensor {
  return (wrong[done.name] ?? right[done.name])(done).mul(done.upstream);
}

/** The slope in float64; a form that uses the output has the output's rounding in it, so its magnitude counts. */
function slope(x: Measured, { name, exponent, output }: Unary): Measured {
  if (name === "pow") return x.pow(exponent - 1).mul(exponent);
  if (name === "exp") return x.exp();
  if (name === "log") return x.pow(-1);
  const given = Measured.from(output);
  return given.mul(given).neg().add(1);
}

function question(
  name: Name,
  x: Tensor,
  exponent: number,
  upstream: Tensor,
): { says: string; given: RuleQuestion<Unary> } {
  const output = name === "pow" ? x.pow(exponent) : x[name]();
  const says = `${name}${name === "pow" ? ` by ${exponent}` : ""} of ${shapeIn(x.shape)}`;
  return { says, given: [{ name, x, exponent, output, upstream }] };
}

/** Each function on tensors of one to three dimensions; the inputs of a logarithm and of a root are positive. */
function draw(generator: Generator): { says: string; given: RuleQuestion<Unary> }[] {
  const [m, n, k] = drawSizes(generator, 3) as [number, number, number];
  const functions: [Name, number][] = [
    ...EXPONENTS.map((p): [Name, number] => ["pow", p]),
    ["exp", 1],
    ["log", 1],
    ["tanh", 1],
  ];
  return functions.flatMap(([name, exponent]) =>
    [[m], [n, k], [k, m, n]].map((shape) => {
      const isPositive = name === "log" || !Number.isInteger(exponent);
      const x = (isPositive ? positive : awayFromZero)(generator, shape);
      return question(name, x, exponent, awayFromZero(generator, shape));
    }),
  );
}
