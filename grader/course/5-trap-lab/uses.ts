import { oneHot, ones, tensor, zeros, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import { build, delta, sum } from "../elements.ts";
import { makemore } from "../makemore/network.ts";
import { lineFrom, writtenRoom } from "../rooms.ts";
import { experiment } from "./uses-experiment.ts";
import { inWords } from "../../network/line.ts";

const ALL_POSITIONS = "Xb has one column for each position of the context. Go through all of them.";

export const uses = writtenRoom({
  id: "uses",
  title: "overwriting instead of adding",
  tensor: "uses",
  asks: "value",
  given: ["C", "Xb"],
  before: [lineFrom(makemore, "emb")],
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

  idea: "A row that is looked up several times has a fan-out, and the gradients of its branches add up.",

  hints: {
    ask:
      "uses has a row for each character, like C, and a single column. It does not depend on the values of C. Which " +
      "of the given tensors names rows of C, and how many does it name?",
    rule:
      "Each position of Xb looks up one row of C, and in the backward pass it adds one contribution to that row. So " +
      "the answer is a count: how often does each index occur in Xb, in any row and in any column? Below, index 1 " +
      "occurs three times, and index 3 does not occur.",
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
      "There are two ways. With a loop over both dimensions of Xb: start with zeros of shape [vocab, 1], and at each " +
      "position add one to the entry in the row that the index names. Without a loop: flatten Xb to one dimension, " +
      "let oneHot make a row for each position, sum these rows over dimension 0, and give the result its column with " +
      "a view. vocab is the number of rows of C.",
  },

  mistakes: [
    {
      id: "distinct",
      idea: "a row is marked as used, not counted",
      sentence: "every value is 0 or 1: a character that occurs several times in Xb receives that many contributions",
      look:
        "Take the context 1, 1, 2: how many contributions does row 1 receive? If each position writes a one, the " +
        "second position with the same index overwrites the first: add to what is already there.",
      answer: ({ C, Xb }) => counted(C, Xb).clamp(0, 1),
    },
    {
      id: "lost",
      idea: "the contributions that = overwrites are counted",
      sentence: "only the contributions that are lost are counted: the one that is left counts as well",
      look: "Take a character that occurs once in Xb. Its row receives one contribution: what is your count for it?",
      answer: ({ C, Xb }) => counted(C, Xb).sub(1).clamp(0, Infinity),
    },
    {
      id: "dropped",
      idea: "the second dimension is left out",
      sentence: "the values are right, but a dimension is missing: uses is a column, of shape [vocab, 1]",
      look: "Compare the shape of your answer with [vocab, 1]: a view gives it the missing dimension.",
      answer: ({ C, Xb }) => counted(C, Xb).view(-1),
    },
    {
      id: "by-example",
      idea: "the examples that contain a character are counted",
      sentence: "an example that contains a character twice counts once: both positions look up its row",
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
      sentence: "these are shares of the total; the task asks for the counts themselves",
      look: "Take the context 1, 1, 2: row 1 receives two contributions. Is its entry two, or two thirds?",
      answer: ({ C, Xb }) => counted(C, Xb).div(Xb.numel()),
    },
    {
      id: "each-number",
      idea: "the entries of a row are counted",
      sentence: "each contribution is counted once for every entry of its row: a contribution is a whole row of demb",
      look:
        "Take a C with ten columns whose row 1 is looked up once. One row of demb is added to its gradient: is that " +
        "one contribution, or ten?",
      answer: ({ C, Xb }) => counted(C, Xb).mul(C.size(1)),
    },
    {
      id: "one-more",
      idea: "counting starts at one",
      sentence: "every value is one too large: a character that does not occur in Xb has no contributions",
      look: "What is your count for a character that does not occur in Xb? Start counting from zero.",
      answer: ({ C, Xb }) => counted(C, Xb).add(1),
    },
  ],

  alsoRight: [
    {
      code: "return zerosLike(C).sum(1, keepdim).indexAdd(0, Xb.view(-1), ones(Xb.numel(), 1));",
      why: "The backward pass of the lookup itself, with ones as the upstream gradient: counting is a scatter.",
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

/** How often each character occurs in Xb, shape [vocab, 1]. */
function counted(C: Tensor, Xb: Tensor): Tensor {
  return oneHot(Xb.view(-1), C.size(0)).sum(0).view(-1, 1);
}

/** How many examples contain each character, anywhere or at the last position. */
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
