import type { Step } from "../../kit/step.ts";
import { csvOf } from "./csv.ts";
import { counted, stepName } from "./view.ts";

/** One person's answer to a step, for a tool that compares answers. */
export interface Answer {
  /** A safe file name. */
  readonly id: string;
  readonly name: string;
  /** ISO 8601; null if unknown. */
  readonly received: string | null;
  readonly code: string;
}

/** A step's answers, with what everybody was given and what everybody can read. */
export interface Answers {
  readonly step: Step;
  readonly answers: readonly Answer[];
  /** The stub, which tools should ignore. */
  readonly stub: string;
  /** Our own solution, which is public; undefined in a copy of the course without solutions. */
  readonly solution: string | undefined;
}

/**
 * A folder that Dolos reads: for each step its answers, and info.csv, which names them, the stub as the template to ignore
 * and the published solution. By Dolos' own reader (lib/dataset.ts): filename is relative to info.csv, ignored="true" marks
 * the template, label gives the color.
 *
 * @returns texts by their paths in the folder
 */
export function similarityFiles(steps: readonly Answers[]): ReadonlyMap<string, string> {
  const files = new Map<string, string>([["README.txt", readme(steps)]]);
  for (const { step, answers, stub, solution } of steps) {
    const lines = [["filename", "full_name", "label", "created_at", "ignored"]];
    const add = (name: string, text: string, cells: readonly string[]): void => {
      files.set(`${step.id}/${name}`, text);
      lines.push([name, ...cells]);
    };
    add("template.ts", stub, ["the stub", "template", "", "true"]);
    if (solution !== undefined) add("published/solution.ts", solution, ["the published solution", "published", "", ""]);
    for (const { id, name, received, code } of answers) {
      add(`submissions/${id}.ts`, code, [name, "handed in", received ?? "", ""]);
    }
    files.set(`${step.id}/info.csv`, csvOf(lines));
  }
  return files;
}

function readme(steps: readonly Answers[]): string {
  const rows = steps.map(
    ({ step, answers }) => `  ${step.id}/info.csv   ${stepName(step)}: ${counted(answers.length, "answer")}`,
  );
  return [
    "What a similarity tool reads, a folder for each step that is long enough for similarity to mean something:",
    "",
    ...rows,
    "",
    "  dolos run -l typescript STEP/info.csv",
    "",
    "Other tools take the folders submissions/, with template.ts as the code that everybody was given.",
    "",
    "Before reading the numbers:",
    "- The other steps are left out. They are one to ten lines with one natural answer, which any two people may write.",
    "- The formulas of these steps are in the lecture and the lessons, and solutions are published: published/solution.ts",
    "  is among the files, so that you can see who is near to it. Being near to it is no offense by itself.",
    "- Similarity accuses nobody. It says which two answers to read side by side.",
    "",
  ].join("\n");
}
