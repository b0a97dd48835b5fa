import { engine } from "./6-engine/part.ts";
import { exam } from "./7-exam/part.ts";
import { transformerPart } from "./8-transformer/part.ts";

/** The parts beyond the lecture, which are optional: they are counted apart. */
export const beyondParts = { 6: engine, 7: exam, 8: transformerPart } as const;
