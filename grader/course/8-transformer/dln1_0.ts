import { keepdim, type Tensor } from "#tensor";
import { build, flat, sum } from "../elements.ts";
import { spanRoom } from "../rooms.ts";
import { backwardAttention, throughSoftmax } from "../transformer/backward.ts";
import { intoHeads, sideBySide } from "../transformer/lines.ts";
import { transformer } from "../transformer/network.ts";

const SOFTMAX =
  "Add 1 to all scores of one query: its weights stay as they are. So what must a row of the scores' gradient sum to?";
const THREE = "Read the lines of q, k and v: what do all three of them use?";
const PAIR = "weights[i, j] is how much query i takes of value j. Which of the two does a row belong to?";

const names = ["ln1_0", "Wq_0", "Wk_0", "Wv_0", "q_0", "k_0", "v_0", "later", "weights_0", "dmixed_0"] as const;

type Given = Readonly<Record<(typeof names)[number], Tensor>>;

/** What can be wrong in the backward pass of the heads. */
interface Changes {
  readonly softmax?: typeof throughSoftmax;
  readonly scale?: number;
  readonly through?: readonly [q: number, k: number, v: number];
}

/** Other ways through the softmax and the heads. */
interface Ways {
  readonly softmax?: typeof throughSoftmax;
  readonly into?: typeof intoHeads;
  readonly beside?: typeof sideBySide;
  readonly through?: readonly [q: number, k: number, v: number];
}

