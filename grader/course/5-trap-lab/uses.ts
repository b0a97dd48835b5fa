import { oneHot, ones, tensor, zeros, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, delta, sum } from "../elements.ts";
import { modelLine, writtenRoom } from "../rooms.ts";
import { experiment } from "./uses-experiment.ts";
import { inWords } from "../../network/line.ts";

const ALL_POSITIONS = "Xb has one column for each position of the context. Go through all of them.";

export const uses = writtenRoom({
  id: "uses",
  tensor: "uses",
  asks: "value",
  given: ["C", "Xb"],
  before: [modelLine("emb")],
  runs: [
    [
      inWords(
        line(
          "uses",
          ["C", "Xb"],
          "for each row of C, the number of contributions to its row of dC",
          ["vocab", 1],
          ({ C, Xb }) => C.newTensor(oneHot(Xb.view(-1), C.shape[0]!).sum(0).view(-1, 1)),
        ),
      ),
    ],
  ],

  hints: {
    ask:
      "uses has a row for each character, as C has, and a single column. The values of C have no part in it. Which of " +
      "the given tensors names rows of C, and how many does it name?",
    rule:
      "Each place of Xb looks up one row of C, and on the way back it sends one contribution to that row. So the answer " +
      "is a count: how often does each index stand in Xb, in any row and in any column? Below, the index 1 stands in " +
      "three places, and the index 3 in none.",
    numbers: {
      Xb: [
        [0, 1],
        [1, 1],
        [2, 0],
      ],
    },
    sizes: { vocab: 4 },
    show: ["Xb"],
    worked: "uses[1, 0] = 1 + 1 + 1",
    piece:
      "There are two ways. With a loop over both dimensions of Xb: begin with zeros of the shape [vocab, 1], and at each " +
      "place add one to the number in the row that the index names. Without a loop: lay Xb out in one dimension, let " +
      "oneHot make a row of each place, sum these rows down, and give the result its column by a view. vocab is the " +
      "number of rows of C.",
  },

  mistakes: [
    {
      id: "distinct",
      idea: "a row is marked as used, not counted",
      sentence: "every value is 0 or 1: a character that stands in Xb several times collects as many contributions",
      look:
        "Take the context 1, 1, 2: how many contributions does row 1 collect? If a place writes a one, the second place " +
        "of the same index writes it over the first: add to what is there.",
      answer: ({ C, Xb }) => counted(C, Xb).clamp(0, 1),
    },
    {
      id: "lost",
      idea: "those that = overwrites are counted",
      sentence: "the contributions that are lost are counted: the one that is left belongs to the number, too",
      look: "Take a character that stands in Xb once. Its row collects one contribution: what do you count for it?",
      answer: ({ C, Xb }) => counted(C, Xb).sub(1).clamp(0, Infinity),
    },
    {
      id: "dropped",
      idea: "the second dimension is left out",
      sentence: "the numbers are right, and a dimension is missing: uses is a column, [vocab, 1]",
      look: "Print the shape of your answer beside [vocab, 1]: a view gives it the column that is missing.",
      answer: ({ C, Xb }) => counted(C, Xb).view(-1),
    },
    {
      id: "by-example",
      idea: "the examples that hold a character are counted",
      sentence: "an example that holds a character twice counts once: both positions look its row up",
      look: "Take the context 1, 1, 2: how often is row 1 looked up for this one example?",
      answer: ({ C, Xb }) => tensor(positions(Xb, C, true), [C.size(0), 1]),
    },
    {
      id: "last-position",
      idea: "one position of the context is counted",
      sentence: "only the last position of each context is counted; every position looks up a row",
      look: ALL_POSITIONS,
      answer: ({ C, Xb }) => tensor(positions(Xb, C, false), [C.size(0), 1]),
    },
    {
      id: "share",
      idea: "the counts are divided by their sum",
      sentence: "these are shares, and the counts themselves are asked for",
      look: "Take the context 1, 1, 2: row 1 collects two contributions. Two, or two thirds?",
      answer: ({ C, Xb }) => counted(C, Xb).div(Xb.numel()),
    },
    {
      id: "each-number",
      idea: "the numbers of a row are counted",
      sentence: "each contribution is counted once for every number of its row: a contribution is a row of demb",
      look:
        "Take a C of ten columns whose row 1 is looked up once. One row of demb comes back: is that one contribution, or " +
        "ten?",
      answer: ({ C, Xb }) => counted(C, Xb).mul(C.size(1)),
    },
    {
      id: "one-more",
      idea: "counting starts at one",
      sentence: "every value is one too large: a character that does not stand in Xb has none",
      look: "Which number do you give a character that stands nowhere in Xb? Let the count begin with zeros.",
      answer: ({ C, Xb }) => counted(C, Xb).add(1),
    },
  ],

  forms: [
    ({ C, Xb }) => oneHot(Xb.view(-1), C.size(0)).sum(0).view(-1, 1),
    ({ C, Xb }) => zeros(C.size(0), 1).indexAdd(0, Xb.view(-1), ones(Xb.numel(), 1)),
    ({ C, Xb }) => oneHot(Xb.view(-1), C.size(0)).T.matmul(ones(Xb.numel(), 1)),
    ({ C, Xb }) => oneHot(Xb, C.size(0)).sum(0).sum(0).view(-1, 1),
    ({ C, Xb }) => {
      const uses = zeros(C.size(0), 1);
      for (const c of Xb.toArray()) uses.set(c, 0, uses.get(c, 0) + 1);
      return uses;
    },
    ({ C, Xb }) => build([C.size(0), 1], (c) => Xb.toArray().filter((other) => other === c).length),
    ({ C, Xb }) => {
      const uses = zeros(C.size(0), 1);
      for (let i = 0; i < Xb.size(0); i++)
        for (let j = 0; j < Xb.size(1); j++) uses.set(Xb.get(i, j), 0, uses.get(Xb.get(i, j), 0) + 1);
      return uses;
    },
    ({ C, Xb }) => {
      const counts = new Map<number, number>();
      for (const c of Xb.toArray()) counts.set(c, (counts.get(c) ?? 0) + 1);
      return build([C.size(0), 1], (c) => counts.get(c) || 0);
    },
    ({ C, Xb }) => {
      const characters = Xb.toArray();
      return build([C.size(0), 1], (c) => sum(Xb.numel(), (place) => delta(characters[place]!, c)));
    },
  ],

  experiment,
});

/** How often each character stands in Xb, a column. */
function counted(C: Tensor, Xb: Tensor): Tensor {
  return oneHot(Xb.view(-1), C.size(0)).sum(0).view(-1, 1);
}

/** How many examples hold each character, anywhere or at the last position. */
function positions(Xb: Tensor, C: Tensor, anywhere: boolean): number[] {
  return Array.from({ length: C.size(0) }, (_, character) => {
    let examples = 0;
    for (let i = 0; i < Xb.size(0); i++) {
      const places = Array.from({ length: Xb.size(1) }, (_, j) => Xb.get(i, j) === character);
      if (anywhere ? places.includes(true) : places.at(-1)) examples += 1;
    }
    return examples;
  });
}
