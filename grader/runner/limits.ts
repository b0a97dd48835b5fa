import { limits as ofLearners } from "../grading/limits.ts";

/**
 * What learner code may use on this host, and what happens beyond. Sizes are bytes. Times are milliseconds of processor
 * time, so that a busy machine fails nobody; by the clock, each may take `clock` times as long.
 */
export const limits = {
  ...ofLearners,
  /** How many times as long as its limit anything may take by the clock. */
  clock: 10,
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
} as const;

export type Limits = Readonly<Record<keyof typeof limits, number>>;
