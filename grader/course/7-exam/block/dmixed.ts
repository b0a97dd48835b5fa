import { build, sum } from "../../elements.ts";
import { looks } from "../../looks.ts";
import { gradientRoom } from "../../rooms.ts";
import { averaged, sign, timesItself, valueForGradient } from "../mistakes.ts";
import { forHeads } from "./functions.ts";
import { block } from "./network.ts";

export const dmixed = gradientRoom(block, {
  id: "block-dmixed",
  tensor: "mixed",
  title: "heads that are added up",
  idea: "Where heads are added up, each of them gets the whole gradient of the sum.",
  hints: {
    piece:
      "A sum over the heads forward is a copy for each head backward. Then a product with each head's own matrix; view " +
      "gives the copies their dimension.",
  },

  mistakes: [
    {
      id: "matrices-not-transposed",
      idea: "the forward product is repeated",
      sentence: "the product does not fit as it is: each head's matrix has to be transposed",
      look: looks.notTransposed,
      answer: ({ Wo, dres }) => forHeads(dres).matmul(Wo),
    },
    {
      id: "copies-forgotten",
      idea: "the gradient is multiplied as it is",
      sentence: "dres has no dimension for the heads, so its sequences meet the matrices of the heads",
      look: "Write the shapes below each other, aligned at the right. Which dimension of dres meets the heads of Wo?",
      answer: ({ Wo, dres }) => dres.matmul(Wo.transpose(1, 2)),
    },
    { ...averaged("heads"), answer: ({ Wo, dres }) => forHeads(dres).matmul(Wo.transpose(1, 2)).div(Wo.size(0)) },
    {
      id: "first-head",
      idea: "one matrix stands for all",
      sentence: "all heads get the gradient of the first one: each head has a matrix of its own",
      look: "Change a number in the last head's part of Wo. Which part of your answer changes?",
      answer: ({ Wo, dres }) => {
        const first = build([...Wo.shape], (_, k, e) => Wo.get(0, k, e));
        return forHeads(dres).matmul(first.transpose(1, 2));
      },
    },
    { ...valueForGradient("res"), answer: ({ Wo, res }) => forHeads(res).matmul(Wo.transpose(1, 2)) },
    { ...timesItself("mixed"), answer: ({ mixed, Wo, dres }) => forHeads(dres).matmul(Wo.transpose(1, 2)).mul(mixed) },
    { ...sign("mixed"), answer: ({ Wo, dres }) => forHeads(dres).matmul(Wo.transpose(1, 2)).neg() },
    {
      id: "Wo-viewed",
      idea: "view is taken for a transpose",
      sentence: "each head's matrix is given the transposed shape by view, which leaves the numbers in their order",
      look: "A transpose swaps rows and columns. Compare the second number of Wo with that of your view.",
      answer: ({ Wo, dres }) => forHeads(dres).matmul(Wo.view(Wo.size(0), Wo.size(2), Wo.size(1))),
    },
  ],

  alsoRight: [
    {
      code: `const [sequences, time, embd] = dres.shape as [number, number, number];
return Wo.matmul(dres.view(sequences, 1, time, embd).transpose(2, 3)).transpose(2, 3);`,
      why: "The transposed equation, in each head.",
    },
  ],

  forms: [
    ({ Wo, dres }) => forHeads(dres).matmul(Wo.transpose(1, 2)),
    ({ Wo, dres }) => Wo.matmul(forHeads(dres).transpose(2, 3)).transpose(2, 3),
    ({ mixed, Wo, dres }) => {
      const [sequences, heads, time] = mixed.shape as [number, number, number];
      return forHeads(dres).expand(sequences, heads, time, dres.size(2)).matmul(Wo.transpose(1, 2));
    },
    ({ mixed, Wo, dres }) => {
      const [sequences, heads, time, width] = mixed.shape as [number, number, number, number];
      // all heads' matrices side by side
      const joined = Wo.view(heads * width, -1);
      return dres.matmul(joined.T).view(sequences, time, heads, width).transpose(1, 2);
    },
    ({ mixed, Wo, dres }) =>
      build([...mixed.shape], (b, h, t, k) => sum(Wo.size(2), (e) => dres.get(b, t, e) * Wo.get(h, k, e))),
  ],
});
