import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { functionSteps, parts } from "../../grader/course/steps.ts";
import { isLadder } from "../../grader/kit/hint.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import type { Network } from "../../grader/network/network.ts";
import { shapeText, type Extent } from "../../grader/network/shape.ts";
import { codeLines } from "../../grader/report/code.ts";
import { projectRoot } from "../../grader/runner/project.ts";

/**
 * Below `<!-- layer: NAME -->`, a lesson has the forward lines of a network with their shapes, and the steps about it. To
 * bring them up to date, or to fill an empty place:
 *
 *     npx vitest run tests/lessons/layers.test.ts --update
 */
const LAYER = /^<!-- layer: (\w+) -->\n(?:\n```text\n[^]*?\n```\n\n(?:- [^\n]*\n)+)?/gm;

const exam = functionSteps.filter(({ part }) => part === 7);
const networks = [...new Set(exam.map(({ network }) => network))];
const file = path.join(projectRoot, "exercises", parts[7], "README.md");
const text = readFileSync(file, "utf8");

/** Names with one shape in a line: "x, target [n, width]". */
function byShape(shapes: Readonly<Record<string, readonly Extent[]>>): string[] {
  const names = new Map<string, string[]>();
  for (const [name, shape] of Object.entries(shapes)) {
    const written = shapeText(shape);
    names.set(written, [...(names.get(written) ?? []), name]);
  }
  return [...names].map(([shape, all]) => `${all.join(", ")} ${shape}`);
}

/** What a terminal of 60 columns has for the lines of an indented block. */
const COLUMNS = 58;

/** The forward lines with their shapes beside them, or below all lines where there is no room for that. */
function withShapes(lines: Network["lines"]): string[] {
  const written = lines.map(({ output, text }) => `${output} = ${text}`);
  const width = Math.max(...written.map(({ length }) => length));
  const beside = lines.map(({ shape }, i) => `${written[i]!.padEnd(width)}  ${shapeText(shape)}`);
  if (beside.every(({ length }) => length <= COLUMNS)) return beside;
  const shapes = Object.fromEntries(lines.map(({ output, shape }) => [output, shape]));
  return [...written.flatMap((line) => codeLines(line, COLUMNS)), "", ...byShape(shapes)];
}

function linesOf({ lines, parameters, inputs, indices }: Network): string[] {
  return [...byShape({ ...parameters, ...inputs, ...indices }), "", ...withShapes(lines)];
}

const stepLine = ({ label, export: name, title, file }: FunctionStep): string =>
  `- ${label} [\`${name}\`](${path.basename(file)}): ${title}`;

function layer(name: string): string {
  const network = networks.find((one) => one.name === name);
  if (!network) throw new Error(`no layer is called ${name}`);
  const steps = exam.filter((step) => step.network === network);
  return [`<!-- layer: ${name} -->`, "", "```text", ...linesOf(network), "```", "", ...steps.map(stepLine), ""].join(
    "\n",
  );
}

describe("the lesson of the exam", () => {
  it("has the forward lines and the steps of each layer, in the order of the steps", async () => {
    expect([...text.matchAll(LAYER)].map(([, name]) => name)).toEqual(networks.map(({ name }) => name));
    await expect(text.replace(LAYER, (_, name: string) => layer(name))).toMatchFileSnapshot(file);
  });

  it("derives nothing: it has no formula, and says of no step what it teaches", () => {
    expect(text).not.toMatch(/```math|\$/);
    for (const { id, idea, hints } of exam) {
      expect(isLadder(hints), id).toBe(false);
      expect(idea, id).toBeDefined();
      expect(text.replaceAll(/\s+/g, " "), id).not.toContain(idea);
    }
  });
});
