import type { Lesson } from "../site.ts";

/**
 * Lessons as their file has them, in fewer characters: a sign is written for each tag that is often there, and for every end
 * of an element. Formulas and blocks of code are apart from the prose around them.
 */
export interface PackedLesson {
  readonly file: string;
  /** The lesson, with signs. */
  readonly text: string;
  /** Its formulas and blocks of code, in their order, with signs. */
  readonly blocks: readonly string[];
}

/** What the signs in lessons are. */
export interface Signs {
  /** The sign of an element's end, that of a block, and those of the tags. */
  readonly signs: string;
  readonly tags: readonly string[];
}

const BLOCK = /<(math|pre)\b[^]*?<\/\1>/g;
const START = /<[a-z][^>]*>/g;
const PICTURE = /(<img src=")([^"]*)/g;
const END = /<\/(\w+)>/g;
/** A tag without a sign, or what may be a sign. */
const TAG_OR_SIGN = new RegExp(`${START.source}|[^\\0-\\x7f]`, "g");
/** Elements that have no end. */
const EMPTY = new Set(["br", "hr", "img"]);
const FIRST_SIGN = 0xa1;
/** How often a tag must be there to have a sign. */
const OFTEN = 5;

/** @throws Error if an element has no end, or another one's */
export function packedLessons(lessons: readonly Lesson[]): readonly [Signs, readonly PackedLesson[]] {
  const all = lessons.map(({ html }) => html).join("");
  const counts = new Map<string, number>();
  for (const [tag] of all.matchAll(START)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  const tags = [...counts].filter(([, count]) => count >= OFTEN).map(([tag]) => tag);
  const signs = unused(all, tags.length + 2);
  const signOf = new Map(tags.map((tag, i) => [tag, signs[i + 2]!]));
  const signed = (html: string): string =>
    html.replaceAll(START, (tag) => signOf.get(tag) ?? tag).replaceAll(END, signs[0]!);
  const made = lessons.map(({ file, html }): PackedLesson => {
    return {
      file,
      text: signed(html.replaceAll(BLOCK, signs[1]!)),
      blocks: [...html.matchAll(BLOCK)].map(([block]) => signed(block)),
    };
  });
  const shorthand: Signs = { signs: signs.join(""), tags };
  const isSame = made.every((lesson, i) => unpackedLesson(lesson, shorthand, (name) => name).html === lessons[i]!.html);
  if (!isSame) throw new Error("the lessons' elements do not all end");
  return [shorthand, made];
}

/** @param addressOf where a picture can be loaded from, by its name */
export function unpackedLesson(
  { file, text, blocks }: PackedLesson,
  { signs, tags }: Signs,
  addressOf: (picture: string) => string,
): Lesson {
  const [end, block, ...others] = signs;
  const tagOf = new Map(others.map((sign, i) => [sign, tags[i]!]));
  const left = blocks.values();
  const open: string[] = [];
  const html = text
    .replaceAll(block!, () => left.next().value!)
    .replace(TAG_OR_SIGN, (found) => {
      if (found === end) return `</${open.pop()}>`;
      const tag = tagOf.get(found) ?? found;
      const [, name] = /^<(\w+)/.exec(tag) ?? [];
      if (name !== undefined && !EMPTY.has(name)) open.push(name);
      return tag;
    })
    .replace(PICTURE, (_, start: string, name: string) => start + addressOf(name));
  return { file, html };
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
