/** What is read of one submission. An unpacked archive counts as the files in it. */
export const handedLimits = {
  /** Files, without those that systems and tools add. */
  files: 2_000,
  /** All that is read of it, in bytes, uncompressed. */
  bytes: 50_000_000,
  /** One archive in it, in bytes, compressed. */
  archiveBytes: 50_000_000,
  /** Entries of one archive, with those that are passed over: a zipped checkout has thousands in .git. */
  archiveEntries: 100_000,
  /** All texts of its tree, in characters. */
  characters: 10_000_000,
} as const;

/** What is read of a class: far more than any has, so that a wrong folder ends with a sentence. */
export const classLimits = {
  files: 5_000_000,
  /** Folders within folders. */
  depth: 64,
  /** A roster, or what a system says of its submissions, in bytes. */
  tableBytes: 500_000_000,
} as const;
