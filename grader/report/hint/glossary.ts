import kleur from "kleur";
import { INDENT, paragraph } from "../text.ts";
import { newTerms } from "./terms.ts";

/** The terms of the field that a page explains. */
export interface Glossary {
  /** As its headings have them: Upstream gradient. */
  readonly terms: readonly string[];
  /** The page, as the reader sees it. */
  readonly page: string;
}

/** Names the terms that a text is the first to use, with the page that explains them; nothing if there are none. */
export function glossaryLines({ terms, page }: Glossary, used: string, before: string, width: number): string[] {
  const named = newTerms(terms, used, before);
  if (named.length === 0) return [];
  return ["", ...paragraph(`${page} explains: ${named.join(", ")}`, width, INDENT).map((line) => kleur.dim(line))];
}
