import { gap } from "./5-trap-lab/gap.ts";
import { uses } from "./5-trap-lab/uses.ts";
import type { Instance } from "./worked.ts";

const { bngain, bnbias, dhpreact } = gap.hints.numbers!;
const { Xb } = uses.hints.numbers!;

/** The tiny network head of the lessons: softmax and loss on two rows of three; logits chosen for their exponentials. */
export const headExample: Instance = {
  inputs: {
    logits: [
      [1, 0.5, 0.5],
      [0.125, 1, 0.125],
    ].map((row) => row.map(Math.log)),
  },
  Yb: [1, 0],
};

/** Their tiny body, from the embedding to hpreact: three examples of two characters, out of four; two numbers each. */
export const bodyExample: Instance = {
  inputs: {
    C: [
      [1, 0],
      [0, 1],
      [2, -1],
      [1, 1],
    ],
    W1: [
      [1, 3],
      [2, -1],
      [2, -3],
      [-1, 3],
    ],
    b1: [1, -1],
    bngain: bngain!,
    bnbias: bnbias!,
  },
  Xb: Xb!,
  upstream: { dhpreact: dhpreact! },
};
