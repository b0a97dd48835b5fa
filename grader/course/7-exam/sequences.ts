import { tensor, type Tensor } from "#tensor";
import type { Words } from "../../network/words.ts";
import type { Drawing } from "./batches.ts";
import { wordsOf } from "./words.ts";

/** What the sizes of layers that read sequences are called. */
const sizeWords = {
  sequences: { one: "sequence" },
  time: { one: "position", count: "the length of the sequences" },
  embd: { one: "embedding entry" },
  heads: { one: "head", count: "the number of heads" },
  width: { one: "entry of a head", count: "the width of a head" },
  "heads*width": { one: "entry" },
  hidden: { one: "neuron", count: "the number of neurons" },
  vocab: { one: "character", count: "the size of the vocabulary" },
} as const satisfies Words["sizes"];

/** The words of a layer that reads sequences and has these sizes besides. */
export function sequenceWords(sizes: readonly (keyof typeof sizeWords)[]): Words {
  const names = ["sequences", "time", ...sizes] as const;
  const words = wordsOf(Object.fromEntries(names.map((name) => [name, sizeWords[name]])));
  return { ...words, products: [["sequences", "time"]] };
}

/** What is added to all scores: where the maximum is not subtracted first, exp overflows, or all counts are 0. */
const lifts: Partial<Record<Drawing["flavor"], number>> = { lifted: 100, pair: -130 };

/** Queries Q and keys K, whose scores are as far apart and as far from 0 as a batch requires. */
export function drawScores({ normal, flavor }: Drawing): readonly [Q: Tensor, K: Tensor] {
  const [Q, K] = [normal("Q", flavor === "sharp" ? 4 : 1), normal("K")];
  const lift = lifts[flavor];
  if (lift === undefined) return [Q, K];
  // the first entries alone add the lift to each score
  const first = Math.sqrt(Math.abs(lift) * Math.sqrt(Q.size(-1)));
  return [withFirst(Q, Math.sign(lift) * first), withFirst(K, first)];
}

/** A tensor with one number at the start of each row. */
function withFirst(x: Tensor, first: number): Tensor {
  const width = x.size(-1);
  return tensor(
    x.toArray().map((value, i) => (i % width === 0 ? first : value)),
    x.shape,
  );
}
