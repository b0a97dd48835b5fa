import { gradientRoom, looks } from "#kit";
import { gru } from "../gru/network.ts";

// hnext = (1 - z) * n + z * h
export const dz = gradientRoom(gru, {
  tensor: "z",

  hints: {
    ask: "dhnext and dz have the same shape. Which factor does each entry get?",
    rule: "z occurs twice in the line: where it grows, the weight of n shrinks by as much as the weight of h grows.",
    numbers: {
      z: [
        [0.5, 0.25],
        [0.75, 0.5],
      ],
      n: [
        [-1, 0.5],
        [0, 1],
      ],
      h: [
        [2, -1],
        [3, 0.5],
      ],
      dhnext: [
        [1, -2],
        [4, -0.5],
      ],
    },
    worked: "dz[0, 0] = ({h 0 0} - {n 0 0}) * {dhnext 0 0}",
    piece: "Take the two states apart: the one that a large z keeps, minus the one that it leaves out.",
  },

  mistakes: [
    {
      id: "new-state-left-out",
      idea: "only the second term is differentiated",
      sentence: "this is h times the upstream gradient: z is also in the first term, where it takes n away",
      look: "z is read twice in the line. What happens to the term with n when z grows?",
      answer: ({ h, dhnext }) => h.mul(dhnext),
    },
    {
      id: "states-added",
      idea: "the minus in 1 - z is overlooked",
      sentence: "n and h are added: the line has 1 - z as the weight of n, so n counts with a minus",
      look: looks.sign("z"),
      answer: ({ n, h, dhnext }) => h.add(n).mul(dhnext),
    },
    {
      id: "states-swapped",
      idea: "z is taken for the weight of the new state",
      sentence: "n and h are swapped: a z of 1 keeps h",
      look: looks.sign("z"),
      answer: ({ n, h, dhnext }) => n.sub(h).mul(dhnext),
    },
  ],

  forms: [({ n, h, dhnext }) => h.mul(dhnext).sub(n.mul(dhnext)), ({ n, h, dhnext }) => n.neg().add(h).mul(dhnext)],
});
