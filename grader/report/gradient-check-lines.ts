import kleur from "kleur";
import type { CheckedStep } from "../grading/check-gradient.ts";
import type { Step } from "../kit/step.ts";
import { tableLines } from "./findings.ts";
import { gradientCheckReport } from "./gradient-check.ts";
import { INDENT, paragraph, proseWidth } from "./text.ts";

/**
 * A step's answer beside central differences of its forward lines, entry by entry, and what follows from it.
 *
 * @param columns the terminal's; undefined if the output is not a terminal
 */
export function gradientCheckLines(step: Step, checked: CheckedStep, columns?: number): string[] {
  const width = proseWidth(columns);
  const prose = (text: string): string[] => paragraph(text, width, INDENT);
  const report = gradientCheckReport(step, checked);
  if (typeof report === "string") return paragraph(report, width);
  const { title, how, table, conclusion } = report;
  return [kleur.bold(title), "", ...prose(how), "", ...tableLines(table, width), "", ...prose(conclusion)];
}
