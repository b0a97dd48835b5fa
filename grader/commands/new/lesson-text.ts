import { sectionTitle } from "../../course/placement.ts";
import type { TaughtPart } from "../../course/taught.ts";
import { headingsOf } from "../../kit/lesson.ts";
import { forwardLines } from "../../kit/stub.ts";
import type { FunctionStep } from "../../kit/step.ts";
import type { Moved } from "./renumber.ts";

/** A lesson to be completed: a section for each step of the part, with its forward lines. */
export function lessonText({ network }: TaughtPart, steps: readonly FunctionStep[]): string {
  const sections = steps.map(sectionText).join("\n");
  return `# Part ${steps[0]?.part ?? 1}: ${network.name}\n\nTODO: say what the network is, and what the steps lead to\n\n${sections}`;
}

function sectionText(step: FunctionStep): string {
  const lines = forwardLines(step).map(({ output, text }) => `${output} = ${text}`);
  const title = sectionTitle(step, step.number);
  return `## ${title}\n\n\`\`\`\n${lines.join("\n")}\n\`\`\`\n\nTODO: derive the gradient\n`;
}

/**
 * A lesson in which steps have come between others: these get the headings with their new numbers, and each new step a
 * section before that of the next step that has one, or at the end.
 *
 * @param steps all of the part, in order
 * @param moved those that were there before
 */
export function lessonWith(markdown: string, steps: readonly FunctionStep[], moved: readonly Moved[]): string {
  const lines = markdown.split("\n");
  const headings = headingsOf(markdown);
  const before = new Map<number, string[]>();
  let waiting: string[] = [];
  for (const step of steps) {
    const from = moved.find(({ to }) => to === step)?.from;
    const title = sectionTitle(step, step.number);
    const old = from && headings.find((heading) => heading.title === sectionTitle(from, from.number));
    if (old) {
      lines[old.line] = `${"#".repeat(old.level)} ${title}`;
      before.set(old.line, [...(before.get(old.line) ?? []), ...waiting]);
      waiting = [];
    } else if (!from) waiting.push(sectionText(step));
  }
  const own = lines.flatMap((line, i) => [...(before.get(i) ?? []), line]);
  return [...own, ...waiting].join("\n");
}
