import { build } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import { forHeads, sharedGradient } from "./functions.ts";
import { block } from "./network.ts";
import { sharedMistakes } from "./shared-mistakes.ts";

export const dWq = gradientRoom(block, {
  id: "block-dWq",
  tensor: "Wq",
  title: "the matrices of the queries",
  idea: "All heads read the same rows, each with a matrix of its own.",
  hints: {
    piece:
      "The rows have to meet the gradient of each head, so they need its dimension. What is left to sum over after the " +
      "product?",
  },

  mistakes: sharedMistakes<"Wq" | "norm1" | "Q" | "dQ">("Wq", "Q", ({ Wq, norm1, Q, dQ }) => ({
    matrix: Wq,
    rows: forHeads(norm1),
    output: Q,
    above: dQ,
  })),

  alsoRight: [
    {
      code: `const [heads, embd, width] = Wq.shape as [number, number, number];
const above = dQ.transpose(1, 2).view(-1, heads * width);
return norm1.view(-1, embd).T.matmul(above).view(embd, heads, width).transpose(0, 1);`,
      why: "The heads side by side: all of their matrices get their gradients from one product.",
    },
  ],

  forms: [
    ({ norm1, dQ }) => sharedGradient(forHeads(norm1), dQ),
    ({ norm1, dQ }) => dQ.transpose(2, 3).matmul(forHeads(norm1)).sum(0).transpose(1, 2),
    ({ Wq, norm1, dQ }) => {
      const [heads, embd, width] = Wq.shape as [number, number, number];
      const rows = norm1.view(-1, embd);
      const above = dQ.transpose(1, 2).view(-1, heads * width);
      return rows.T.matmul(above).view(embd, heads, width).transpose(0, 1);
    },
    ({ Wq, norm1, dQ }) =>
      build([...Wq.shape], (h, e, k) => {
        let total = 0;
        for (let b = 0; b < norm1.size(0); b++)
          for (let t = 0; t < norm1.size(1); t++) total += norm1.get(b, t, e) * dQ.get(b, h, t, k);
        return total;
      }),
  ],
});
