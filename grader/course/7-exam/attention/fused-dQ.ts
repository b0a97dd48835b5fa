import { build, sum } from "../../elements.ts";
import { spanRoom } from "../../rooms.ts";
import { dQWith, headMistakes, otherPieces } from "./fused.ts";
import { attention } from "./network.ts";

export const fusedDQ = spanRoom(attention, {
  id: "attention-fused-dQ",
  tensor: "Q",
  from: "scores",
  to: "out",
  isDeep: true,
  given: ["Q", "K", "V", "later", "dout"],
  title: "the whole head",
  idea: "The backward pass of attention needs the weights again, and they can be computed from what goes in.",

  hints: {
    piece:
      "Compute the weights again, and then go back through the lines that you have done one at a time: out, the softmax, " +
      "the scores. The mask needs no line on the way back, since a weight of zero stops the gradient.",
  },

  mistakes: [
    ...headMistakes(dQWith),
    {
      id: "dscores-transposed",
      idea: "the scores are transposed as for the keys",
      sentence: "rows and columns of the gradient of the scores are swapped: dQ has a row for each query",
      look: "Which entries of scores does query i take part in: those of row i, or those of column i?",
      answer: (given) => dQWith({ back: (w, d) => w.mul(d.sub(w.mul(d).sum(2, true))).transpose(1, 2) })(given),
    },
  ],

  alsoRight: [
    {
      code: `const scale = Q.size(2) ** -0.5;
const weights = Q.matmul(K.transpose(1, 2)).mul(scale).maskedFill(later, -Infinity).softmax(2);
const means = dout.mul(weights.matmul(V)).sum(2, keepdim);
return weights.mul(dout.matmul(V.transpose(1, 2)).sub(means)).matmul(K).mul(scale);`,
      why: "The sum over a row of weights times dweights is the dot product of out and dout, which is what FlashAttention keeps.",
    },
  ],

  forms: [
    ...otherPieces.map((pieces) => dQWith(pieces)),
    // with the output: the weighted mean of a row of dweights is the dot product of dout and out
    ({ Q, K, V, later, dout }) => {
      const scale = Q.size(2) ** -0.5;
      const weights = Q.matmul(K.transpose(1, 2)).mul(scale).maskedFill(later, -Infinity).softmax(2);
      const means = dout.mul(weights.matmul(V)).sum(2, true);
      return weights
        .mul(dout.matmul(V.transpose(1, 2)).sub(means))
        .matmul(K)
        .mul(scale);
    },
    // position by position
    ({ Q, K, V, dout }) => {
      const [, time, width] = Q.shape as [number, number, number];
      const dot = (a: (k: number) => number, b: (k: number) => number): number => sum(width, (k) => a(k) * b(k));
      const rows = new Map<string, number[]>();
      const row = (b: number, i: number): number[] => {
        const key = `${b} ${i}`;
        const known = rows.get(key);
        if (known) return known;
        const seen = Array.from({ length: i + 1 }, (_, j) => j);
        const scores = seen.map(
          (j) =>
            dot(
              (k) => Q.get(b, i, k),
              (k) => K.get(b, j, k),
            ) / Math.sqrt(width),
        );
        const counts = scores.map((score) => Math.exp(score - Math.max(...scores)));
        const total = sum(counts.length, (j) => counts[j]!);
        const slopes = seen.map((j) =>
          dot(
            (k) => dout.get(b, i, k),
            (k) => V.get(b, j, k),
          ),
        );
        const mean = sum(counts.length, (j) => (counts[j]! / total) * slopes[j]!);
        const found = seen.map((j) => ((counts[j]! / total) * (slopes[j]! - mean)) / Math.sqrt(width));
        rows.set(key, found);
        return found;
      };
      return build([...Q.shape], (b, i, k) => sum(Math.min(time, i + 1), (j) => row(b, i)[j]! * K.get(b, j, k)));
    },
  ],
});
