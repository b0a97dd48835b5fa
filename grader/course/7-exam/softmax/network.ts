import type { Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { batchesOf, draw, type Drawing } from "../batches.ts";
import { wordsOf } from "../words.ts";

const line = lineWriter();

/** A softmax with a temperature that is learned, whose probabilities weigh the rows of a table. */
const lines = [
  line("scaled", ["scores", "temperature"], "scores / temperature", ["n", "options"], ({ scores, temperature }) =>
    scores.div(temperature),
  ),
  line("probs", ["scaled"], "softmax(scaled, 1)", ["n", "options"], ({ scaled }) => scaled.softmax(1)),
  line("out", ["probs", "V"], "probs @ V", ["n", "width"], ({ probs, V }) => probs.matmul(V)),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

const parameters = { scores: ["n", "options"], temperature: [1], V: ["options", "width"] } as const;
const inputs = { target: ["n", "width"] } as const;

/** The mark of the option that is far below the others in each row, or far above them. */
const FAR = "far";
/** How far: a probability that is tiny, and one that float32 rounds to 1. */
const DISTANCE = 20;

function start({ sizes, flavour, marks, normal }: Drawing): Named<Tensor> {
  const scale = flavour === "sharp" ? 3 : 1;
  const scores = normal("scores", scale).add(flavour === "lifted" ? 100 : 0);
  const option = marks[FAR]!["options"]!;
  for (let i = 0; i < sizes["n"]!; i++) {
    if (flavour !== "plain") scores.set(i, option, scores.get(i, option) + (i === 0 ? DISTANCE : -DISTANCE));
  }
  const temperature = normal("temperature").each((x) => (flavour === "large" ? 1.5 : 0.5) + Math.abs(x) / 4);
  return { scores, temperature, V: normal("V"), target: normal("target") };
}

export const softmax = networkOf({
  name: "softmax",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: wordsOf({
    n: { one: "example" },
    options: { one: "option", count: "the number of options" },
    width: { one: "feature", count: "the number of features" },
  }),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { n: [4, 9], options: [5, 16], width: [4, 12] },
    marks: ({ options }, generator) => ({ [FAR]: { options: draw(generator, options!) } }),
    start,
    equal: [
      { id: "square", equal: ["n", "options", "width"], sizes: { n: 7, options: 7, width: 7 } },
      { id: "even", equal: ["n", "options"], forAll: true, sizes: { n: 6, options: 6, width: 9 } },
    ],
  }),
});
