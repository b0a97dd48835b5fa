import type { Placement } from "./step.ts";

/** The anchor that GitHub and VS Code give the section of a Markdown file: `1-da-a-sum` for "1. da: a sum". */
export function anchorOf(title: string): string {
  const kept = title.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, "");
  return kept.replaceAll(" ", "-");
}

/** The file of a step's lesson, from the root of the tree; undefined if the step has none. */
export function lessonFile({ lesson }: Pick<Placement, "lesson">): string | undefined {
  return lesson?.split("#")[0];
}

/** The link from a step's file to its section of the lesson: `README.md#12-dhpreact`. */
export function lessonLink({ lesson }: Pick<Placement, "lesson">): string | undefined {
  return lesson?.split("/").at(-1);
}

/**
 * The part of a lesson that is about one step: its section, with the heading, or the whole lesson if the step is the only
 * one that it is about.
 *
 * @param markdown the lesson
 * @returns undefined if the step has no lesson, or the lesson no such section
 */
export function lessonSection(markdown: string, { lesson }: Pick<Placement, "lesson">): string | undefined {
  const [, anchor] = lesson?.split("#") ?? [];
  if (anchor === undefined) return lesson === undefined ? undefined : markdown;
  const lines = markdown.split("\n");
  const headings = headingsOf(markdown);
  const at = headings.findIndex(({ title }) => anchorOf(title) === anchor);
  const own = headings[at];
  if (!own) return undefined;
  const next = headings.slice(at + 1).find(({ level }) => level <= own.level);
  return `${lines.slice(own.line, next?.line).join("\n").trimEnd()}\n`;
}

/** A heading of a Markdown file. */
export interface Heading {
  /** 1 for the title of the file. */
  level: number;
  title: string;
  /** Its line, from 0. */
  line: number;
}

/** The headings of a Markdown file, in order; a line of a fenced block is none. */
export function headingsOf(markdown: string): Heading[] {
  let fence: string | undefined;
  return markdown.split("\n").flatMap((text, line): Heading[] => {
    const [, mark] = /^ *(`{3,}|~{3,})/.exec(text) ?? [];
    if (mark !== undefined) {
      if (fence === undefined) fence = mark;
      else if (mark.startsWith(fence)) fence = undefined;
    }
    const [, signs, title] = (fence === undefined && /^(#+) (.*)$/.exec(text)) || [];
    return signs === undefined ? [] : [{ level: signs.length, title: title!, line }];
  });
}
