import type { Tensor } from "#tensor";
import type { Extent } from "../../network/shape.ts";
import type { Axis, Choice, Labels, NamedPlace, Words } from "../../network/words.ts";
import { QUIET } from "./batches.ts";
import { lectureCharacters } from "./dataset.ts";
import { observations } from "./observations.ts";

/** The column of each row that its label, or its largest logit, selects. */
const choices: readonly Choice[] = [
  {
    id: "label",
    by: "Yb",
    among: ["n", "vocab"],
    word: "label",
    place: "in the label's column of its row",
    columnOf: ({ Yb }, row) => Yb!.get(row),
  },
  {
    id: "maximum",
    by: "logits",
    among: ["n", "vocab"],
    word: "largest logit",
    place: "in the column of its row's largest logit",
    columnOf: ({ logits }, row) => placeOfMaximum(logits!, row),
  },
];

/** What this network's sizes and places are called. */
export const words: Words = {
  sizes: {
    n: { one: "example" },
    block: { one: "position" },
    embd: { one: "embedding entry" },
    hidden: { one: "neuron", count: "the number of neurons" },
    vocab: { one: "character", count: "the size of the vocabulary" },
    "block*embd": { one: "input" },
    rows: { one: "row", count: "the number of rows" },
    columns: { one: "column", count: "the number of columns", isSummed: true },
    inner: { one: "inner entry" },
    pages: { one: "page", count: "the number of pages" },
    layers: { one: "layer" },
    slots: { one: "slot" },
    "layers*slots": { one: "column" },
  },
  examples: "n",
  written: [3, 10, 26, 27, 30, 32, 64],
  choices,
  places: (answer, given) => [...charactersIn(answer, given), ...quietNeuron(answer, given)],
  axisOf,
  observations,
};

/** Rows of characters that occur more than once in the batch's contexts, or not at all. */
function charactersIn(answer: readonly Extent[], given: readonly string[]): NamedPlace[] {
  if (answer[0] !== "vocab" || !given.includes("Xb")) return [];
  const countOf = (Xb: Tensor, character: number): number => Xb.toArray().filter((other) => other === character).length;
  return [
    {
      id: "repeated-characters",
      words: "in the row of a character that occurs more than once in Xb",
      holds: ({ given: { Xb } }, [row]) => countOf(Xb!, row!) > 1,
    },
    {
      id: "absent-characters",
      words: "in the row of a character that does not occur in Xb",
      holds: ({ given: { Xb } }, [row]) => countOf(Xb!, row!) === 0,
    },
  ];
}

/** The neuron that barely varies, for steps about batch normalization. */
function quietNeuron(answer: readonly Extent[], given: readonly string[]): NamedPlace[] {
  const hidden = answer.indexOf("hidden");
  if (hidden < 0 || !given.some((name) => name.startsWith("bn"))) return [];
  return [
    {
      id: "small-variance",
      words: "at the neuron that barely varies, whose variance is as small as epsilon",
      holds: ({ marks }, at) => at[hidden] === marks?.[QUIET]?.["hidden"],
    },
  ];
}

/** The column of a row's maximum, the first of them. */
function placeOfMaximum(logits: Tensor, row: number): number {
  let best = 0;
  for (let column = 1; column < logits.size(1); column++) {
    if (logits.get(row, column) > logits.get(row, best)) best = column;
  }
  return best;
}

function axisOf(extent: Extent | undefined, size: number, { sizes, batch }: Labels): Axis {
  switch (extent) {
    case "n": {
      // a random batch's labels are known to the steps that are given them
      const { Yb } = batch;
      if (Yb === undefined) return { name: "examples", size, numbered: true };
      const marks = [...Yb.toArray()].map((label) => lectureCharacters[label] ?? "?");
      return { name: "examples, with the character that comes next", size, numbered: true, marks };
    }
    case "vocab":
      if (size !== lectureCharacters.length) break;
      return { name: "characters", size, numbered: false, marks: lectureCharacters };
    case "block*embd": {
      const { block = 0, embd = 0 } = sizes;
      const names = Array.from({ length: block }, (_, i) => `char ${i + 1}`);
      const name = `${embd} numbers for each of ${block} characters of context`;
      return { name, size, numbered: true, groups: { length: embd, names } };
    }
    case "hidden":
      return { name: "neurons", size, numbered: true };
    case "embd":
      return { name: "numbers of an embedded character", size, numbered: true };
  }
  return { name: "", size, numbered: size > 1 };
}
