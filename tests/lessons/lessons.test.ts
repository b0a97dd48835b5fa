import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Tensor } from "#tensor";
import { functionSteps, parts, steps } from "../../grader/course/steps.ts";
import { lectureLinks } from "../../grader/course/lecture.ts";
import { clock } from "../../grader/kit/number.ts";
import { lines } from "../../grader/course/makemore/lines.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { column, hintNumbers, sharedNumbers, stepBlock, workedBlocks } from "./blocks.ts";
import { solutionCode } from "./solution-code.ts";

/**
 * A block of numbers in a lesson is a fenced text block below `<!-- worked: NAME -->`; NAME is in blocks.ts. Forward
 * lines and shapes are below `<!-- step: ID -->`, links into the lecture below `<!-- lecture: ID -->`. To rewrite them after a change, or to fill an empty block:
 *
 *     npx vitest run tests/lessons -u
 */
const LECTURE = /^<!-- lecture: (.+) -->\n\nIn the lecture:.*$/gm;
const BLOCK = /^<!-- (step|worked): (.+) -->\n\n```text\n(?:[^]*?\n)??```$/gm;

const fileOf = (part: string): string => path.join(projectRoot, "exercises", part, "README.md");
const lessons = [1, 2, 3, 4, 5].map((number) => {
  const part = parts[number as keyof typeof parts];
  const file = fileOf(part);
  return { part, file, text: readFileSync(file, "utf8") };
});

const step = (part: string) => steps.filter(({ file }) => file.startsWith(part));

function regenerated(text: string): string {
  return withBlocks(text).replace(LECTURE, (_, id: string) => {
    const seconds = steps.find((step) => step.id === id)?.lecture;
    if (!seconds) throw new Error(`the room of ${id} does not say where the lecture derives it`);
    return `<!-- lecture: ${id} -->\n\nIn the lecture: ${lectureLinks(seconds)}.`;
  });
}

function withBlocks(text: string): string {
  return text.replace(BLOCK, (_, kind: string, name: string) => {
    const block = kind === "step" ? stepBlock(name) : workedBlocks[name];
    if (block === undefined) throw new Error(`no worked block is called "${name}"; they are listed in blocks.ts`);
    return `<!-- ${kind}: ${name} -->\n\n\`\`\`text\n${block}\n\`\`\``;
  });
}

describe.each(lessons)("the lesson of $part", ({ part, file, text }) => {
  it("shows the numbers that the float64 reference computes", async () => {
    await expect(regenerated(text)).toMatchFileSnapshot(file);
  });

  it("fits in 120 columns, except for tables and TeX, and has no spaces at the ends of lines", () => {
    const tooLong = (line: string): boolean => line.length > 120 && !/^[|\\]/.test(line);
    expect(text.split("\n").filter((line) => line.endsWith(" ") || tooLong(line))).toEqual([]);
  });

  it("does not contain a solution's code", () => {
    for (const { file } of step(part)) {
      const { body, returned } = solutionCode(file);
      const squeezed = body.replace(/\s+|return|;$/g, "");
      expect(squeezed).not.toBe("");
      expect(text.replace(/\s+/g, "")).not.toContain(squeezed);
      if (returned.includes("(")) expect(text.replace(/\s+/g, "")).not.toContain(returned.replace(/\s+/g, ""));
    }
  });
});

it("the traps' hints start from the lesson's numbers", () => {
  for (const [id, worked] of Object.entries(sharedNumbers)) {
    for (const [name, numbers] of Object.entries(hintNumbers(id))) {
      const [, inLesson] = column(worked, name);
      const values = [...(inLesson instanceof Tensor ? inLesson.toArray() : inLesson.value)];
      const inHint = [numbers].flat(3) as number[];
      expect(values.length, `${id}: ${name}`).toBe(inHint.length);
      // the lesson prints four decimals: it shows a bnraw of 1 that epsilon makes 0.999995
      for (const [i, value] of values.entries()) expect(value, `${id}: ${name}`).toBeCloseTo(inHint[i]!, 4);
    }
  }
});

describe("part 1", () => {
  const { text } = lessons[0]!;
  const sections = text
    .split(/^### /m)
    .slice(1)
    .map((section) => section.split(/^## /m)[0]!);

  it("has a section for every step, in the course's order", () => {
    const wanted = functionSteps.filter(({ part }) => part === 1).map((step) => `${step.label}. ${step.id}`);
    expect(sections.map((section) => section.split("\n")[0])).toEqual(wanted);
  });

  it("has in every section the forward lines, a worked instance and a derivation, and no method calls", () => {
    for (const section of sections) {
      const id = section.split("\n")[0]!.split(". ")[1]!;
      const words = section.replace(BLOCK, "");
      expect(section).toContain(`<!-- step: ${id} -->`);
      expect(section).toContain(`<!-- worked: ${id} -->`);
      expect(words, id).toMatch(/^```math$/m);
      expect(words, id).toMatch(/\*\*The idea\.\*\*/);
      expect(words, id).not.toMatch(/`[^`]*(\.[a-zA-Z]+\(|\.T\b)/);
    }
  });

  it("shows the model's forward pass", () => {
    const missing = lines.filter((line) => !text.includes(`| \`${line.output} = ${line.text}\` `));
    expect(missing.map(({ output }) => output)).toEqual([]);
  });
});

describe("part 5", () => {
  const { text } = lessons.at(-1)!;
  const traps = functionSteps.filter(({ part }) => part === 5);
  const sections = text.split(/^## /m).slice(1);

  it("has a section for every trap, in the course's order", () => {
    const titles = sections.map((section) => section.split(":")[0]).filter((title) => /^\d/.test(title!));
    expect(titles).toEqual(traps.map(({ number, id }) => `${number}. ${id}`));
  });

  it("gives the factor between two variances for the batches it mentions", () => {
    const factor = (n: number): string => Math.sqrt((n - 1) / n).toFixed(3);
    expect(text.replace(/\s+/g, " ")).toContain(`${factor(32)} for a batch of 32 and ${factor(2)} for a batch of two`);
  });

  it("has in every section the trap, the lines, a derivation, a worked instance, the idea and the experiment", () => {
    for (const { id, number } of traps) {
      const section = sections.find((section) => section.startsWith(`${number}. ${id}:`))!;
      expect(section, id).toContain(`<!-- step: ${id} -->`);
      expect(section, id).toContain(`<!-- worked: ${id} -->`);
      expect(section, id).toMatch(/\*\*The trap\.\*\*/);
      expect(section, id).toMatch(/^```math$/m);
      expect(section, id).toMatch(/\*\*The idea\.\*\*/);
      expect(section, id).toContain(`**See it:** \`npm run lab -- ${id}\`.`);
    }
  });
});

it("the lessons link to the lecture for every step that it derives", () => {
  const linked = lessons.flatMap(({ text }) => [...text.matchAll(LECTURE)].map(([, id]) => id));
  expect(linked).toEqual(steps.filter(({ lecture }) => lecture).map(({ id }) => id));
  expect(linked).toHaveLength(29);
  expect(clock(780)).toBe("13:00");
  expect(clock(4438)).toBe("1:13:58");
});

it("every worked block is in a lesson", () => {
  const used = lessons.flatMap(({ text }) => [...text.matchAll(BLOCK)].map(([, , name]) => name));
  const unused = Object.keys(workedBlocks).filter((name) => !used.includes(name));
  expect(unused).toEqual([]);
});

it("every comment that names a block is followed by one", () => {
  for (const { text } of lessons) {
    expect(text.match(BLOCK) ?? []).toHaveLength(text.match(/<!-- (step|worked):/g)?.length ?? 0);
  }
});
