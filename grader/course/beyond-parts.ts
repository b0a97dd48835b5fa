import { transformerPart } from "./8-transformer/part.ts";

/** The parts beyond the lecture, which are optional: they are counted apart. */
export const beyondParts = { 8: transformerPart } as const;
