import type { Lesson } from "../site.ts";

/**
 * The lessons as their file has them. Gzip looks back 32 kB, so that what is written in fewer characters finds more that is
 * like it: a sign is written for each tag that is often there, and for every end of an element. Formulas and blocks of code
 * are apart from the prose around them.
 */
export interface PackedLessons {
  readonly files: readonly string[];
  /** The lessons, with signs. */
  readonly texts: readonly string[];
  /** The formulas and blocks of code of all lessons, in their order, with signs. */
  readonly blocks: readonly string[];
  /** The sign of an element's end, that of a block, and those of the tags. */
  readonly signs: string;
  readonly tags: readonly string[];
  /** Drawings in SVG, by the names that images have as their sources. */
  readonly pictures: Readonly<Record<string, string>>;
}

const BLOCK = /<(math|pre)\b[^]*?<\/\1>/g;
const START = /<[a-z][^>]*>/g;
const END = /<\/(\w+)>/g;
/** A tag without a sign, or what may be a sign. */
const TAG_OR_SIGN = new RegExp(`${START.source}|[^\\0-\\x7f]`, "g");
/** Elements that have no end. */
const EMPTY = new Set(["br", "hr", "img"]);
const FIRST_SIGN = 0xa1;
/** How often a tag must be there to have a sign. */
const OFTEN = 5;

/** @throws Error if an element has no end, or another one's */
export function packedLessons(lessons: readonly Lesson[], pictures: Readonly<Record<string, string>>): PackedLessons {
  const all = lessons.map(({ html }) => html).join("");
  const counts = new Map<string, number>();
  for (const [tag] of all.matchAll(START)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const tags = [...counts].filter(([, count]) => count >= OFTEN).map(([tag]) => tag);
  const signs = unused(all, tags.length + 2);
  const signOf = new Map(tags.map((tag, i) => [tag, signs[i + 2]!]));
  const signed = (html: string): string =>
    html.replaceAll(START, (tag) => signOf.get(tag) ?? tag).replaceAll(END, signs[0]!);
  const made = {
    files: lessons.map(({ file }) => file),
    texts: lessons.map(({ html }) => signed(html.replaceAll(BLOCK, signs[1]!))),
    blocks: [...all.matchAll(BLOCK)].map(([block]) => signed(block)),
    signs: signs.join(""),
    tags,
    pictures,
  };
  const same = unpackedLessons(made, (picture) => picture);
  if (same.some(({ html }, i) => html !== lessons[i]!.html)) throw new Error("the lessons' elements do not all end");
  return made;
}

/** @param addressOf where a picture can be loaded from */
export function unpackedLessons(
  { files, texts, blocks, signs, tags, pictures }: PackedLessons,
  addressOf: (picture: string, svg: string) => string,
): Lesson[] {
  const [end, block, ...others] = signs;
  const tagOf = new Map(others.map((sign, i) => [sign, tags[i]!]));
  const addresses = new Map(Object.entries(pictures).map(([name, svg]) => [name, addressOf(name, svg)]));
  const left = blocks.values();
  return files.map((file, i) => {
    const open: string[] = [];
    const html = texts[i]!.replaceAll(block!, () => left.next().value!)
      .replace(TAG_OR_SIGN, (found) => {
        if (found === end) return `</${open.pop()}>`;
        const tag = tagOf.get(found) ?? found;
        const [, name] = /^<(\w+)/.exec(tag) ?? [];
        if (name !== undefined && !EMPTY.has(name)) open.push(name);
        return tag;
      })
      .replace(/(<img src=")([^"]*)/g, (_, start: string, name: string) => start + (addresses.get(name) ?? name));
    return { file, html };
  });
}

/** Characters that a text does not have. */
function unused(text: string, count: number): string[] {
  const used = new Set(text);
  const found: string[] = [];
  for (let code = FIRST_SIGN; found.length < count; code++) {
    const sign = String.fromCharCode(code);
    if (!used.has(sign)) found.push(sign);
  }
  return found;
}
