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

export function unpacked({ ids, steps, recaps, glossary }: PackedTexts): CourseTexts {
  const texts = valuesOf(steps) as StepTexts[];
  return {
    steps: Object.fromEntries(ids.map((id, i) => [id, texts[i]!])),
    recaps: valuesOf(recaps) as Recap[],
    glossary,
  };
}
