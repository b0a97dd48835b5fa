import type { Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { drawInside } from "../../drawn-sizes.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { wordsOf } from "../words.ts";

const line = lineWriter();

/** A softmax with a temperature that is learned, whose probabilities weigh what each of some experts says. */
const lines = [
  line("tempered", ["scores", "temperature"], "scores / temperature", ["n", "experts"], ({ scores, temperature }) =>
    scores.div(temperature),
  ),
  line("probs", ["tempered"], "softmax(tempered, 1)", ["n", "experts"], ({ tempered }) => tempered.softmax(1)),
  line("out", ["probs", "V"], "probs @ V", ["n", "features"], ({ probs, V }) => probs.matmul(V)),
  line("loss", ["out", "target"], "((out - target) ** 2).mean()", [], ({ out, target }) =>
    out.sub(target).pow(2).mean(),
  ),
] as const;

const parameters = { scores: ["n", "experts"], temperature: [1], V: ["experts", "features"] } as const;
const inputs = { target: ["n", "features"] } as const;

/** The mark of the expert that is far below the others in each row, or far above them. */
const FAR = "far";
/** How far: a probability that is tiny, and one that float32 rounds to 1. */
const DISTANCE = 20;

function start({ sizes, flavor, marks, normal }: Drawing): Named<Tensor> {
  const scale = flavor === "sharp" ? 3 : 1;
  const scores = normal("scores", scale).add(flavor === "lifted" ? 100 : 0);
  const expert = marks[FAR]!["experts"]!;
  for (let i = 0; i < sizes["n"]!; i++) {
    if (flavor !== "plain") scores.set(i, expert, scores.get(i, expert) + (i === 0 ? DISTANCE : -DISTANCE));
  }
  const temperature = normal("temperature").each((x) => (flavor === "large" ? 1.5 : 0.5) + Math.abs(x) / 4);
  return { scores, temperature, V: normal("V"), target: normal("target") };
}

export const softmax = networkOf({
  name: "softmax",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  // what is rounded away from the scores is a relative error of the probabilities, and so of what they weigh
  settle: (value) => value,
  words: wordsOf({
    n: { one: "example" },
    experts: { one: "expert", count: "the number of experts" },
    features: { one: "feature", count: "the number of features" },
  }),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { n: [4, 9], experts: [5, 16], features: [4, 12] },
    marks: ({ experts }, generator) => ({ [FAR]: { experts: drawInside(generator, experts!) } }),
    start,
    equal: [
      { id: "square", equal: ["n", "experts", "features"], sizes: { n: 7, experts: 7, features: 7 } },
      { id: "even", equal: ["n", "experts"], forAll: true, sizes: { n: 6, experts: 6, features: 9 } },
    ],
  }),
});
