import type { SizeWords, Words } from "../network/words.ts";

/**
 * The words of a network about which there is nothing more to say than what its sizes are called.
 *
 * @param sizes by extent, products such as `block*embd` included
 * @param examples the size that counts the examples of a batch
 */
export function plainWords(sizes: Readonly<Record<string, SizeWords>>, examples: string): Words {
  return {
    sizes,
    examples,
    written: [],
    choices: [],
    places: () => [],
    axisOf: (extent, size) => ({ name: typeof extent === "string" ? extent : "", size, numbered: size > 1 }),
    observations: {},
  };
}
