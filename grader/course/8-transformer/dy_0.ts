import { keepdim, type Tensor } from "#tensor";
import { build, flat, sum } from "../elements.ts";
import { spanRoom } from "../rooms.ts";
import { backwardNeurons, slopeAt, throughNorm } from "../transformer/backward.ts";
import { transformer } from "../transformer/network.ts";
import { gainLast, normWith, overPlaces } from "./dx_2.ts";

const AROUND =
  "The neurons compute something from y and add it to y. How many branches lead back from the sum to y, and what does " +
  "the one around the neurons pass on?";
const NORM =
  "Step 5 has the backward pass of a layer norm: which two terms does it subtract, and what multiplies them?";

type Given = Readonly<Record<"gain2_0" | "inv2_0" | "raw2_0" | "W1_0" | "h_0" | "W2_0" | "dx_1", Tensor>>;

/** What can be wrong in the backward pass of the neurons. */
interface Changes {
  readonly norm?: typeof throughNorm;
  readonly slope?: typeof slopeAt;
  /** How often the gradient goes around. */
  readonly around?: number;
}

export const dy_0 = spanRoom(transformer, {
  id: "dy_0",
  title: "back through the neurons, and around them",
  tensor: "y_0",
  from: "diff2_0",
  to: "x_1",
  given: ["gain2_0", "inv2_0", "raw2_0", "W1_0", "h_0", "W2_0", "dx_1"],
  recover: ({ raw2_0, inv2_0, W1_0, W2_0, gain2_0 }) => {
    const diff2_0 = raw2_0!.div(inv2_0!).given();
    return {
      diff2_0,
      y_0: diff2_0,
      bias2_0: gain2_0!.newZeros(gain2_0!.shape),
      b1_0: W1_0!.newZeros([W1_0!.shape[1]!]),
      b2_0: W2_0!.newZeros([W2_0!.shape[1]!]),
    };
  },

  idea: "A residual connection is a sum: the gradient of the output reaches the input whole, and what was computed on the way adds its own.",

  hints: {
    ask:
      "Go back through the lines from the last one. At which of them does the gradient split into a branch through the " +
      "neurons and one around them, and where do the two meet again?",
    rule:
      "Through the neurons: times W2 transposed, times the slope of tanh, times W1 transposed, then the layer norm of " +
      "step 5. Around them: dx_1 as it is. The answer is the sum of the two. Below, 4 goes back through a weight of 2 and a " +
      "slope of 0.75.",
    numbers: {
      raw2_0: [[[1, -1, 1, -1]]],
      inv2_0: [[[0.5]]],
      gain2_0: [1, 1, 1, 1],
      W1_0: [[1], [0], [0], [0]],
      h_0: [[[0.5]]],
      W2_0: [[2, 0, 0, 0]],
      dx_1: [[[4, 0, 0, 0]]],
    },
    show: ["raw2_0", "inv2_0", "h_0", "W2_0", "dx_1"],
    worked: "dy_0[0, 0, 0] = {dx_1 0 0 0} + {inv2_0 0 0 0} * (6 - 6 / 4 - {raw2_0 0 0 0} * 6 / 4)",
    piece:
      "matmul takes [batch, time, embd] and a matrix as they are. h holds the values of tanh, so the slope is 1 minus its " +
      "square. A function for the layer norm is worth writing: the training step uses it five times.",
  },

  looks: {
    sign: "The residual path brings dx_1 to the answer as it is. With which sign does it arrive?",
  },

  mistakes: [
    {
      id: "around-missing",
      idea: "the residual connection is forgotten",
      sentence: "nothing goes around the neurons: their output is added to y, so y gets the upstream gradient as well",
      look: AROUND,
      answer: (given) => backward(given, { around: 0 }),
    },
    {
      id: "through-missing",
      idea: "only what goes around is returned",
      sentence: "only the branch around the neurons is there: the one through them is missing",
      look: AROUND,
      answer: ({ dx_1 }) => dx_1.clone(),
    },
    {
      id: "around-twice",
      idea: "the residual is added twice",
      sentence: "the upstream gradient is added twice: there is one branch around the neurons",
      look: AROUND,
      answer: (given) => backward(given, { around: 2 }),
    },
    {
      id: "slope-forgotten",
      idea: "the slope of tanh is forgotten",
      sentence: "the slope of tanh is missing between W2 and W1",
      look: "h holds the values of tanh: the slope there is 1 minus their square.",
      answer: (given) => backward(given, { slope: (h) => h.mul(0).add(1) }),
    },
    {
      id: "slope-of-value",
      idea: "1 - h is taken for the slope",
      sentence: "the slope is 1 minus h: it should be 1 minus the square of h",
      look: "Where h is -0.5, can the slope be larger than 1?",
      answer: (given) => backward(given, { slope: (h) => h.neg().add(1) }),
    },
    {
      id: "norm-constant",
      idea: "the layer norm only scales",
      sentence: "mean and variance are treated as constants in the layer norm",
      look: NORM,
      answer: (given) => backward(given, { norm: normWith({ mean: 0, along: 0 }) }),
    },
    {
      id: "norm-mean-missing",
      idea: "the mean's term is forgotten",
      sentence: "the mean's term of the layer norm is missing",
      look: NORM,
      answer: (given) => backward(given, { norm: normWith({ mean: 0 }) }),
    },
    {
      id: "norm-variance-missing",
      idea: "the variance's term is forgotten",
      sentence: "the variance's term of the layer norm is missing",
      look: NORM,
      answer: (given) => backward(given, { norm: normWith({ along: 0 }) }),
    },
    {
      id: "norm-skipped",
      idea: "the layer norm is skipped",
      sentence: "the gradient of ln2 is added as it is: between it and y is the layer norm",
      look: NORM,
      answer: (given) => backward(given, { norm: (dln) => dln }),
    },
    {
      id: "gain-last",
      idea: "the gain is multiplied in at the end",
      sentence:
        "the gain is multiplied in behind the layer norm: it differs from channel to channel, so it belongs inside the " +
        "two means",
      look: NORM,
      answer: (given) => backward(given, { norm: gainLast }),
    },
    {
      id: "norm-over-places",
      idea: "the means run over the places of a sequence",
      sentence: "the two means of the layer norm run over the places of a sequence: each place has its own",
      look: NORM,
      answer: (given) => backward(given, { norm: overPlaces }),
    },
    {
      id: "gain-forgotten",
      idea: "the gain is forgotten",
      sentence: "the gain is missing: it scales the gradient of ln2 before mean and variance are taken out",
      look: NORM,
      answer: (given) =>
        backward(given, { norm: (dln, gain, raw, inv) => throughNorm(dln, gain.mul(0).add(1), raw, inv) }),
    },
    {
      id: "norm-variance-added",
      idea: "the variance's term has the wrong sign",
      sentence: "the variance's term of the layer norm is added: it is subtracted",
      look: NORM,
      answer: (given) => backward(given, { norm: normWith({ along: -1 }) }),
    },
    {
      id: "norm-sums",
      idea: "the layer norm's terms are sums",
      sentence: "the two terms of the layer norm are sums over the channels: they should be means",
      look: NORM,
      answer: (given) =>
        backward(given, { norm: normWith({ mean: given.raw2_0.size(2), along: given.raw2_0.size(2) }) }),
    },
    {
      id: "around-after-gain",
      idea: "the residual is added between the gain and the rest of the layer norm",
      sentence: "the upstream gradient is added to the gradient of raw2: what goes around does not go through the norm",
      look: AROUND,
      answer: (given) =>
        backward(given, {
          norm: (dln, gain, raw, inv) => throughNorm(dln.mul(gain).add(given.dx_1), gain.mul(0).add(1), raw, inv),
          around: 0,
        }),
    },
    {
      id: "around-inside",
      idea: "the residual is added before the layer norm",
      sentence: "the upstream gradient is added before the layer norm: what goes around does not go through the norm",
      look: AROUND,
      answer: (given) =>
        throughNorm(
          backwardNeurons(valuesOf(given), given.dx_1).dln2.add(given.dx_1),
          given.gain2_0,
          given.raw2_0,
          given.inv2_0,
        ),
    },
  ],

  alsoRight: [
    {
      code: `const dpre = dx_1.matmul(W2_0.T).mul(h_0.mul(h_0).sub(1).neg());
const draw = dpre.matmul(W1_0.T.mul(gain2_0));
const embd = raw2_0.size(2);
const sums = draw.sum(-1, keepdim).add(raw2_0.mul(draw.mul(raw2_0).sum(-1, keepdim)));
return draw.mul(embd).sub(sums).mul(inv2_0.div(embd)).add(dx_1);`,
      why: "The gain scales the columns of W1 transposed, and the norm has part 3's bracket.",
    },
  ],

  forms: [
    (given) => backward(given, {}),
    (given) => {
      const [embd, draw] = [given.raw2_0.size(2), backwardNeurons(valuesOf(given), given.dx_1).dln2.mul(given.gain2_0)];
      const sums = draw.sum(-1, keepdim).add(given.raw2_0.mul(draw.mul(given.raw2_0).sum(-1, keepdim)));
      return draw.mul(embd).sub(sums).mul(given.inv2_0.div(embd)).add(given.dx_1);
    },
    // all places as rows of one matrix
    ({ gain2_0, inv2_0, raw2_0, W1_0, h_0, W2_0, dx_1 }) => {
      const dpre = flat(dx_1)
        .matmul(W2_0.T)
        .mul(slopeAt(flat(h_0)));
      const dln = dpre.matmul(W1_0.T);
      return throughNorm(dln, gain2_0, flat(raw2_0), inv2_0.view(-1, 1)).add(flat(dx_1)).view(dx_1.shape);
    },
    ({ gain2_0, inv2_0, raw2_0, W1_0, h_0, W2_0, dx_1 }) => {
      const dln2 = dx_1.matmul(W2_0.T).mul(slopeAt(h_0)).matmul(W1_0.T);
      const embd = raw2_0.size(2);
      return build([...raw2_0.shape], (b, t, j) => {
        const draw = (c: number): number => dln2.get(b!, t!, c) * gain2_0.get(c);
        const mean = sum(embd, draw) / embd;
        const along = sum(embd, (c) => draw(c) * raw2_0.get(b!, t!, c)) / embd;
        const through = (draw(j!) - mean - raw2_0.get(b!, t!, j!) * along) * inv2_0.get(b!, t!, 0);
        return dx_1.get(b!, t!, j!) + through;
      });
    },
    ({ gain2_0, inv2_0, raw2_0, W1_0, h_0, W2_0, dx_1 }) => {
      const draw = dx_1.matmul(W2_0.T.mul(1)).mul(h_0.mul(h_0).sub(1).neg()).matmul(W1_0.T.mul(gain2_0));
      const diff = raw2_0.div(inv2_0);
      const dinv = draw.mul(diff).sum(-1, keepdim);
      const ddiff = draw.mul(inv2_0).sub(diff.mul(dinv.mul(inv2_0.pow(2).mul(inv2_0))).div(raw2_0.size(2)));
      return dx_1.add(ddiff.sub(ddiff.mean(-1, keepdim)));
    },
  ],
});

/** The backward pass of the neurons, with some of its parts replaced. */
function backward(given: Given, { norm = throughNorm, slope = slopeAt, around = 1 }: Changes): Tensor {
  const { gain2, inv2, raw2, W1, h, W2 } = valuesOf(given);
  const dln2 = given.dx_1.matmul(W2.T).mul(slope(h)).matmul(W1.T);
  return norm(dln2, gain2, raw2, inv2).add(given.dx_1.mul(around));
}

/** The tensors without the block's number. */
function valuesOf({
  gain2_0: gain2,
  inv2_0: inv2,
  raw2_0: raw2,
  W1_0: W1,
  h_0: h,
  W2_0: W2,
}: Given): Parameters<typeof backwardNeurons>[0] {
  return { gain2, inv2, raw2, W1, h, W2 };
}
