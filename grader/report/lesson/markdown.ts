import MarkdownIt from "markdown-it";

/** CommonMark, and the tables that GitHub adds to it. */
export const markdownParser = new MarkdownIt("commonmark").enable("table");

/** A piece of a parsed text. */
export type Token = ReturnType<typeof markdownParser.parse>[number];
