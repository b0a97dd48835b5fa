import { sectionTitle } from "../../course/placement.ts";
import type { TaughtPart } from "../../course/taught.ts";
import { forwardLines } from "../../kit/stub.ts";
import type { FunctionStep } from "../../kit/step.ts";

/** A lesson to be completed: a section for each step of the part, with its forward lines. */
export function lessonText({ network }: TaughtPart, steps: readonly FunctionStep[]): string {
  const sections = steps.map((step) => {
    const lines = forwardLines(step).map(({ output, text }) => `${output} = ${text}`);
    return `## ${sectionTitle(step, step.number)}\n\n\`\`\`\n${lines.join("\n")}\n\`\`\`\n\nTODO: derive the gradient\n`;
  });
  return `# Part ${steps[0]?.part ?? 1}: ${network.name}\n\nTODO: say what the network is, and what the steps lead to\n\n${sections.join("\n")}`;
}
