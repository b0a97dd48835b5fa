/** What learner code may use, on any host, and the verdict beyond that. Times are milliseconds of processor time. */
export const limits = {
  /** Importing one exercise; beyond it: "timeout". */
  loadMs: 1000,
  /** All calls of one step, each case twice; beyond it: "timeout", with the line that was running. */
  callsMs: 1000,
  /** One slice of training, five steps if it is graded; beyond it: "timeout". */
  trainSliceMs: 5000,
  /** One file of a tree. */
  sourceBytes: 1_000_000,
  /** How many files an exercise may import, directly or indirectly. */
  sourceFiles: 100,
  /** How many imports an exercise and everything that it imports may have. */
  sourceImports: 1000,
  /** The longest path of an imported file, from the tree's folder, in characters. */
  sourcePath: 200,
  /** An exercise and everything that it imports, as written and bundled, in characters. */
  bundleCharacters: 2_000_000,
} as const;

/** How much a step may print, in characters; the rest is dropped. */
export const PRINT_LIMIT = 256_000;
