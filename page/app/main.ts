import type { PageResult } from "../protocol.ts";
import type { CourseDigest, Site, StepDigest } from "../site.ts";
import { startGrader } from "./grader.ts";

declare const SITE: Site;

/** The page: a list of steps, a text, a button, and what grading says. */
const grader = startGrader();
const [course, stubs] = (await Promise.all([load(SITE.course), load(SITE.stubs)])) as [
  CourseDigest,
  Record<string, string>,
];
const files = { ...stubs };

const list = element("select", { ariaLabel: "step" });
for (const { id, label } of course.steps) list.append(element("option", { value: id, textContent: `${label} ${id}` }));
const text = element("textarea", { ariaLabel: "your code", rows: 24, cols: 100, spellcheck: false });
const button = element("button", { textContent: "Grade" });
const output = element("pre", { role: "status" });
document.body.append(list, button, element("br"), text, output);

list.onchange = show;
text.oninput = () => (files[current().file] = text.value);
button.onclick = () => void grade();
show();

function current(): StepDigest {
  return course.steps.find(({ id }) => id === list.value)!;
}

function show(): void {
  text.value = files[current().file] ?? "";
  output.textContent = "";
}

async function grade(): Promise<void> {
  button.disabled = true;
  try {
    const [result] = await grader.grade({ files, steps: [current().id] });
    output.textContent = linesOf(result!).join("\n");
  } catch (error) {
    output.textContent = error instanceof Error ? error.message : String(error);
  }
  button.disabled = false;
}

function linesOf({
  id,
  verdict,
  tensors,
  at,
  message,
  mistake,
  notes,
  why,
  printed,
  milliseconds,
}: PageResult): string[] {
  return [
    `${id}: ${verdict} (${Math.round(milliseconds)} ms)`,
    ...tensors.map(
      (line) => `${line.name} | exact: ${line.exact} | approximate: ${line.approximate} | maxdiff: ${line.maxdiff}`,
    ),
    ...(message === null ? [] : [`${at ? `${at.line}:${at.column} ` : ""}${message}`]),
    ...(mistake ? [mistake.sentence] : []),
    ...notes.map(({ line, column, text }) => `note: ${line}:${column} ${text}`),
    ...(why === null ? [] : [why]),
    ...(printed === "" ? [] : ["printed:", printed]),
  ];
}

async function load(name: string): Promise<unknown> {
  const response = await fetch(new URL(name, location.href));
  return response.json();
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  properties: Partial<HTMLElementTagNameMap[Name]> = {},
): HTMLElementTagNameMap[Name] {
  return Object.assign(document.createElement(name), properties);
}
