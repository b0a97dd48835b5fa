import type { Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { drawInside } from "../../drawn-sizes.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { wordsOf } from "../words.ts";

const line = lineWriter();

/** A hidden layer with ReLU, added to what it reads. */
const lines = [
  line("pre", ["x", "W1", "b1"], "x @ W1 + b1", ["n", "hidden"], ({ x, W1, b1 }) => x.matmul(W1).add(b1)),
  line("h", ["pre"], "relu(pre)", ["n", "hidden"], ({ pre }) => pre.relu()),
  line("out", ["x", "h", "W2"], "x + h @ W2", ["n", "features"], ({ x, h, W2 }) => x.add(h.matmul(W2))),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

const parameters = {
  x: ["n", "features"],
  W1: ["features", "hidden"],
  b1: ["hidden"],
  W2: ["hidden", "features"],
} as const;
const inputs = { target: ["n", "features"] } as const;

/** The mark of the neuron that is 0 for every example. */
const DEAD = "dead";
/** No number that ReLU is taken of is nearer to its kink than this. */
const KINK = 1e-4;
/** A bias that outweighs everything that is added to it. */
const FAR = 60;

function start({ sizes, flavor, marks, normal }: Drawing): Named<Tensor> {
  const scale = flavor === "sharp" ? 2 : 1;
  for (;;) {
    const drawn = {
      x: normal("x"),
      W1: normal("W1", scale / Math.sqrt(sizes["features"]!)),
      b1: normal("b1"),
      W2: normal("W2", 1 / Math.sqrt(sizes["hidden"]!)),
      target: normal("target"),
    };
    if (flavor !== "plain") drawn.b1.set(marks[DEAD]!["hidden"]!, -FAR);
    const pre = drawn.x.matmul(drawn.W1).add(drawn.b1);
    const isFar = pre.toArray().every((value) => Math.abs(value) > KINK);
    // a loop that misses the first neuron or the last one should show
    const highest = pre.max(0).values;
    if (isFar && highest.get(0) > 0 && highest.get(-1) > 0) return drawn;
  }
}

export const relu = networkOf({
  name: "relu",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: wordsOf(
    {
      n: { one: "example" },
      features: { one: "feature", count: "the number of features" },
      hidden: { one: "neuron", count: "the number of neurons" },
    },
    (answer) =>
      answer[1] === "hidden"
        ? [
            {
              id: "dead",
              words: "at the neuron that is 0 for every example",
              holds: ({ marks }, [, neuron]) => neuron === marks?.[DEAD]?.["hidden"],
            },
          ]
        : [],
  ),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { n: [4, 9], features: [4, 12], hidden: [5, 16] },
    marks: ({ hidden }, generator) => ({ [DEAD]: { hidden: drawInside(generator, hidden!) } }),
    start,
    equal: [
      { id: "square", equal: ["n", "features", "hidden"], sizes: { n: 7, features: 7, hidden: 7 } },
      { id: "even", equal: ["features", "hidden"], forAll: true, sizes: { n: 5, features: 8, hidden: 8 } },
    ],
  }),
});
