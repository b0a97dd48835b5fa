import type { Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { wordsOf } from "../words.ts";

const line = lineWriter();

const rows = ["n", "hidden"] as const;

/** The root of 2 / pi in eight digits, which float32 holds as well as all of it. */
export const ROOT = 0.79788456;
export const CUBE = 0.044715;

/** GELU in the form with tanh, as GPT-2 has it. */
const lines = [
  line("inner", ["x"], `${ROOT} * (x + ${CUBE} * x ** 3)`, rows, ({ x }) => x.pow(3).mul(CUBE).add(x).mul(ROOT)),
  line("bent", ["inner"], "tanh(inner)", rows, ({ inner }) => inner.tanh()),
  line("out", ["x", "bent"], "0.5 * x * (1 + bent)", rows, ({ x, bent }) => x.mul(0.5).mul(bent.add(1))),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

const parameters = { x: rows } as const;
const inputs = { target: rows } as const;

function start({ flavor, normal }: Drawing): Named<Tensor> {
  const scale = { large: 1, sharp: 2, lifted: 0.2, pair: 1, plain: 1 }[flavor];
  return { x: normal("x", scale), target: normal("target") };
}

export const gelu = networkOf({
  name: "gelu",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: wordsOf({ n: { one: "example" }, hidden: { one: "neuron", count: "the number of neurons" } }),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { n: [4, 9], hidden: [5, 16] },
    start,
    equal: [{ id: "square", equal: ["n", "hidden"], sizes: { n: 7, hidden: 7 } }],
  }),
});
