import type { Extent } from "../../network/shape.ts";
import type { Change } from "./change.ts";
import { withWeights } from "./entries.ts";

/** Weights other than 1 for some entries along a dimension. */
interface Weights {
  id: string;
  /** The changed tensor; # is replaced by what an entry is called. */
  words: (name: string) => string;
  /** What is said if the tensor is used like that. */
  said: (name: string) => string;
  weightOf: (i: number, last: number) => number;
}

const kinds: readonly Weights[] = [
  ...(["first", "last"] as const).map((anchor): Weights => ({
    id: `alternating-${anchor}`,
    words: (name) => `${name} with its sign flipped at every second #`,
    said: (name) => `every second # of ${name} has its sign flipped`,
    weightOf: (i, last) => ((anchor === "first" ? i : last - i) % 2 === 0 ? 1 : -1),
  })),
  ...(["first", "last"] as const).flatMap((which): Weights[] => {
    const isThere = (i: number, last: number): boolean => i === (which === "first" ? 0 : last);
    return [
      {
        id: `${which}-twice`,
        words: (name) => `${name} with its ${which} # doubled`,
        said: (name) =>
          `the ${which} # of ${name} is counted twice: does a sum start with it, and the loop reach it again?`,
        weightOf: (i, last) => (isThere(i, last) ? 2 : 1),
      },
      {
        id: `${which}-flipped`,
        words: (name) => `${name} with the sign of its ${which} # flipped`,
        said: (name) => `the ${which} # of ${name} has its sign flipped`,
        weightOf: (i, last) => (isThere(i, last) ? -1 : 1),
      },
      {
        id: `all-but-${which}-flipped`,
        words: (name) => `${name} with the sign of every # but the ${which} flipped`,
        said: (name) => `every # of ${name} but the ${which} has its sign flipped: is a sign applied to one term only?`,
        weightOf: (i, last) => (isThere(i, last) ? 1 : -1),
      },
    ];
  }),
];

/**
 * Entries along a dimension that have the other sign, or are counted twice.
 *
 * @param word what one entry is called
 */
export function weights(dim: number, extent: Extent, word: string): Change[] {
  return kinds.map(({ id, words, said, weightOf }): Change => {
    const called = (text: string): string => text.replaceAll("#", word);
    return {
      id: `${id}-${extent}`,
      words: (name) => called(words(name)),
      said: (name) => called(said(name)),
      of: (x) => withWeights(x, dim, weightOf),
    };
  });
}
