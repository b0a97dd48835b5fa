/** The console that exercises can print with. */
declare const console: Record<
  "log" | "info" | "debug" | "warn" | "error" | "table" | "dir",
  (...values: unknown[]) => void
>;
