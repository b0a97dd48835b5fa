import { parser } from "@lezer/javascript";

/** The most lines of an example: what is longer shows no mistake at a glance. */
const MOST_LINES = 40;
const MOST_CHARACTERS = 3000;

const typescript = parser.configure({ dialect: "ts" });

/** What says nothing about the mistake, and may say who made it. */
const dropped = new Set(["LineComment", "BlockComment", "Hashbang", "ImportDeclaration", "TypeAnnotation"]);
/** Texts are emptied. */
const emptied: Readonly<Record<string, string>> = { String: '"…"', TemplateString: "`…`", RegExp: "/…/" };

/**
 * A learner's file as an example without a name: its code without imports, types, comments and texts.
 *
 * @param names pieces of its author's names, in lower case
 * @returns undefined if it is too long, or a name occurs in it
 */
export function exampleOf(code: string, names: readonly string[]): string | undefined {
  const kept = withoutTexts(code)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  const example = kept.join("\n");
  if (kept.length === 0 || kept.length > MOST_LINES || example.length > MOST_CHARACTERS) return undefined;
  const lower = example.toLowerCase();
  return names.some((name) => lower.includes(name)) ? undefined : example;
}

/** Code without what may name its author: its imports, types, comments and texts. */
export function withoutTexts(code: string): string {
  const pieces: string[] = [];
  let at = 0;
  typescript.parse(code).iterate({
    enter: ({ name, from, to }) => {
      const instead = dropped.has(name) ? "" : emptied[name];
      if (instead === undefined) return true;
      pieces.push(code.slice(at, from), instead);
      at = to;
      return false;
    },
  });
  return [...pieces, code.slice(at)].join("");
}
