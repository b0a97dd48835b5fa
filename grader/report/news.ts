import kleur from "kleur";
import type { Finished, News } from "../grading/news.ts";
import { ruleOf } from "../kit/hint.ts";
import { answerExtents, answerName, type Step } from "../kit/step.ts";
import { shapeText } from "../network/shape.ts";
import { sideBySide } from "./side-by-side.ts";
import { INDENT, paragraph, proseWidth } from "./text.ts";

/** Of more milestones at once, only the last ones are shown: whoever finishes that much is not working step by step. */
const MOST = 2;
/** A table of three columns needs this width; in less, each idea is below its step. */
const WIDE = 76;

/** What a grading brings for the first time, after its report: other forms, a trap that is near, the end of a part. */
export function newsLines({ passed, traps, finished }: News, columns?: number): string[] {
  const width = proseWidth(columns);
  const first = passed.length === 1 ? passed[0] : undefined;
  const forms = first && (first.alsoRight ?? []).length > 0 ? first : undefined;
  const near = passed.length <= MOST ? traps : [];
  return [
    ...(forms ? paragraph(`other correct forms: npm run solution -- ${forms.id}`, width) : []),
    ...near.flatMap(({ id, experiment }) =>
      paragraph(`a trap near here: ${experiment.trap}; npm run lab -- ${id}`, width),
    ),
    ...(finished.length === 0 ? [] : ["", ...newlyFinishedLines(finished, columns)]),
  ];
}

/** What was finished a moment ago, and the command that shows it again. */
export function newlyFinishedLines(finished: readonly Finished[], columns?: number): string[] {
  const lines = finished.slice(-MOST).flatMap((one) => [...finishedLines(one, columns), ""]);
  return [...lines, kleur.dim("npm run recap shows this again")];
}

/** A milestone that is not reached yet. */
export function openLines({ milestone: { title }, steps }: Finished, passed: number, columns?: number): string[] {
  return paragraph(
    `${kleur.bold(title)}: ${passed} of ${steps.length} passed; its recap is shown once all have`,
    proseWidth(columns),
  );
}

/** A milestone: what can be done now, the recap of its steps, what comes next. */
export function finishedLines({ milestone, steps, next }: Finished, columns?: number): string[] {
  const width = proseWidth(columns);
  const { title, can, isRecapped } = milestone;
  return [
    kleur.bold(kleur.green(`Finished: ${title}`)),
    "",
    ...paragraph(can, width, INDENT),
    ...(isRecapped ? [] : ["", ...recapLines(steps, width)]),
    ...(next.length > 0 ? [""] : []),
    ...next.flatMap(({ text }) =>
      sideBySide([[`${INDENT}-`], paragraph(text.replaceAll("`", ""), width - INDENT.length - 2)], " "),
    ),
  ];
}

/** Tensor, shape, idea: a row for each step. */
export interface RecapRow {
  readonly label: string;
  readonly name: string;
  readonly shape: string;
  readonly idea: string;
}

/** The recap of some steps; what is no function of given tensors has no shape. */
export function recapOf(steps: readonly Step[]): readonly RecapRow[] {
  return steps.map((step) => ({
    label: step.label,
    name: step.kind === "function" ? answerName(step) : step.export,
    shape: step.kind === "function" ? shapeText(answerExtents(step)) : "",
    idea: step.idea ?? ruleOf(step.hints),
  }));
}

function recapLines(steps: readonly Step[], width: number): string[] {
  const rows = recapOf(steps);
  const wide = (texts: readonly string[]): number => Math.max(...texts.map(({ length }) => length));
  const names = wide(rows.map(({ name }) => name));
  const shapes = wide(rows.map(({ shape }) => shape));
  const room = width - INDENT.length - names - shapes - 4;
  return rows.flatMap(({ name, shape, idea }) =>
    width >= WIDE
      ? sideBySide([[INDENT + name], [shape], paragraph(idea, room)], "  ", [INDENT.length + names, shapes])
      : [`${INDENT}${kleur.bold(name)}  ${shape}`.trimEnd(), ...paragraph(idea, width, INDENT.repeat(2))],
  );
}
