import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { dojo, parts, steps } from "../../grader/course/steps.ts";
import { finishable, trapsOf, type Finished } from "../../grader/grading/news.ts";
import { isLadder } from "../../grader/kit/hint.ts";
import type { Step } from "../../grader/kit/step.ts";
import { recapOf } from "../../grader/report/news.ts";
import { paragraph } from "../../grader/report/text.ts";
import { projectRoot } from "../../grader/runner/project.ts";

/**
 * Recaps in the lessons are generated, below `<!-- recap: ID -->`, from the milestones and the rooms. To rewrite them after
 * a change, or to fill an empty one:
 *
 *     npx vitest run tests/lessons/recap.test.ts --update
 */
const RECAP = /^<!-- recap: (\S+) -->\n[^]*?^<!-- end of recap -->$/gm;

const WIDTH = 120;
const all = finishable(dojo);
/** Whether a lesson explains a step; that of an exam would give its answers away. */
const isTaught = ({ hints }: Step): boolean => isLadder(hints);
const lessons = Object.values(parts).map((part) => {
  const file = path.join(projectRoot, "exercises", part, "README.md");
  return { part, file, text: readFileSync(file, "utf8") };
});

/** A table as Prettier lays it out. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((title, i) =>
    Math.max(...[title, ...rows.map((row) => row[i]!)].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)];
}

/** Names with _ in code, so that they are not taken for emphasis. */
const inCode = (text: string): string => text.replaceAll(/\b[A-Za-z]+_[A-Za-z_]+\b/g, "`$&`");

/** The experiments that belong to a step. */
function trapsAfter({ id, label }: Step): string[] {
  const near = trapsOf(dojo).filter(({ experiment: { after } }) => after && "step" in after && after.step === id);
  return near.map(
    (trap) => `A trap near step ${label}: ${trap.experiment.trap}. \`npm run lab -- ${trap.id}\` shows it.`,
  );
}

function blockFor({ milestone, steps, next }: Finished): string[] {
  const { title, can, isRecapped } = milestone;
  const items = [...(isRecapped ? [] : steps.flatMap(trapsAfter)), ...next.map(({ text }) => text)];
  const rows = recapOf(steps).map(({ label, name, shape, idea }) => [
    `${label}. \`${name}\``,
    shape && `\`${shape}\``,
    inCode(idea),
  ]);
  const says = (text: string): string[] => paragraph(text, WIDTH);
  const item = (text: string): string[] => paragraph(text, WIDTH - 2).map((line, i) => (i === 0 ? "- " : "  ") + line);
  return [
    ...says(`**Finished: ${title}.** ${can}`),
    ...(isRecapped ? [] : ["", ...table(["tensor", "shape", "idea"], rows)]),
    ...(items.length > 0 ? ["", ...items.flatMap(item)] : []),
  ];
}

function regenerated(text: string): string {
  return text.replace(RECAP, (_, id: string) => {
    const found = all.find(({ milestone }) => milestone.id === id);
    if (!found) throw new Error(`no milestone is called ${id}; they are listed in grader/course/milestones.ts`);
    return ["<!-- recap: " + id + " -->", "", ...blockFor(found), "", "<!-- end of recap -->"].join("\n");
  });
}

describe.each(lessons)("the lesson of $part", ({ file, text, part }) => {
  it("repeats what its steps teach, as the rooms have it", async () => {
    await expect(regenerated(text)).toMatchFileSnapshot(file);
  });

  it("states the idea of each of its steps", () => {
    const words = text.replace(RECAP, "").replaceAll(/[*`]/g, "").replaceAll(/\s+/g, " ").toLowerCase();
    for (const { id, idea } of steps.filter((step) => step.file.startsWith(part) && isTaught(step))) {
      expect(idea, `${id} has an idea`).toBeDefined();
      expect(words, id).toContain(idea!.replaceAll("`", "").toLowerCase());
    }
  });
});

describe("the milestones", () => {
  it("are all in a lesson, each in its own part's, except those of an exam", () => {
    const found = lessons.flatMap(({ text }) => [...text.matchAll(RECAP)].map(([, id]) => id));
    const taught = all.filter(({ steps }) => steps.every(isTaught));
    // what lies beyond the course follows its end in the files, and comes before it in the list
    expect(found.toSorted()).toEqual(taught.map(({ milestone }) => milestone.id).toSorted());
  });

  it("end each part, and together recap every step once", () => {
    for (const { number, milestones } of dojo.parts) expect(milestones!.at(-1)!.from, `part ${number}`).toBeUndefined();
    const recapped = all
      .filter(({ milestone }) => !milestone.isRecapped)
      .flatMap(({ steps }) => steps.map(({ id }) => id));
    expect(recapped).toEqual(steps.map(({ id }) => id));
  });

  it("name commands and steps that exist", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(projectRoot, "package.json"), "utf8")) as { scripts: object };
    const said = all.flatMap(({ next }) => next.map(({ text }) => text)).join("\n");
    const commands = [...said.matchAll(/npm run (\w+)(?: -- ([\w-]+))?/g)];
    expect(commands.length).toBeGreaterThan(4);
    for (const [, name, step] of commands) {
      expect(scripts).toHaveProperty(name!);
      if (step && !step.startsWith("--")) expect(steps.map(({ id }) => id)).toContain(step);
    }
  });
});

it("experiments are pointed out at steps of the course, five of them", () => {
  const named = trapsOf(dojo).flatMap(({ experiment }) => experiment.after ?? []);
  expect(named).toHaveLength(5);
  for (const where of named) if ("step" in where) expect(steps.map(({ id }) => id)).toContain(where.step);
});
