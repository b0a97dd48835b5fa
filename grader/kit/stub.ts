import type { Line } from "../network/line.ts";
import { shapeText } from "../network/shape.ts";
import { lessonLink } from "./lesson.ts";
import { answerExtents, answerName, shapeOf, type FunctionStep, type ProgramStep, type Step } from "./step.ts";

const BEGIN = "// solution";
const END = "// end of solution";

/**
 * The stub of a step: its solution's file with each marked body replaced by `throw todo(...)`.
 *
 * @throws Error if the markers are missing or do not pair up
 */
export function makeStub(solution: string, step: Step): string {
  const out: string[] = [];
  let inside = false;
  let bodies = 0;
  for (const line of solution.split("\n")) {
    const trimmed = line.trim();
    if (trimmed === (inside ? BEGIN : END))
      throw new Error(`${step.file}: "${trimmed}" does not pair with another marker`);
    if (trimmed === BEGIN) {
      inside = true;
      bodies += 1;
      out.push(line.replace(BEGIN, `throw todo("${step.id}");`));
    } else if (trimmed === END) inside = false;
    else if (!inside) out.push(line);
  }
  if (inside || bodies !== 1) throw new Error(`${step.file}: expected one "${BEGIN}" and one "${END}"`);
  return out.join("\n");
}

/** The id of the step that a stub belongs to; undefined if the text is no stub. */
export function stepOfStub(text: string): string | undefined {
  return /^\s*throw todo\("([^"]+)"\);$/m.exec(text)?.[1];
}

/** The comment above a step's function: its task, and where the lesson explains it. */
export function stepComment(step: FunctionStep | ProgramStep): string {
  const link = lessonLink(step);
  const lines = [
    `${step.label}. ${step.export}`,
    "",
    ...stepTask(step),
    ...(link === undefined ? [] : ["", `@see [the lesson](${link})`]),
  ];
  return ["/**", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"].join("\n");
}

/** A step's task in lines: the forward lines, what is given with shapes, and what to return. */
export function stepTask(step: FunctionStep | ProgramStep): readonly string[] {
  if (step.kind === "program") return step.task;
  const byShape = new Map<string, string[]>();
  for (const name of step.given) {
    const shape = shapeText(shapeOf(step, name));
    byShape.set(shape, [...(byShape.get(shape) ?? []), name]);
  }
  const given = [...byShape].map(([shape, names]) => `${names.join(", ")} ${shape}`);
  return [
    "Forward:",
    ...forwardLines(step).map((line) => `  ${line.output} = ${line.text}`),
    "",
    "Given:",
    ...given.map((text) => `  ${text}`),
    "",
    `Return: ${answerName(step)} ${shapeText(answerExtents(step))}`,
  ];
}

/** The forward lines as the comment shows them. */
export function forwardLines(step: FunctionStep): readonly Line[] {
  return [...(step.before ?? []), ...step.runs.flat()];
}

/** A solution's file as readers see it: without the markers of its body. */
export function withoutMarkers(solution: string): string {
  const lines = solution.split("\n");
  return lines.filter((line) => ![BEGIN, END].includes(line.trim())).join("\n");
}
