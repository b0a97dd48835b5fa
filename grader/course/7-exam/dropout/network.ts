import { tensor, type Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { drawInside } from "../../drawn-sizes.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { wordsOf } from "../words.ts";

const line = lineWriter();

/** The part of all entries that dropout keeps, on average. */
export const KEPT = 0.8;

/** Dropout with a mask that is given, and a linear layer. */
const lines = [
  line("thinned", ["h", "mask"], `h * mask / ${KEPT}`, ["n", "hidden"], ({ h, mask }) => h.mul(mask).div(KEPT)),
  line("out", ["thinned", "W"], "thinned @ W", ["n", "features"], ({ thinned, W }) => thinned.matmul(W)),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

const parameters = { h: ["n", "hidden"], W: ["hidden", "features"] } as const;
const inputs = { mask: ["n", "hidden"], target: ["n", "features"] } as const;

/** The marks of an example and of a neuron of which nothing is kept. */
const EMPTY = "empty";

function start({ sizes, generator, marks, normal }: Drawing): Named<Tensor> {
  const { n, hidden } = sizes as { n: number; hidden: number };
  const mask = generator.rand(n, hidden).each((x) => (x < KEPT ? 1 : 0));
  const { n: row, hidden: column } = marks[EMPTY]!;
  for (let i = 0; i < n; i++) mask.set(i, column!, 0);
  for (let j = 0; j < hidden; j++) mask.set(row!, j, 0);
  // one entry of the rest is kept and one is not, whatever was drawn
  mask.set((row! + 1) % n, (column! + 1) % hidden, 1).set((row! + 1) % n, (column! + 2) % hidden, 0);
  return {
    h: normal("h"),
    W: normal("W", 1 / Math.sqrt(hidden)),
    mask: tensor(mask.toArray(), [n, hidden]),
    target: normal("target"),
  };
}

export const dropout = networkOf({
  name: "dropout",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: wordsOf(
    {
      n: { one: "example" },
      hidden: { one: "neuron", count: "the number of neurons" },
      features: { one: "feature", count: "the number of features" },
    },
    (answer) =>
      answer[0] === "n" && answer[1] === "hidden"
        ? [
            {
              id: "empty",
              words: "where nothing of an example is kept, or nothing of a neuron",
              holds: ({ marks }, [row, column]) =>
                row === marks?.[EMPTY]?.["n"] || column === marks?.[EMPTY]?.["hidden"],
            },
          ]
        : [],
  ),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { n: [4, 9], hidden: [5, 16], features: [4, 12] },
    marks: ({ n, hidden }, generator) => ({
      [EMPTY]: { n: drawInside(generator, n!), hidden: drawInside(generator, hidden!) },
    }),
    start,
    equal: [
      { id: "square", equal: ["n", "features", "hidden"], sizes: { n: 7, hidden: 7, features: 7 } },
      { id: "even", equal: ["features", "hidden"], forAll: true, sizes: { n: 5, hidden: 8, features: 8 } },
    ],
  }),
});
