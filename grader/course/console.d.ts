/** What exercises have to print with. */
declare const console: Record<
  "log" | "info" | "debug" | "warn" | "error" | "table" | "dir",
  (...values: unknown[]) => void
>;
