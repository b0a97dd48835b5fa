import type { Host } from "./host.ts";
import { hexadecimal } from "./texts.ts";

/**
 * What was found before, by all that it hangs on. What is found again is the same to the byte, but for times: nothing is
 * kept that chance, a clock or a busy machine could have changed.
 */
export interface Kept {
  /** @param key what was asked, and all texts that it hangs on; the host, and what runs the code, is in it already */
  find<T>(key: readonly string[]): T | undefined;
  /** @param found gives anything JSON can hold, if something is kept at all; what is very long is not */
  keep(key: readonly string[], found: () => unknown): void;
}

/** Longer texts are not kept, in characters: what was printed without end, or tensors of shapes that are not theirs. */
const LONGEST = 500_000;

/** What a host's store holds; nothing where it has none. */
export function keptBy({ store, identity, sha256 }: Pick<Host, "store" | "identity" | "sha256">): Kept {
  const nameOf = (key: readonly string[]): string =>
    hexadecimal(sha256(JSON.stringify([identity, ...key]))).slice(0, 32);
  return {
    find<T>(key: readonly string[]) {
      const text = store?.read(nameOf(key));
      return text === undefined ? undefined : (JSON.parse(text) as T);
    },
    keep(key, found) {
      if (!store) return;
      const text = JSON.stringify(found());
      if (text.length <= LONGEST) store.write(nameOf(key), text);
    },
  };
}
