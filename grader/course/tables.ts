/** The shape of the tables of the warm-ups and traps. */
export const table = ["rows", "columns"] as const;

/** The small numbers that several warm-ups share, so that a reader meets only a few. */
export const small = {
  a: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  b: [
    [2, 0, -1],
    [1, -3, 2],
  ],
  x: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  y: [
    [2, 3, -1],
    [5, -3, 2],
  ],
} as const;
