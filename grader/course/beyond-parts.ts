/** The parts beyond the lecture, which are optional: they are counted apart. */
export const beyondParts = {} as const;
