import { escaped } from "./escaped.ts";

/** Text that is HTML already. Only `html` makes it, so that nothing reaches a document unescaped. */
export interface Html {
  readonly markup: string;
}

export type HtmlPart = Html | string | number | readonly HtmlPart[];

/** HTML from a template: what is put into it is escaped, unless it is HTML itself. */
export function html(texts: TemplateStringsArray, ...parts: readonly HtmlPart[]): Html {
  return { markup: texts.map((text, i) => text + (i < parts.length ? markupOf(parts[i]!) : "")).join("") };
}

/** Pieces of HTML, or of text, side by side. */
function markupOf(part: HtmlPart): string {
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escaped(plainText(part));
  return "markup" in part ? part.markup : part.map(markupOf).join("");
}

/**
 * A text without control characters and without those that change the direction of what follows: a name may contain
 * anything, and must not rearrange the page around it. Line ends and tabs stay.
 */
export function plainText(text: string): string {
  return text.replace(
    /[^\P{Cc}\n\t]|[\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/gu,
    "",
  );
}
