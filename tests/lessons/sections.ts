import MarkdownIt from "markdown-it";

/** CommonMark, and the tables that GitHub adds to it. */
const parser = new MarkdownIt("commonmark").enable("table");

/** The targets of the links and pictures of a Markdown text, in order. */
export function linksOf(markdown: string): string[] {
  const tokens = parser.parse(markdown, {}).flatMap((token) => token.children ?? []);
  return tokens
    .map((token) => token.attrGet("href") ?? token.attrGet("src"))
    .filter((link) => link !== null)
    .map(String);
}

/** The titles of a Markdown text's sections, as they are written, but not lines in code. */
export function sectionTitles(markdown: string): string[] {
  const text = markdown.replace(/^ *(```+)[^]*?^ *\1$/gm, "");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!);
}

/** The anchor that GitHub and VS Code give a section: `#how-grading-decides`. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}
