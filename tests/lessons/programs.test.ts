import { readFileSync } from "node:fs";
import path from "node:path";
import { Tensor } from "#tensor";
import { describe, expect, it } from "vitest";
import { Measured } from "../../grader/autograd/measured.ts";
import { steps } from "../../grader/course/steps.ts";
import { programReply } from "../../grader/diagnosis/program.ts";
import type { Truth, Value, ValueRecord } from "../../grader/kit/program.ts";
import type { ProgramStep, Step } from "../../grader/kit/step.ts";
import { shapeText } from "../../grader/network/shape.ts";
import { exercisesFolder } from "../../grader/runner/project.ts";
import { draw, type Column } from "./worked.ts";

/**
 * The example of a program in a lesson is a fenced text block below `<!-- program: ID -->`. To rewrite them after a change,
 * or to fill an empty one:
 *
 *     npx vitest run tests/lessons/programs.test.ts --update
 */
const BLOCK = /^<!-- program: (\S+) -->\n(?:\n```text\n[^]*?^```\n)?/gm;

const NODES = ["x", "y", "x * x", "x * y", "sum"];

const lessons = [
  ...new Set(steps.filter(({ kind }) => kind === "program").map(({ lesson }) => lesson!.split("#")[0]!)),
];

function regenerated(text: string): string {
  return text.replace(BLOCK, (_, id: string) => {
    const step = steps.find((one) => one.id === id)!;
    return `<!-- program: ${id} -->\n\n\`\`\`text\n${blockOf(step)}\n\`\`\`\n`;
  });
}

function blockOf(step: Step): string {
  if (step.kind !== "program") return parametersOf(step);
  const { example, right, names } = step.program;
  const truth = right(example.given);
  if (typeof truth === "function") return orderOf(step);
  const [first] = example.given;
  const answer = measuredIn(truth).map((one, i): Column => [names[i]!, one]);
  if (Array.isArray(first)) return gradientsOf(truth);
  const given = first instanceof Tensor ? ([["gradient", first]] as Column[]) : tensorsOf(first as ValueRecord);
  return [example.says, "", draw([given, answer])].join("\n");
}

function tensorsOf(record: ValueRecord): Column[] {
  return Object.entries(record).flatMap(([name, value]) => (value instanceof Tensor ? [[name, value] as const] : []));
}

function measuredIn(truth: Truth): Measured[] {
  if (truth instanceof Measured) return [truth];
  return Array.isArray(truth) ? (truth as readonly Truth[]).flatMap(measuredIn) : [];
}

/** The orders of all correct forms, each once. */
function orderOf(step: ProgramStep): string {
  const orders = step.forms.map((answer) => {
    const reply = programReply(step, { answer }, step.program.example);
    const [order] = (reply.kind === "value" ? reply.value : []) as readonly Value[];
    return (order as number[]).map((node) => NODES[node]!).join(", ");
  });
  return [step.program.example.says, "", ...[...new Set(orders)].sort()].join("\n");
}

function gradientsOf(truth: Truth): string {
  const wide = Math.max(...NODES.map(({ length }) => length));
  const gradients = measuredIn(truth).map(({ value }, i) => `${NODES[i]!.padEnd(wide)}  ${value[0]}`);
  return ["x * x + x * y at x = 3 and y = 5", "", `${"node".padEnd(wide)}  gradient`, ...gradients.reverse()].join(
    "\n",
  );
}

function parametersOf(step: Step): string {
  if (step.kind !== "train") throw new Error(`${step.id} has no example`);
  const rows = Object.entries(step.network.parameters);
  const wide = Math.max(...rows.map(([name]) => name.length));
  return [
    "parameter and gradient",
    "",
    ...rows.map(([name, shape]) => `${name.padEnd(wide)}  ${shapeText(shape)}`),
  ].join("\n");
}

describe.each(lessons)("%s", (lesson) => {
  const file = path.join(exercisesFolder, lesson);
  const text = readFileSync(file, "utf8");

  it("shows the examples of its programs, computed in float64", async () => {
    await expect(regenerated(text)).toMatchFileSnapshot(file);
  });

  it("has an example in the section of every step", () => {
    const shown = [...text.matchAll(BLOCK)].map(([, id]) => id);
    expect(shown).toEqual(steps.filter((step) => step.lesson?.startsWith(`${lesson}#`)).map(({ id }) => id));
  });

  it("says what the gradient of x would be with = instead of +=", () => {
    const { mistakes, program } = steps.find((step): step is ProgramStep => step.id === "backward")!;
    const uses = ["overwritten", "first-use"].map((id) => {
      const reply = programReply(
        { program },
        mistakes.find((one) => one.id === id)!,
        program.example,
      );
      return (reply as unknown as { value: Tensor[][] }).value[0]![0]!.item();
    });
    const [less, more] = uses.toSorted((a, b) => a - b);
    expect(text.replace(/\s+/g, " ")).toContain(`With \`=\` instead of \`+=\` it would be ${more} or ${less}`);
  });
});
