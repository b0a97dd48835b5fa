import type { Store } from "../../grading/host.ts";

/** How much is remembered, in characters: the results of some hundred submissions. */
const MOST = 30_000_000;

/**
 * Keeps the results of a class in memory, the latest of them, and those that several have in common on the disk: stubs, and
 * steps with one natural answer. What only one has handed in is no use to others, and would fill the disk.
 */
export function sharedStore(disk: Store | undefined): Store {
  /** In the order of their last use. */
  const texts = new Map<string, { text: string; isOnDisk: boolean }>();
  let characters = 0;
  const remember = (name: string, text: string, isOnDisk: boolean): void => {
    texts.set(name, { text, isOnDisk });
    characters += text.length;
    for (const [oldest, { text }] of texts) {
      if (characters <= MOST) break;
      texts.delete(oldest);
      characters -= text.length;
    }
  };
  const forget = (name: string): void => {
    characters -= texts.get(name)?.text.length ?? 0;
    texts.delete(name);
  };
  return {
    read(name) {
      const found = texts.get(name);
      const text = found?.text ?? disk?.read(name);
      if (text === undefined) return undefined;
      if (found?.isOnDisk === false) disk?.write(name, text);
      forget(name);
      remember(name, text, true);
      return text;
    },
    write(name, text) {
      forget(name);
      remember(name, text, false);
    },
  };
}
