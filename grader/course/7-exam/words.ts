import type { Words } from "../../network/words.ts";

/**
 * The words of a layer.
 *
 * @param sizes what its sizes are called; the first one counts the examples of a batch
 */
export function wordsOf(sizes: Words["sizes"], places: Words["places"] = () => []): Words {
  return {
    sizes,
    examples: Object.keys(sizes)[0]!,
    written: [8, 16, 32, 64],
    choices: [],
    places,
    axisOf: (extent, size) => ({ name: typeof extent === "string" ? extent : "", size, numbered: size > 1 }),
    observations: {},
  };
}
