import { build } from "../../elements.ts";
import { gradientRoom } from "../../rooms.ts";
import { forHeads, sharedGradient } from "./functions.ts";
import { block } from "./network.ts";
import { sharedMistakes } from "./shared-mistakes.ts";

export const dWo = gradientRoom(block, {
  id: "block-dWo",
  tensor: "Wo",
  title: "a matrix for each head",
  idea: "A head's matrix collects from that head alone, at all positions of all sequences.",
  hints: {
    piece:
      "For each head a product of what it mixed and the gradient of the sum; then a sum over what the heads' matrices do " +
      "not have.",
  },

  mistakes: sharedMistakes<"Wo" | "mixed" | "res" | "dres">("Wo", "res", ({ Wo, mixed, res, dres }) => ({
    matrix: Wo,
    rows: mixed,
    output: forHeads(res),
    above: forHeads(dres),
  })),

  alsoRight: [
    {
      code: `const [sequences, heads, time, width] = mixed.shape as [number, number, number, number];
const joined = mixed.transpose(1, 2).view(sequences * time, heads * width);
return joined.T.matmul(dres.view(sequences * time, -1)).view(Wo.shape);`,
      why: "The heads side by side: their matrices, one below the other, are a single output matrix.",
    },
  ],

  forms: [
    ({ mixed, dres }) => sharedGradient(mixed, forHeads(dres)),
    ({ mixed, dres }) => forHeads(dres).transpose(2, 3).matmul(mixed).transpose(2, 3).sum(0),
    ({ Wo, mixed, dres }) => {
      const [sequences, heads, time, width] = mixed.shape as [number, number, number, number];
      const joined = mixed.transpose(1, 2).view(sequences * time, heads * width);
      return joined.T.matmul(dres.view(sequences * time, -1)).view(Wo.shape);
    },
    ({ Wo, mixed, dres }) =>
      build([...Wo.shape], (h, k, e) => {
        let total = 0;
        for (let b = 0; b < mixed.size(0); b++)
          for (let t = 0; t < mixed.size(2); t++) total += mixed.get(b, h, t, k) * dres.get(b, t, e);
        return total;
      }),
  ],
});
