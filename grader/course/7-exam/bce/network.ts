import { tensor, type Tensor } from "#tensor";
import { lineWriter } from "../../../network/line.ts";
import type { Named } from "../../../network/named.ts";
import { networkOf } from "../../../network/network.ts";
import { batchesOf, type Drawing } from "../batches.ts";
import { wordsOf } from "../words.ts";

const line = lineWriter();

/** A sigmoid, a linear layer, and the binary cross-entropy of its logits, one task per column. */
const lines = [
  line("gate", ["x"], "sigmoid(x)", ["n", "features"], ({ x }) => x.sigmoid()),
  line("logits", ["gate", "W", "b"], "gate @ W + b", ["n", "tasks"], ({ gate, W, b }) => gate.matmul(W).add(b)),
  line("loss", ["logits", "target"], "(softplus(logits) - target * logits).mean()", [], ({ logits, target }) =>
    logits.softplus().sub(target.mul(logits)).mean(),
  ),
] as const;

const parameters = { x: ["n", "features"], W: ["features", "tasks"], b: ["tasks"] } as const;
const inputs = { target: ["n", "tasks"] } as const;

/** Added to two columns of logits: so far from 0 that the logarithm of a rounded probability is that of 0 or 1. */
const SURE = 30;
/** So far that an exponential overflows in float32; the other end stays where the smallest probability has all its digits. */
const OVERFLOWING = 100;
const LEAST = -60;

function start({ sizes, flavor, generator, normal }: Drawing): Named<Tensor> {
  const { n, tasks } = sizes as { n: number; tasks: number };
  const answers = Array.from(generator.randint(0, 2, n, tasks).toArray());
  const b = normal("b");
  if (flavor !== "plain") {
    const [high, low] = flavor === "lifted" ? [OVERFLOWING, LEAST] : [SURE, -SURE];
    const [one, other] = generator.randperm(tasks);
    b.set(one!, high).set(other!, low);
  }
  const scale = flavor === "sharp" ? 4 : 1;
  return {
    x: normal("x", 2 * scale),
    W: normal("W", scale / Math.sqrt(sizes["features"]!)),
    b,
    // some targets are no certainties, as with smoothed labels, those of the last task among them
    target: tensor(
      Array.from(answers, (answer, i) => (i % 3 === 2 || i % tasks === tasks - 1 ? 0.25 + answer / 2 : answer)),
      [n, tasks],
    ),
  };
}

export const bce = networkOf({
  name: "bce",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  // what is rounded away from the logits is a relative error of small probabilities
  settle: (value, output) => (output === "logits" ? value : value.given()),
  words: wordsOf({
    n: { one: "example" },
    features: { one: "feature", count: "the number of features" },
    tasks: { one: "task", count: "the number of tasks" },
  }),
  batches: batchesOf({
    lines,
    shapes: { ...parameters, ...inputs },
    sizes: { n: [4, 9], features: [4, 12], tasks: [5, 16] },
    start,
    equal: [
      { id: "square", equal: ["n", "features", "tasks"], sizes: { n: 7, features: 7, tasks: 7 } },
      { id: "even", equal: ["features", "tasks"], forAll: true, sizes: { n: 5, features: 8, tasks: 8 } },
    ],
  }),
});
