import type { Words } from "../../../grader/network/words.ts";
import { QUIET } from "./batches.ts";

/** What this network's sizes and places are called. */
export const words: Words = {
  sizes: {
    batch: { one: "sequence" },
    time: { one: "position", count: "the length of the sequences" },
    embd: { one: "embedding entry" },
    head: { one: "entry of the head", count: "the width of the head" },
    vocab: { one: "character", count: "the size of the vocabulary" },
  },
  examples: "batch",
  products: [["batch", "time"]],
  written: [8, 16, 27, 32, 64],
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
