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
  /** What a step may print, in characters; the rest is dropped. */
  printed: 256_000,
  /** One message with an answer, in bytes: ten steps of training are 1 MB; beyond it: "shape". */
  messageBytes: 16_000_000,
  /** The answer in it, without what was printed. */
  answerBytes: 14_000_000,
} as const;
