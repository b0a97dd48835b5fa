/**
 * What learner code may use, and what happens beyond. Sizes are bytes. Times are milliseconds of processor time, so that
 * a busy machine fails nobody; by the clock, each may take `clock` times as long.
 */
export const limits = {
  /** How many times as long as its limit anything may take by the clock. */
  clock: 10,
  /** Importing one exercise; then "timeout". */
  loadMs: 1000,
  /** All calls of one step, each case twice; then "timeout", with the line that was running. */
  callsMs: 1000,
  /** One slice of training, five steps where it is graded; then "timeout". */
  trainSliceMs: 5000,
  /** The last part of a limit: a loop runs through it once more, to be caught at the line where it is. */
  locateMs: 100,
  /** How long after a limit the process is killed, whatever it does. */
  graceMs: 500,
  /** The JavaScript heap, in megabytes; then "out-of-memory". */
  heapMb: 256,
  /** Everything the process writes to in memory, array buffers included (Linux); then "out-of-memory". */
  dataBytes: 2 ** 30,
  /** The largest file it could write, if it could write at all (Linux). */
  fileBytes: 2 ** 20,
  /** Bundling a tree; then what is not bundled "threw". */
  bundleMs: 5000,
  /** What the bundler may use of memory (Linux). */
  bundleBytes: 2 ** 30,
  /** Checking a tree's types, by the clock; then there are no notes on them. */
  typesMs: 3000,
  /** What the type checker may use of memory (Linux). */
  typesBytes: 2 ** 29,
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
  /** What is kept of an error's message, in characters. */
  messageCharacters: 1000,
} as const;

export type Limits = Readonly<Record<keyof typeof limits, number>>;
