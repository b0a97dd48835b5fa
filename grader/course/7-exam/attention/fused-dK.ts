import { spanRoom } from "../../rooms.ts";
import { dKWith, dQWith, headMistakes, otherPieces } from "./fused.ts";
import { attention } from "./network.ts";

export const fusedDK = spanRoom(attention, {
  id: "attention-fused-dK",
  tensor: "K",
  from: "scores",
  to: "out",
  isDeep: true,
  given: ["Q", "K", "V", "later", "dout"],
  title: "the whole head, for the keys",
  idea: "Queries and keys share everything but the last product.",

  hints: {
    piece: "All but the last line is the same as for the queries. Only the last product differs.",
  },

  mistakes: [
    ...headMistakes(dKWith),
    {
      id: "not-transposed",
      idea: "the same last product as for the queries",
      sentence: "rows and columns of the gradient of the scores are swapped: dK has a row for each key",
      look: "Which entries of scores does key j take part in: those of row j, or those of column j?",
      answer: (given) => dKWith({ back: (w, d) => w.mul(d.sub(w.mul(d).sum(2, true))).transpose(1, 2) })(given),
    },
    {
      id: "queries-returned",
      idea: "the gradient of the queries is returned",
      sentence: "this is the gradient of the queries: that of the keys contains Q, and the scores' gradient transposed",
      look: "Which of the two factors of the scores is asked for?",
      answer: dQWith(),
    },
  ],

  alsoRight: [
    {
      code: `const scale = Q.size(2) ** -0.5;
const weights = Q.matmul(K.transpose(1, 2)).mul(scale).maskedFill(later, -Infinity).softmax(2);
const means = dout.mul(weights.matmul(V)).sum(2, keepdim);
const dscores = weights.mul(dout.matmul(V.transpose(1, 2)).sub(means));
return dscores.transpose(1, 2).matmul(Q.mul(scale));`,
      why: "The sum over a row of weights times dweights is the dot product of out and dout.",
    },
  ],

  forms: [
    ...otherPieces.map((pieces) => dKWith(pieces)),
    // the gradient of the transposed keys, transposed
    ({ Q, K, V, later, dout }) => {
      const scale = Q.size(2) ** -0.5;
      const weights = Q.matmul(K.transpose(1, 2)).mul(scale).maskedFill(later, -Infinity).softmax(2);
      const means = dout.mul(weights.matmul(V)).sum(2, true);
      const dscores = weights.mul(dout.matmul(V.transpose(1, 2)).sub(means));
      return Q.mul(scale).transpose(1, 2).matmul(dscores).transpose(1, 2);
    },
  ],
});
