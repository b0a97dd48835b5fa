import stripAnsi from "strip-ansi";
import { escaped } from "./escaped.ts";

/** Text that is HTML already. Only `html` makes it, so that nothing reaches a document unescaped. */
export interface Html {
  readonly markup: string;
}

export type HtmlPart = Html | string | number | readonly HtmlPart[];

/** HTML from a template: what is put into it is escaped, unless it is HTML itself. */
export function html(texts: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  const pieces = texts.map((text, i) => withoutIndents(text) + (i < parts.length ? markupOf(parts[i]!) : ""));
  return { markup: pieces.join("") };
}

/** A template's own line ends and indents mean no more than a space. */
function withoutIndents(text: string): string {
  return text.replaceAll(/\n\s*/g, "\n");
}

/** Pieces of HTML, or of text, side by side. */
function markupOf(part: HtmlPart): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escaped(plainText(part));
  return "markup" in part ? part.markup : part.map(markupOf).join("");
}

/**
 * A text without escape sequences, control characters and without those that change the direction of what follows: a name may contain
 * anything, and must not rearrange the page around it. Line ends and tabs stay.
 */
export function plainText(shown: string): string {
  return stripAnsi(shown).replace(
    /[^\P{Cc}\n\t]|[\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/gu,
    "",
  );
}
