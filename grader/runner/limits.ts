/** What learner code may use. Times are milliseconds, sizes bytes. */
export const limits = {
  /** Importing one exercise. */
  loadMs: 1000,
  /** All calls of one step: every case, twice. */
  callsMs: 1000,
  /** One slice of training. */
  trainSliceMs: 5000,
  /** How many training steps a slice has. */
  trainSliceSteps: 10,
  /** How long after a limit the process is ended from outside, where ending the code from inside did not work. */
  graceMs: 500,
  /** The JavaScript heap, in megabytes. */
  heapMb: 256,
  /** Everything the process writes to in memory, array buffers included (Linux). */
  dataBytes: 2 ** 30,
  /** The largest file it could write (Linux). */
  fileBytes: 2 ** 20,
} as const;
