/** A text, and when it was written, in milliseconds since 1970. */
export interface Written {
  readonly text: string;
  readonly time: number;
}

/** What replaced a text, or would have if it had been newer. */
export type Why = "reset" | "copy" | "folder" | "tab" | "link" | "version";

/** A text that is no longer the one shown, and why. */
export interface Version extends Written {
  readonly why: Why;
}

/** How many versions of a file are kept. */
export const KEPT_VERSIONS = 5;

/** Adds a version: the newest is first, and the same text is there once. */
export function withVersion(versions: readonly Version[], added: Version): Version[] {
  const others = versions.filter(({ text }) => text !== added.text);
  return [added, ...others].sort((a, b) => b.time - a.time).slice(0, KEPT_VERSIONS);
}
