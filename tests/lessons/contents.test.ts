import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parts, steps } from "../../grader/course/steps.ts";
import type { Step } from "../../grader/kit/step.ts";
import { anchorOf, headingsOf, lessonFile, lessonLink, lessonSection } from "../../grader/kit/lesson.ts";
import { markdownParser } from "../../grader/report/lesson/markdown.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { contentsOf, hasContents, withContents } from "./contents.ts";

const exercises = path.join(projectRoot, "exercises");
const read = (file: string): string => readFileSync(path.join(exercises, file), "utf8");
const lessons = Object.entries(parts).map(([number, folder]) => {
  const file = `${folder}/README.md`;
  return { number: Number(number), file, text: read(file) };
});
const stepsOf = (part: number): typeof steps => steps.filter((step) => step.part === part);

describe.each(lessons)("$file", ({ number, file, text }) => {
  /** To bring the list up to date: `npx vitest run tests/lessons/contents.test.ts --update`. */
  it("lists its sections, if it has one for each of several steps", async () => {
    expect(hasContents(text)).toBe(stepsOf(number).length > 1);
    await expect(withContents(text)).toMatchFileSnapshot(path.join(exercises, file));
  });

  it("has titles that GitHub and VS Code turn into the same links, each of them once", () => {
    const titles = headingsOf(text).map(({ title }) => title);
    expect(titles).toEqual(parsedTitles(text));
    expect(titles.map(anchorOf)).toEqual(titles.map(inCode));
    expect(new Set(titles.map(anchorOf)).size).toBe(titles.length);
  });

  it("has the section that each of its steps links to", () => {
    const sections = stepsOf(number).map((step) => ({ step, section: lessonSection(text, step) }));
    for (const { step, section } of sections) {
      expect(lessonFile(step)).toBe(file);
      expect(section, step.id).toBeDefined();
      const own = `${step.number}\\. ${step.export}(:|\\n)`;
      const title = sections.length === 1 ? /^# / : new RegExp(`^#+ ${sharedSection(step) ?? own}`);
      expect(section).toMatch(title);
      expect(section).toContain(sections.length === 1 ? text.trimEnd() : "```");
    }
    // no section contains another step's
    const others = sections.flatMap(({ step, section }) =>
      stepsOf(number).filter((other) => other !== step && section!.includes(`# ${other.number}. ${other.export}`)),
    );
    expect(others).toEqual([]);
  });
});

/** The title of the section that a step shares with others; undefined if it has one of its own. */
function sharedSection(step: Step): string | undefined {
  return step.kind === "function" ? step.section : undefined;
}

/** The titles as a parser of Markdown finds them. */
function parsedTitles(text: string): string[] {
  const tokens = markdownParser.parse(text, {});
  return tokens.filter((_, i) => tokens[i - 1]?.type === "heading_open").map(({ content }) => content);
}

/** The link that VS Code makes of a title, which drops a hyphen at either end. */
function inCode(title: string): string {
  const kept = title
    .trim()
    .toLowerCase()
    .replaceAll(/\s+/g, "-")
    .replaceAll(/[^\p{L}\p{N}_-]/gu, "");
  return kept.replace(/^-+|-+$/g, "");
}

it.each([
  ["1. da: a sum", "1-da-a-sum"],
  ["3. dcounts_sum_inv", "3-dcounts_sum_inv"],
  ["What `grad` is, and why", "what-grad-is-and-why"],
  ["Scores + targets -> loss", "scores--targets---loss"],
  ["Über (n - 1)/n", "über-n---1n"],
])("the section %s has the link that GitHub gives it", (title, anchor) => {
  expect(anchorOf(title)).toBe(anchor);
});

it("every exercise and its solution link to the step's section", () => {
  for (const step of steps) {
    const link = `@see [the lesson](${lessonLink(step)})`;
    expect(read(step.file), step.id).toContain(link);
    expect(readFileSync(path.join(projectRoot, "solutions", step.file), "utf8"), step.id).toContain(link);
  }
});

it("a list of contents has a line for each section, and the steps below it in the same line", () => {
  const lesson = "# Title\n\n## One: a\n\n```text\n## no\n```\n\n## Two\n\n### 1. x\n\n### 2. y: z\n";
  expect(contentsOf(lesson)).toBe("- [One: a](#one-a)\n- [Two](#two): [1. x](#1-x), [2. y: z](#2-y-z)");
});
