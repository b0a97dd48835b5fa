import type { StepHints } from "./hint.ts";

/** Part 2. */
export const fusedCrossEntropyHints: Readonly<Record<"fused-dlogits", StepHints>> = {
  "fused-dlogits": {
    ask:
      "Nothing comes from above: the lines go all the way to the loss. Which tensor of the forward pass has the " +
      "answer's shape and hardly needs a change?",
    rule:
      "On paper, for one row: the loss is minus the label's logit plus the logarithm of a sum of exponentials. The " +
      "first term has slope -1 at the label. The slope of the second by each logit is a quotient that the forward pass " +
      "has a name for. Below, n is 2: multiply the answer by 2, compare it with probs, and see which entries agree.",
    numbers: {
      logits: [
        [0, 1, 2],
        [1, 1, 1],
      ],
      Yb: [2, 0],
    },
    show: ["logits", "Yb", "probs"],
    worked: "{dlogits 0 0} + {dlogits 0 1} + {dlogits 0 2} = 0",
    piece:
      "Three parts: the probabilities of each row, which softmax along dimension 1 gives; a one at the label's column, " +
      "taken away from them; and the mean over the n examples, which scales it all. oneHot makes the rows of the second " +
      "part from the labels.",
    look: {
      sign:
        "If the label's logit grows, does the loss rise or fall? The label's entry has that sign, and all others of the " +
        "row have the opposite one.",
      sigmoid: "Sum a row of what you take the ones from: it should be one. Which function of a whole row gives that?",
      "log-probs":
        "Sum a row of what you take the ones from: it should be one, and logarithms of probabilities are negative.",
      "not-normalised": "Sum a row of what you take the ones from: it should be one.",
      "slope-besides": "Sum a row of the answer: it should be zero, and without the last factor it is.",
      "label-forgotten": "Which logit pulls the loss down when it grows? Its entry is negative in every right answer.",
      "subtracted-everywhere": "Each row of a right answer sums to zero. How many ones may be taken from it?",
      "softmax-down": "Check that each row of your probabilities sums to one.",
      "one-after-mean": "Both parts belong to the same mean. Sum a row: it is to be zero.",
      "logits-for-probs": "Sum a row of what you take the ones from: it is to be one.",
      "label-alone": "Sum a row of the answer: it is to be zero. What pushes the other characters down?",
      "winner-for-label": "The loss reads the column that Yb names, whichever logit is the largest.",
      "one-added": "Look at the entry of the label: its logit lowers the loss, so the entry is negative.",
      "divided-by-vocab": "How many numbers are averaged? One for each row, however long the rows are.",
      "divided-by-all": "How many numbers are averaged? One for each row, however long the rows are.",
    },
  },
};
