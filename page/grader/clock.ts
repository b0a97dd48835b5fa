import type { Clock } from "./runner.ts";

/** Wall-clock time. */
export const wallClock: Clock = (milliseconds, end) => {
  const timer = setTimeout(end, milliseconds);
  return () => clearTimeout(timer);
};
