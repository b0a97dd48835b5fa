import type { Answer, Mistake } from "../../../kit/mistake.ts";

type Given = "Q" | "K" | "dscores";

/**
 * What is done to the scale of the scores.
 *
 * @param unscaled the right answer, but for its factor width ** -0.5
 */
export function scaleMistakes(tensor: "Q" | "K", unscaled: Answer<Given>): readonly Mistake<Given>[] {
  return [
    {
      id: "scale-forgotten",
      idea: "the scale is left out",
      sentence: "the scale of the scores is missing: a factor of the forward line is a factor of the gradient as well",
      look: `Let one entry of ${tensor} grow a little. Do the scores change by the dot product's change, or by a part of it?`,
      answer: (given) => unscaled(given),
    },
    {
      id: "scale-inverted",
      idea: "the scale is undone",
      sentence: "multiplied by the root of the width: forward the scores are divided by it, and so are the gradients",
      look: "A division forward makes every effect on the loss smaller. Does your factor?",
      answer: (given) => unscaled(given).mul(given.Q.size(2) ** 0.5),
    },
    {
      id: "scale-squared",
      idea: "the scale is applied to both factors",
      sentence: "divided by the width, instead of its root: the scale belongs to the product once",
      look: "How often is the scale in the forward line?",
      answer: (given) => unscaled(given).div(given.Q.size(2)),
    },
    {
      id: "scale-of-time",
      idea: "the wrong size is in the scale",
      sentence:
        "divided by the root of the number of positions: the scale is made of the width of the queries and keys",
      look: "Which size is in the forward line's scale, and in which dimension is it?",
      answer: (given) => unscaled(given).mul(given.Q.size(1) ** -0.5),
    },
  ];
}
