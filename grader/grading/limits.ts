/** What learner code may use, whatever runs it, and what happens beyond. Times are milliseconds of processor time. */
export const limits = {
  /** Importing one exercise; then "timeout". */
  loadMs: 1000,
  /** All calls of one step, each case twice; then "timeout", with the line that was running. */
  callsMs: 1000,
  /** One slice of training, five steps where it is graded; then "timeout". */
  trainSliceMs: 5000,
  /** One file of a tree. */
  sourceBytes: 1_000_000,
  /** How many files an exercise may import, one through the other. */
  sourceFiles: 100,
  /** How many imports an exercise and all that it imports may have. */
  sourceImports: 1000,
  /** The longest path of an imported file, from the tree's folder, in characters. */
  sourcePath: 200,
  /** An exercise and all that it imports, as they are and bundled, in characters. */
  bundleCharacters: 2_000_000,
} as const;
