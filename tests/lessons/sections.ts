import MarkdownIt from "markdown-it";

/** CommonMark, and the tables that GitHub adds to it. */
const parser = new MarkdownIt("commonmark").enable("table");

/** Where the links and pictures of a Markdown text lead, in their order. */
export function linksOf(markdown: string): string[] {
  const tokens = parser.parse(markdown, {}).flatMap((token) => token.children ?? []);
  return tokens
    .map((token) => token.attrGet("href") ?? token.attrGet("src"))
    .filter((link) => link !== null)
    .map(String);
}

/** The titles of a Markdown text's sections, as they are written. What stands in code is none. */
export function sectionTitles(markdown: string): string[] {
  const text = markdown.replace(/^ *(```+)[^]*?^ *\1$/gm, "");
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title]) => title!);
}

/** Where GitHub and VS Code put a section: `#how-grading-decides`. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}
