import { columnsOf, valuesOf, type Columns } from "../columns.ts";
import type { CourseTexts, Recap, StepTexts } from "./texts.ts";

/** The course's texts as their file has them. */
export interface PackedTexts extends Pick<CourseTexts, "glossary"> {
  readonly ids: readonly string[];
  readonly steps: Columns;
  readonly recaps: Columns;
}

export function packed({ steps, recaps, glossary }: CourseTexts): PackedTexts {
  return { ids: Object.keys(steps), steps: columnsOf(Object.values(steps)), recaps: columnsOf(recaps), glossary };
}

/** @param all those of the course and, perhaps, those beyond the lecture */
export function unpacked(all: readonly PackedTexts[]): CourseTexts {
  const steps = all.flatMap(({ ids, steps }) => {
    const texts = valuesOf(steps) as StepTexts[];
    return ids.map((id, i) => [id, texts[i]!] as const);
  });
  return {
    steps: Object.fromEntries(steps),
    recaps: all.flatMap(({ recaps }) => valuesOf(recaps) as Recap[]),
    glossary: all[0]!.glossary,
  };
}
