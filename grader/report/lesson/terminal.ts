import kleur from "kleur";
import { codeLines } from "../code.ts";
import { flow, sideBySide } from "../side-by-side.ts";
import { cutTo, paragraph, proseWidth, widthOf } from "../text.ts";
import { formulaLines, inlineFormula } from "./formula.ts";
import { markdownParser, type Token } from "./markdown.ts";
import { parseTex, TexError } from "./tex.ts";

/** What an indented block begins with. */
const INDENT = "  ";
/** Between the columns of a table. */
const GAP = "  ";

/**
 * A lesson, or a section of one, as lines for a terminal: formulas as text, tables in columns, pictures by their
 * descriptions.
 *
 * @param columns the terminal's; undefined if the output is no terminal
 */
export function lessonLines(markdown: string, columns: number | undefined): string[] {
  const tokens = markdownParser.parse(markdown, {});
  const blocks = new Blocks(tokens, proseWidth(columns));
  return blocks.lines();
}

/** Goes through the tokens of a text, block by block. */
class Blocks {
  readonly #tokens: readonly Token[];
  readonly #width: number;
  readonly #out: string[] = [];
  /** The lists that the place is in: the number of their next item, or undefined for bullets. */
  readonly #lists: { next: number | undefined }[] = [];
  /** What the next block begins with, if it is the first of a list's item. */
  #mark = "";

  constructor(tokens: readonly Token[], width: number) {
    this.#tokens = tokens;
    this.#width = width;
  }

  lines(): string[] {
    for (let i = 0; i < this.#tokens.length; i++) i = this.#block(i);
    while (this.#out.at(-1) === "") this.#out.pop();
    return this.#out;
  }

  /** @returns where the block ends */
  #block(i: number): number {
    const token = this.#tokens[i]!;
    switch (token.type) {
      case "heading_open":
        this.#add([kleur.bold(kleur.cyan(inlineText(this.#tokens[i + 1]!)))]);
        return i + 2;
      case "inline":
        this.#prose(inlineText(token));
        break;
      case "fence":
      case "code_block":
        this.#code(token);
        break;
      case "table_open": {
        const end = this.#tokens.findIndex(({ type }, at) => at > i && type === "table_close");
        this.#add(tableLines(this.#tokens.slice(i, end), this.#width));
        return end;
      }
      case "bullet_list_open":
        this.#lists.push({ next: undefined });
        break;
      case "ordered_list_open":
        this.#lists.push({ next: Number(token.attrGet("start") ?? 1) });
        break;
      case "list_item_open": {
        const list = this.#lists.at(-1)!;
        this.#mark = markOf(list);
        if (list.next !== undefined) list.next += 1;
        break;
      }
      case "bullet_list_close":
      case "ordered_list_close":
        this.#lists.pop();
        this.#out.push("");
        break;
      case "html_block":
        this.#picture(token.content);
        break;
    }
    return i;
  }

  #add(lines: readonly string[]): void {
    this.#out.push(...lines, "");
  }

