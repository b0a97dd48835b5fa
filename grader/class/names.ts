import { createHash } from "node:crypto";

/** The longest name of a result file, without its ending, in characters. */
const LONGEST = 80;
/** How much of a name's hash tells two apart. */
const DIGITS = 8;

/** Names that a file cannot have everywhere, and that of the class itself. */
const RESERVED = /^(?:class|con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/;

/**
 * The names of result files: safe on every system, in small letters, and unique. A name that has been changed beyond
 * recognition, or is another one's, gets a part of its hash, so that it does not hang on who else handed in.
 */
export function fileNames(names: readonly string[]): string[] {
  const slugs = names.map(slugOf);
  const counts = new Map<string, number>();
  for (const slug of slugs) counts.set(slug, (counts.get(slug) ?? 0) + 1);
  return names.map((name, i) => {
    const slug = slugs[i]!;
    const isClear = counts.get(slug) === 1 && slug !== "" && !RESERVED.test(slug) && isKept(name);
    return isClear ? slug : `${slug}${slug === "" ? "" : "-"}${hashOf(name)}`;
  });
}

/**
 * Whether something can be the name of a result file, as fileNames makes them or as an earlier version did: it names files that
 * are written, and is a part of a test's name.
 */
export function isFileName(name: string): boolean {
  return /^[\p{L}\p{N}_@][\p{L}\p{M}\p{N}_.@+ -]{0,199}$/u.test(name);
}

function slugOf(name: string): string {
  return withoutAccents(name)
    .toLowerCase()
    .replace(/[^a-z0-9_.@-]+/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "")
    .slice(0, LONGEST)
    .replace(/[-.]+$/, "");
}

/** Whether a name consists of what a file's name keeps: neither too long, nor in other letters. */
function isKept(name: string): boolean {
  const bare = withoutAccents(name);
  return bare.length <= LONGEST && /^[\x20-\x7e]*$/.test(bare);
}

function withoutAccents(name: string): string {
  return name.normalize("NFKD").replace(/\p{M}/gu, "");
}

function hashOf(name: string): string {
  return createHash("sha256").update(name).digest("hex").slice(0, DIGITS);
}
