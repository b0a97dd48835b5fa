import { keepdim, type Tensor } from "#tensor";
import type { Answer, Mistake } from "../../../kit/mistake.ts";

export type HeadGiven = "Q" | "K" | "V" | "later" | "dout";
type Given = Readonly<Record<HeadGiven, Tensor>>;

/** The head's pieces, each of which a mistake can replace. */
interface Pieces {
  /** The scores before the mask, shape [sequences, time, time]. */
  readonly scores: (given: Given) => Tensor;
  readonly masked: (scores: Tensor, later: Tensor) => Tensor;
  readonly weights: (masked: Tensor) => Tensor;
  /** From the gradient of the weights to that of the scores. */
  readonly back: (weights: Tensor, dweights: Tensor) => Tensor;
  /** The factor of the answer. */
  readonly scale: (width: number) => number;
}

const right: Pieces = {
  scores: ({ Q, K }) => Q.matmul(K.transpose(1, 2)).mul(Q.size(2) ** -0.5),
  masked: (scores, later) => scores.maskedFill(later, -Infinity),
  weights: (masked) => masked.softmax(2),
  back: (weights, dweights) => weights.mul(dweights.sub(weights.mul(dweights).sum(2, keepdim))),
  scale: (width) => width ** -0.5,
};

/** The gradient of the scores and the scale of the answer, with some pieces replaced. */
function throughHead(given: Given, others: Partial<Pieces>): { dscores: Tensor; scale: number } {
  const { scores, masked, weights, back, scale } = { ...right, ...others };
  const { Q, V, later, dout } = given;
  const probabilities = weights(masked(scores(given), later));
  return { dscores: back(probabilities, dout.matmul(V.transpose(1, 2))), scale: scale(Q.size(2)) };
}

/** The gradient of the queries, or of the keys, with some pieces replaced. */
export const dQWith =
  (others: Partial<Pieces> = {}): Answer<HeadGiven> =>
  (given) => {
    const { dscores, scale } = throughHead(given, others);
    return dscores.matmul(given.K).mul(scale);
  };
export const dKWith =
  (others: Partial<Pieces> = {}): Answer<HeadGiven> =>
  (given) => {
    const { dscores, scale } = throughHead(given, others);
    return dscores.transpose(1, 2).matmul(given.Q).mul(scale);
  };

/** The known mistakes of the whole head, for either answer. */
export function headMistakes(answer: (others: Partial<Pieces>) => Answer<HeadGiven>): readonly Mistake<HeadGiven>[] {
  return [
    {
      id: "mask-forgotten",
      idea: "the head is computed without its mask",
      sentence: "the mask is missing: the probabilities include positions that come later",
      look: "Compute the weights again: is everything above the diagonal zero?",
      answer: answer({ masked: (scores) => scores }),
    },
    {
      id: "masked-by-zero",
      idea: "masked scores are set to zero",
      sentence: "masked scores are 0 before the softmax: exp turns that into 1, and only minus infinity into 0",
      look: "What is exp of 0?",
      answer: answer({ masked: (scores, later) => scores.maskedFill(later, 0) }),
    },
    {
      id: "scale-forgotten-backward",
      idea: "the scale is used forward alone",
      sentence: "the scale is missing on the way back: the scores contain it, and so does their gradient",
      look: "How often does the scale occur: in the scores, and then again in the step from the scores to Q or K?",
      answer: answer({ scale: () => 1 }),
    },
    {
      id: "scale-forgotten-forward",
      idea: "the scale is used backward alone",
      sentence: "the scale is missing in the scores: the probabilities are sharper than those of the forward pass",
      look: "Compute the weights again, line by line, as the comment shows.",
      answer: answer({ scores: ({ Q, K }) => Q.matmul(K.transpose(1, 2)) }),
    },
    {
      id: "others-forgotten",
      idea: "the softmax is taken for a function of each element",
      sentence: "each score moves only its own weight here: it also moves all other weights of its row",
      look: "If one score of a row grows, what happens to the other weights?",
      answer: answer({ back: (weights, dweights) => dweights.mul(weights).mul(weights.neg().add(1)) }),
    },
    {
      id: "sum-forgotten",
      idea: "the softmax is taken for an exponential",
      sentence: "the sum over the row is missing on the way back through the softmax",
      look: "The gradient of each row of scores adds up to zero. Does yours?",
      answer: answer({ back: (weights, dweights) => weights.mul(dweights) }),
    },
    {
      id: "softmax-down",
      idea: "the softmax runs over the queries",
      sentence: "the softmax runs down the queries: each query has its own probabilities, along its row",
      look: "Along which dimension do the weights add up to one?",
      answer: answer({ weights: (masked) => masked.softmax(1) }),
    },
    {
      id: "sign",
      idea: "a stray minus sign",
      sentence: "the sign is flipped",
      look: "The lines contain a minus sign only in the mask. Where does yours come from?",
      answer: answer({ scale: (width) => -(width ** -0.5) }),
    },
    {
      id: "masked-by-zero-twice",
      idea: "masked scores are set to zero, forward and back",
      sentence:
        "masked scores are 0 before the softmax, forward and back: exp turns that into 1, so the other weights of the row are too small",
      look: "Compute the weights again: is everything above the diagonal zero, and does each row add up to 1?",
      answer: (given) =>
        answer({
          masked: (scores, later) => scores.maskedFill(later, 0),
          back: (weights, dweights) => right.back(weights, dweights).maskedFill(given.later, 0),
        })(given),
    },
    {
      id: "masked-after",
      idea: "the mask is applied to the weights",
      sentence: "the mask is applied behind the softmax: then the rows of the weights no longer add up to 1",
      look: "Which of the two lines comes first: masked, or weights?",
      answer: (given) =>
        answer({ masked: (scores) => scores, weights: (scores) => scores.softmax(2).maskedFill(given.later, 0) })(
          given,
        ),
    },
    {
      id: "mask-transposed",
      idea: "the mask is the wrong way round",
      sentence: "the mask is transposed: each position reads itself and what comes after it",
      look: "later is 1 above the diagonal. Which weights of the first row are left?",
      answer: answer({ masked: (scores, later) => scores.maskedFill(later.T, -Infinity) }),
    },
    {
      id: "softmax-down-twice",
      idea: "the softmax runs over the queries, forward and back",
      sentence:
        "the softmax runs down the queries, forward and back: each query has its own probabilities, along its row",
      look: "Along which dimension do the weights add up to one?",
      answer: answer({
        weights: (masked) => masked.softmax(1),
        back: (weights, dweights) => weights.mul(dweights.sub(weights.mul(dweights).sum(1, keepdim))),
      }),
    },
  ];
}

/** Other ways through the head. */
export const otherPieces: readonly Partial<Pieces>[] = [
  {},
  { masked: (scores, later) => scores.sub(later.float().mul(1e9)) },
  {
    weights: (masked) => {
      const counts = masked.sub(masked.max(2, keepdim).values).exp();
      return counts.div(counts.sum(2, keepdim));
    },
  },
  {
    back: (weights, dweights) => {
      const products = weights.mul(dweights);
      return products.sub(weights.mul(products.sum(2, keepdim)));
    },
  },
  { scores: ({ Q, K }) => Q.div(Math.sqrt(Q.size(2))).matmul(K.transpose(1, 2)) },
];
