import { keepdim, oneHot, ones, zerosLike, type Tensor } from "#tensor";
import { build } from "../../elements.ts";
import { spanRoom } from "../../rooms.ts";
import { embeddings } from "./network.ts";

export const dlogits = spanRoom(embeddings, {
  id: "tied-dlogits",
  tensor: "logits",
  from: "probs",
  to: "loss",
  given: ["logits", "Yb"],
  title: "a prediction after each position",
  idea: "A loss over sequences is a loss over more examples: each position of each sequence is one.",
  hints: {
    piece:
      "The formula of part 2, for each position: what is subtracted, and from which probabilities? The mean is over the " +
      "positions of all sequences.",
  },

  mistakes: [
    {
      id: "over-sequences-alone",
      idea: "the sequences are taken for the examples",
      sentence: "divided by the number of sequences alone: the mean runs over their positions as well",
      look: "How many predictions does the loss average?",
      answer: ({ logits, Yb }) => difference(logits, Yb).div(logits.size(0)),
    },
    {
      id: "over-positions-alone",
      idea: "the positions are taken for the examples",
      sentence: "divided by the number of positions alone: the mean runs over the sequences as well",
      look: "How many predictions does the loss average?",
      answer: ({ logits, Yb }) => difference(logits, Yb).div(logits.size(1)),
    },
    {
      id: "mean-forgotten",
      idea: "the mean is treated as a sum",
      sentence: "the mean over all positions of all sequences is missing",
      look: "Let the loss of one position grow by 0.6. By how much does the mean over 6 positions grow?",
      answer: ({ logits, Yb }) => difference(logits, Yb),
    },
    {
      id: "over-everything",
      idea: "the mean is over all logits",
      sentence: "divided by the number of all logits: the mean is over one number per position",
      look: "How many numbers does the last line average: one per logit, or one per position?",
      answer: ({ logits, Yb }) => difference(logits, Yb).div(logits.numel()),
    },
    {
      id: "softmax-over-positions",
      idea: "the softmax runs over the positions",
      sentence: "the softmax runs along the positions: each position has probabilities of its own, over the characters",
      look: "Along which dimension do your probabilities add up to one?",
      answer: ({ logits, Yb }) =>
        logits
          .softmax(1)
          .sub(oneHot(Yb, logits.size(2)))
          .div(Yb.numel()),
    },
    {
      id: "label-forgotten",
      idea: "the label's term is left out",
      sentence: "every character is pushed down: the pull up on the correct one is missing",
      look: "Which logit lowers the loss when it grows? Its entry is negative in every correct answer.",
      answer: ({ logits, Yb }) => logits.softmax(2).div(Yb.numel()),
    },
    {
      id: "labels-alone",
      idea: "the probabilities are left out",
      sentence: "only the labels' entries are filled: the probabilities of the other characters have gradients, too",
      look: "If the logit of another character grows, does the label's probability stay as it is?",
      answer: ({ logits, Yb }) =>
        difference(logits, Yb)
          .mul(oneHot(Yb, logits.size(2)))
          .div(Yb.numel()),
    },
    {
      id: "sign",
      idea: "the two terms of the difference are swapped",
      sentence: "the sign is flipped: a larger logit of the correct character lowers the loss",
      look: "If the label's logit grows, does the loss rise or fall? The label's entry has that sign.",
      answer: ({ logits, Yb }) => difference(logits, Yb).div(-Yb.numel()),
    },
  ],

  alsoRight: [
    {
      code: `const probs = logits.softmax(2);
const dprobs = oneHot(Yb, logits.size(2)).div(probs).div(-Yb.numel());
return probs.mul(dprobs.sub(probs.mul(dprobs).sum(2, keepdim)));`,
      why: "Line by line, through the probabilities. A probability that is 0 would make it NaN, so the fused form is the safer one.",
    },
  ],

  forms: [
    ({ logits, Yb }) => difference(logits, Yb).div(Yb.numel()),
    ({ logits, Yb }) => {
      const places = [...Yb.shape, 1] as const;
      return logits
        .softmax(2)
        .scatterAdd(2, Yb.view(...places), ones(...places).neg())
        .div(Yb.numel());
    },
    ({ logits, Yb }) => {
      const counts = logits.sub(logits.max(2, keepdim).values).exp();
      return counts
        .div(counts.sum(2, keepdim))
        .sub(oneHot(Yb, logits.size(2)))
        .mul(1 / Yb.numel());
    },
    ({ logits, Yb }) => {
      const rows = logits.view(-1, logits.size(2));
      const labels = oneHot(Yb.view(-1), logits.size(2));
      return rows.softmax(1).sub(labels).div(rows.size(0)).view(logits.shape);
    },
    ({ logits, Yb }) => {
      const probs = logits.softmax(2);
      return build([...logits.shape], (b, t, c) => (probs.get(b, t, c) - (c === Yb.get(b, t) ? 1 : 0)) / Yb.numel());
    },
    // line by line
    ({ logits, Yb }) => {
      const probs = logits.softmax(2);
      const places = [...Yb.shape, 1] as const;
      const dlogprobs = zerosLike(probs).scatterAdd(2, Yb.view(...places), ones(...places).div(-Yb.numel()));
      const dprobs = dlogprobs.div(probs);
      return probs.mul(dprobs.sub(probs.mul(dprobs).sum(2, keepdim)));
    },
  ],
});

/** The probabilities, less one at the label. */
function difference(logits: Tensor, Yb: Tensor): Tensor {
  return logits.softmax(2).sub(oneHot(Yb, logits.size(2)));
}
