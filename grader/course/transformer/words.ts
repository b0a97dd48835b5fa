import type { Words } from "../../network/words.ts";
import { QUIET } from "./batches.ts";

/** What this network's sizes and places are called. */
export const words: Words = {
  sizes: {
    batch: { one: "sequence" },
    time: { one: "position", count: "the length of the sequences" },
    embd: { one: "channel", count: "the number of channels" },
    heads: { one: "head" },
    head: { one: "entry of a head", count: "the width of a head" },
    hidden: { one: "neuron", count: "the number of neurons" },
    vocab: { one: "character", count: "the size of the vocabulary" },
    rows: { one: "row", count: "the number of rows" },
    columns: { one: "column", count: "the number of columns" },
  },
  examples: "batch",
  products: [["batch", "time"]],
  written: [8, 16, 27, 32, 288],
  choices: [],
  places: (answer) =>
    answer[0] === "batch" && answer[1] === "time"
      ? [
          {
            id: "small-variance",
            words: "at the position that barely varies, whose variance is as small as epsilon",
            holds: ({ marks }, [b, t]) => b === marks?.[QUIET]?.["batch"] && t === marks?.[QUIET]?.["time"],
          },
        ]
      : [],
  axisOf: (extent, size) => ({ name: typeof extent === "string" ? extent : "", size, numbered: size > 1 }),
  observations: {},
};
