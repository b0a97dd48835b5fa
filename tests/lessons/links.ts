import { markdownParser } from "../../grader/report/lesson/markdown.ts";

/** The targets of the links and pictures of a Markdown text, in order. */
export function linksOf(markdown: string): string[] {
  const tokens = markdownParser.parse(markdown, {}).flatMap((token) => token.children ?? []);
  return tokens
    .map((token) => token.attrGet("href") ?? token.attrGet("src"))
    .filter((link) => link !== null)
    .map(String);
}
