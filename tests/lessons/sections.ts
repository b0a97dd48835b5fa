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
