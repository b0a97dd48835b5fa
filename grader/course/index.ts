import { beyondParts } from "./beyond-parts.ts";
import { lectureParts } from "./lecture-parts.ts";

/**
 * The course: its parts by number, each with its folder, the network it is about, and its steps in the order in which
 * they are worked through. All other lists of steps, and the types made from their ids, are derived from this one.
 */
export const course = { ...lectureParts, ...beyondParts } as const;