  #prose(text: string): void {
    const outer = INDENT.repeat(Math.max(0, this.#lists.length - 1));
    const inner = " ".repeat(markOf(this.#lists.at(-1)).length);
    const lines = paragraph(text, this.#width, outer + inner);
    if (this.#mark !== "") lines[0] = outer + this.#mark + lines[0]!.slice(outer.length + this.#mark.length);
    this.#mark = "";
    this.#out.push(...lines);
    // the items of a list are close together
    if (this.#lists.length === 0) this.#out.push("");
  }

  #code({ info, content }: Token): void {
    const width = this.#width - INDENT.length;
    const own = content.trimEnd().split("\n");
    const lines =
      info === "math"
        ? mathLines(content, width)
        : info === "ts"
          ? own.flatMap((line) => codeLines(line, width))
          : narrowed(own, width);
    this.#add(lines.map((line) => (INDENT + line).trimEnd()));
  }

  #picture(html: string): void {
    const [, description] = /<img\b[^>]*\balt="([^"]*)"/.exec(html) ?? [];
    if (description) this.#add(paragraph(`[picture: ${description}]`, this.#width).map((line) => kleur.dim(line)));
  }
}

/** What the next item of a list begins with; outside of lists, nothing. */
function markOf(list: { next: number | undefined } | undefined): string {
  if (list === undefined) return "";
  return list.next === undefined ? "- " : `${list.next}. `;
}

/** What is at least between two blocks of numbers that are next to each other. */
const BETWEEN_BLOCKS = " ".repeat(4);

/** Blocks of numbers next to each other, in rows of as many as fit: `bngain [1, 2]    bnraw [3, 2]` and numbers below. */
function narrowed(lines: readonly string[], width: number): string[] {
  if (lines.every((line) => line.length <= width)) return [...lines];
  return groupsOf(lines).flatMap((group, i) => {
    const blocks = blocksOf(group);
    const rows = blocks.length === 1 ? [group] : flow(blocks, width, BETWEEN_BLOCKS);
    return [...(i > 0 ? [""] : []), ...rows.flatMap((row, k) => [...(k > 0 ? [""] : []), ...row])];
  });
}

/** Lines between empty lines. */
function groupsOf(lines: readonly string[]): string[][] {
  const groups: string[][] = [[]];
  for (const line of lines) {
    if (line.trim() === "") groups.push([]);
    else groups.at(-1)!.push(line);
  }
  return groups.filter((group) => group.length > 0);
}

/** The blocks of a group: each begins below its title, after a space that all lines have. */
function blocksOf([titles = "", ...others]: readonly string[]): string[][] {
  const starts = [...titles.matchAll(/(?<= {4})\S/g)]
    .map(({ index }) => index)
    .filter((at) => others.every((line) => line.slice(at - 2, at).trim() === ""));
  const edges = [0, ...starts];
  return edges.map((from, i) => [titles, ...others].map((line) => line.slice(from, edges[i + 1]).trimEnd()));
}

/** A display formula; as it is written, if it cannot be read. */
function mathLines(tex: string, width: number): string[] {
  try {
    return formulaLines(parseTex(tex), width);
  } catch (error) {
    if (error instanceof TexError) return tex.trimEnd().split("\n");
    throw error;
  }
}

/** A line of text with its marks as colors, and its formulas as text. */
function inlineText(token: Token): string {
  let isBold = false;
  let text = "";
  for (const { type, content } of token.children ?? []) {
    const marked = (piece: string): string => (isBold ? kleur.bold(piece) : piece);
    if (type === "strong_open") isBold = true;
    else if (type === "strong_close") isBold = false;
    else if (type === "code_inline") text += kleur.enabled ? marked(kleur.cyan(content)) : `\`${content}\``;
    else if (type === "softbreak" || type === "hardbreak") text += " ";
    else if (type === "text") text += marked(withFormulas(content));
    else if (type === "image") text += `[picture: ${content}]`;
  }
  return text;
}

/** $x_i$ as x_i. */
function withFormulas(text: string): string {
  return text.replaceAll(/\$([^$]+)\$/g, (written, tex: string) => {
    try {
      return inlineFormula(parseTex(tex));
    } catch (error) {
      if (error instanceof TexError) return written;
      throw error;
    }
  });
}

/** The narrowest column of a table that is too wide. */
const NARROWEST = 8;

/** A table, its columns side by side; the widest ones are wrapped if they have no room. */
function tableLines(tokens: readonly Token[], width: number): string[] {
  const rows: string[][] = [];
  for (const token of tokens) {
    if (token.type === "tr_open") rows.push([]);
    else if (token.type === "inline") rows.at(-1)!.push(inlineText(token));
  }
  const widths = rows[0]!.map((_, j) => Math.max(...rows.map((row) => widthOf(row[j] ?? ""))));
  const room = width - GAP.length * (widths.length - 1);
  while (widths.reduce((sum, one) => sum + one, 0) > room && Math.max(...widths) > NARROWEST) {
    widths[widths.indexOf(Math.max(...widths))]! -= 1;
  }
  const [head, ...body] = rows.map((row) =>
    sideBySide(
      row.map((cell, j) => paragraph(cell, widths[j]!)),
      GAP,
      widths,
    ),
  );
  const rule = widths.map((one) => "─".repeat(one)).join(GAP);
  return [...head!, cutTo(rule, width), ...body.flat()];
}