export const dln1_0 = spanRoom(transformer, {
  id: "dln1_0",
  title: "back through four heads",
  tensor: "ln1_0",
  from: "q_0",
  to: "mixed_0",
  given: names,

  idea: "Attention uses its input three times, as queries, keys and values, so three gradients meet there.",

  hints: {
    ask:
      "Which shapes do the tensors have inside the heads, and which products of two of them, [time, time] and [time, " +
      "head], give a gradient of the shape that you need next?",
    rule:
      "mixed is weights @ v, a product like any other: one gradient for the weights, one for the values. Through the " +
      "softmax, row by row: the weights times what is left of their gradient when its weighted sum over the row is " +
      "subtracted. Then the scale, and the product q @ k transposed: one gradient for queries, one for keys. Masked " +
      "weights are 0, and so is what goes back through them. Last, Wq, Wk and Wv transposed, and a sum of three. Below is " +
      "the second place of two, in the first of four heads of width 1; the other heads have zeros.",
    numbers: {
      // half the logarithm of 3: the scores of the second place differ by it times 3 - 1, so its weights are 1/4 and 3/4
      ln1_0: [
        [
          [0.1, 0, 0, 0],
          [0.3, Math.log(3) / 2, 0, 0],
        ],
      ],
      Wq_0: [
        [0, 0, 0, 0],
        [1, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      k_0: [
        [
          [[1], [3]],
          [[0], [0]],
          [[0], [0]],
          [[0], [0]],
        ],
      ],
      v_0: [
        [
          [[2], [6]],
          [[0], [0]],
          [[0], [0]],
          [[0], [0]],
        ],
      ],
      q_0: [
        [
          [[0], [Math.log(3) / 2]],
          [[0], [0]],
          [[0], [0]],
          [[0], [0]],
        ],
      ],
      weights_0: [
        [
          [
            [1, 0],
            [0.25, 0.75],
          ],
          [
            [1, 0],
            [0.5, 0.5],
          ],
          [
            [1, 0],
            [0.5, 0.5],
          ],
          [
            [1, 0],
            [0.5, 0.5],
          ],
        ],
      ],
      later: [
        [0, 1],
        [0, 0],
      ],
      Wk_0: [
        [10, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      Wv_0: [
        [20, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 0, 0],
      ],
      dmixed_0: [
        [
          [0, 0, 0, 0],
          [2, 0, 0, 0],
        ],
      ],
    },
    sizes: { heads: 4, head: 1 },
    show: ["dmixed_0"],
    worked:
      "dln1_0[0, 1, 1] = {weights_0 0 0 1 0} * (4 - 10) * {k_0 0 0 0 0} + {weights_0 0 0 1 1} * (12 - 10) * {k_0 0 0 1 0}",
    piece:
      "view with batch, time, 4 and embd / 4, and then transpose(1, 2), go into the heads, as in the forward pass; " +
      "transpose(1, 2) and then view with batch, time and embd come back out. matmul works on [batch, 4, time, head] as it is, and " +
      "transpose(2, 3) transposes there. The scale is one over the root of the width of a head.",
  },

  looks: {
    sign: "Let one value grow: every query that takes some of it grows by its weight, and no weight is below 0. Which sign has dv next to dmixed?",
  },

  mistakes: [
    {
      id: "scale-forgotten",
      idea: "the scores' scale is forgotten",
      sentence: "the scale of the scores is missing on the way back to queries and keys",
      look: "The line of scores has a factor besides the product. Where does it go in the backward pass?",
      answer: (given) => backward(given, { scale: 1 }),
    },
    {
      id: "scale-by-channels",
      idea: "the scale is taken from the number of channels",
      sentence:
        "the scale is one over the root of the number of channels: in the scores it is that of the width of a head",
      look: "How many numbers has a query of one head?",
      answer: (given) => backward(given, { scale: given.ln1_0.size(2) ** -0.5 }),
    },
    {
      id: "scale-twice",
      idea: "the scale is applied twice",
      sentence: "the scale of the scores is applied twice on the way back to queries and keys",
      look: "The line of scores has one factor besides the product. How often may it appear on the way to a query?",
      answer: (given) => backward(given, { scale: 1 / given.q_0.size(3) }),
    },
    {
      id: "softmax-sum-missing",
      idea: "the softmax is passed as if it were an exponential",
      sentence: "the sum is missing in the softmax's backward pass: each score also moves the other weights of its row",
      look: SOFTMAX,
      answer: (given) => backward(given, { softmax: (weights, dweights) => weights.mul(dweights) }),
    },
    {
      id: "softmax-mean",
      idea: "the mean of the gradient is subtracted, not the weighted sum",
      sentence:
        "in the softmax's backward pass, the plain mean of the row is subtracted: it should be the sum weighted by the weights",
      look: SOFTMAX,
      answer: (given) => backward(given, { softmax: (weights, d) => weights.mul(d.sub(d.mean(-1, keepdim))) }),
    },
    {
      id: "softmax-skipped",
      idea: "the softmax is left out",
      sentence:
        "the gradient of the weights goes on to the scores as it is: the softmax has a backward pass of its own",
      look: SOFTMAX,
      answer: (given) => backward(given, { softmax: (_, dweights) => dweights.maskedFill(given.later, 0) }),
    },
    {
      id: "softmax-skipped-masked-too",
      idea: "the softmax and the mask are left out",
      sentence:
        "the gradient of the weights goes on to the scores as it is, also where they are masked: the softmax has a backward pass of its own",
      look: SOFTMAX,
      answer: (given) => backward(given, { softmax: (_, dweights) => dweights }),
    },
    {
      id: "softmax-as-sigmoid",
      idea: "the softmax is differentiated weight by weight",
      sentence:
        "the softmax is treated as a function of each score alone, with the slope w * (1 - w): each score also moves the other weights of its row",
      look: SOFTMAX,
      answer: (given) => backward(given, { softmax: (weights, d) => d.mul(weights.sub(weights.mul(weights))) }),
    },
    {
      id: "softmax-over-queries",
      idea: "the softmax's sum runs over the queries",
      sentence: "the sum in the softmax's backward pass runs over the queries: it runs along the row of each query",
      look: PAIR,
      answer: (given) =>
        backward(given, { softmax: (weights, d) => weights.mul(d.sub(weights.mul(d).sum(2, keepdim))) }),
    },
    {
      id: "softmax-plain-sum",
      idea: "the sum in the softmax's backward pass has no weights",
      sentence:
        "in the softmax's backward pass, the plain sum of the row is subtracted: it should be the sum weighted by the weights",
      look: SOFTMAX,
      answer: (given) => backward(given, { softmax: (weights, d) => weights.mul(d.sub(d.sum(-1, keepdim))) }),
    },
    {
      id: "own-place-masked",
      idea: "the diagonal is masked as well",
      sentence: "the scores of each place with itself pass nothing back: only later places are masked",
      look: "Which entries of `later` are 0? A query also asks its own place.",
      answer: (given) =>
        backward(given, {
          softmax: (weights, dweights) => {
            const own = build(given.later.shape, (i, j) => (i === j ? 0 : 1));
            return throughSoftmax(weights, dweights).mul(own);
          },
        }),
    },
    {
      id: "values-alone",
      idea: "only the values pass something back",
      sentence: "only the branch through the values is there: queries and keys are missing",
      look: THREE,
      answer: (given) => backward(given, { through: [0, 0, 1] }),
    },
    {
      id: "queries-alone",
      idea: "only the queries pass something back",
      sentence: "only the branch through the queries is there: keys and values are missing",
      look: THREE,
      answer: (given) => backward(given, { through: [1, 0, 0] }),
    },
    {
      id: "scores-not-transposed",
      idea: "the scores' gradient is not transposed for the keys",
      sentence: "in the gradient of the keys, the gradient of the scores is not transposed",
      look: "scores[i, j] is query i with key j. Which of the two does a row belong to?",
      answer: (given) => withParts(given, ({ dscores, q }) => ({ dk: dscores.matmul(q) })),
    },
    {
      id: "heads-viewed",
      idea: "the heads are put side by side by a view alone",
      sentence: "the heads are put side by side by a view alone: before it, transpose(1, 2) swaps heads and places",
      look: "A view keeps the order of the numbers. Which dimension comes after the batch in q, and which in ln1?",
      answer: (given) => withParts(given, () => ({}), { beside: (x) => x.view(...given.dmixed_0.shape) }),
    },
    {
      id: "upstream-viewed",
      idea: "the upstream gradient goes into the heads by a view alone",
      sentence:
        "the upstream gradient goes into the heads by a view alone: after it, transpose(1, 2) swaps places and heads",
      look: "A view keeps the order of the numbers. Which dimension comes after the batch in dmixed, and which in q?",
      answer: (given) => withParts(given, () => ({}), { into: (x) => x.view(...given.q_0.shape) }),
    },
    {
      id: "matrices-not-transposed",
      idea: "Wq, Wk and Wv are not transposed",
      sentence: "the gradients of queries, keys and values are multiplied by Wq, Wk and Wv: they should be transposed",
      look: "Part 1: in the gradient of a product, the other factor is transposed. A square matrix fits either way.",
      answer: (given) => backward({ ...given, Wq_0: given.Wq_0.T, Wk_0: given.Wk_0.T, Wv_0: given.Wv_0.T }, {}),
    },
    {
      id: "queries-missing",
      idea: "the queries pass nothing back",
      sentence: "the branch through the queries is missing",
      look: THREE,
      answer: (given) => backward(given, { through: [0, 1, 1] }),
    },
    {
      id: "keys-missing",
      idea: "the keys pass nothing back",
      sentence: "the branch through the keys is missing",
      look: THREE,
      answer: (given) => backward(given, { through: [1, 0, 1] }),
    },
    {
      id: "values-missing",
      idea: "the values pass nothing back",
      sentence: "the branch through the values is missing: attention also mixes them",
      look: THREE,
      answer: (given) => backward(given, { through: [1, 1, 0] }),
    },
    {
      id: "weights-not-transposed",
      idea: "the weights are not transposed for the values",
      sentence: "in the gradient of the values, the weights are not transposed",
      look: PAIR,
      answer: (given) => {
        const { dq, dk } = backwardAttention(given0(given), given.dmixed_0);
        const dv = sideBySide(given.weights_0.matmul(intoHeads(given.dmixed_0)));
        return dq.matmul(given.Wq_0.T).add(dk.matmul(given.Wk_0.T)).add(dv.matmul(given.Wv_0.T));
      },
    },
    {
      id: "matrices-swapped",
      idea: "the gradients of queries and keys go through each other's matrix",
      sentence: "the gradient of the queries goes back through Wk, and that of the keys through Wq",
      look: THREE,
      answer: (given) => {
        const { dq, dk, dv } = backwardAttention(given0(given), given.dmixed_0);
        return dq.matmul(given.Wk_0.T).add(dk.matmul(given.Wq_0.T)).add(dv.matmul(given.Wv_0.T));
      },
    },
  ],

  alsoRight: [],

  forms: [
    (given) => backward(given, {}),
    (given) => backwardAttention(given0(given), given.dmixed_0).dln1,
    // the softmax element by element
    (given) =>
      backward(given, {
        softmax: (weights, dweights) => {
          const time = weights.size(3);
          const rows = build([...weights.shape.slice(0, 3), 1], (b, n, i) =>
            sum(time, (k) => weights.get(b!, n!, i!, k) * dweights.get(b!, n!, i!, k)),
          );
          return weights.mul(dweights.sub(rows));
        },
      }),
    // half of the scale on the queries and half on the keys
    (given) => {
      const scale = given.q_0.size(3) ** -0.25;
      const [q, k] = [given.q_0.mul(scale), given.k_0.mul(scale)];
      const dheads = intoHeads(given.dmixed_0);
      const dscores = throughSoftmax(given.weights_0, dheads.matmul(given.v_0.transpose(2, 3)));
      const dq = sideBySide(dscores.matmul(k)).mul(scale);
      const dk = sideBySide(dscores.transpose(2, 3).matmul(q).mul(scale));
      const dv = sideBySide(given.weights_0.transpose(2, 3).matmul(dheads));
      return dv.matmul(given.Wv_0.T).add(dk.matmul(given.Wk_0.T)).add(dq.matmul(given.Wq_0.T));
    },
    // all places as rows of one matrix
    (given) => {
      const { dq, dk, dv } = backwardAttention(given0(given), given.dmixed_0);
      const sums = flat(dq).matmul(given.Wq_0.T).add(flat(dk).matmul(given.Wk_0.T));
      return sums.add(flat(dv).matmul(given.Wv_0.T)).view(dq.shape);
    },
  ],
});

/** The backward pass of the heads, with some of its parts replaced. */
function backward(given: Given, { softmax = throughSoftmax, scale, through = [1, 1, 1] }: Changes): Tensor {
  const by = scale ?? given.q_0.size(3) ** -0.5;
  return withParts(given, () => ({}), { through, softmax: (weights, d) => softmax(weights, d).mul(by) });
}

/** The same with other gradients of the three, or with another way into the heads or out of them. */
function withParts(
  given: Given,
  others: (parts: { dscores: Tensor; q: Tensor }) => { dk?: Tensor },
  {
    softmax = (weights, d) => throughSoftmax(weights, d).mul(given.q_0.size(3) ** -0.5),
    into = intoHeads,
    beside = sideBySide,
    through: [a, b, c] = [1, 1, 1],
  }: Ways = {},
): Tensor {
  const { q_0: q, k_0: k, v_0: v, weights_0: weights } = given;
  const dheads = into(given.dmixed_0);
  const dscores = softmax(weights, dheads.matmul(v.transpose(2, 3)));
  const { dk = dscores.transpose(2, 3).matmul(q) } = others({ dscores, q });
  const dq = beside(dscores.matmul(k)).matmul(given.Wq_0.T);
  const dv = beside(weights.transpose(2, 3).matmul(dheads)).matmul(given.Wv_0.T);
  return dq.mul(a).add(beside(dk).matmul(given.Wk_0.T).mul(b)).add(dv.mul(c));
}

/** The tensors without the block's number. */
function given0({
  Wq_0: Wq,
  Wk_0: Wk,
  Wv_0: Wv,
  q_0: q,
  k_0: k,
  v_0: v,
  weights_0: weights,
}: Given): Parameters<typeof backwardAttention>[0] {
  return { Wq, Wk, Wv, q, k, v, weights };
}
