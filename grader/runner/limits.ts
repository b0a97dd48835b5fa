import { limits as ofLearners } from "../grading/limits.ts";

/**
 * What learner code may use on this host, and what happens beyond that. Sizes are bytes. Times are milliseconds of
 * processor time, so that a busy machine fails nobody; in wall-clock time, each may take `clock` times as long.
 */
export const limits = {
  ...ofLearners,
  /** How many times its limit anything may take in wall-clock time. */
  clock: 10,
  /** The last part of a limit: a loop is run again for this long, to find the line that it is at. */
  locateMs: 100,
  /** How long after a limit the process is killed, whatever it does. */
  graceMs: 500,
  /** The JavaScript heap, in megabytes; beyond it: "out-of-memory". */
  heapMb: 256,
  /** Everything the process writes to in memory, array buffers included (Linux); beyond it: "out-of-memory". */
  dataBytes: 2 ** 30,
  /** The largest file it could write, if it could write at all (Linux). */
  fileBytes: 2 ** 20,
  /** Bundling a tree; beyond it, what is not bundled: "threw". */
  bundleMs: 5000,
  /** The bundler's memory (Linux). */
  bundleBytes: 2 ** 30,
  /** Checking a tree's types, in wall-clock time; beyond it there are no notes on them. */
  typesMs: 3000,
  /** The type checker's memory (Linux). */
  typesBytes: 2 ** 29,
} as const;

export type Limits = Readonly<Record<keyof typeof limits, number>>;
