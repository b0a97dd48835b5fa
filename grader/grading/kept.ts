import type { Host } from "./host.ts";
import { hexadecimal } from "./texts.ts";

/**
 * Earlier results, each under everything that it depends on. Except for its times, a kept result is byte for byte what
 * running again would give: nothing is kept that chance, a clock or a busy machine could have changed.
 */
export interface Kept {
  /** @param key what was asked, and all texts that the answer depends on; the host is added to it */
  find<T>(key: readonly string[]): T | undefined;
  /** @param found returns anything that JSON can represent; called only if there is a store. Very long results are not kept. */
  keep(key: readonly string[], found: () => unknown): void;
}

/** Longer texts, in characters, are not kept: endless output, or tensors of wrong and very large shapes. */
const LONGEST = 500_000;

/** The results in a host's store; none if it has no store. */
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
