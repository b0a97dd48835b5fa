import type { StepResult } from "../verdict/result.ts";

/** What a mistake's sentence follows: a diagnosis that only describes what was seen does not claim to know the cause. */
export function mistakeLabel({ isSeen }: NonNullable<StepResult["mistake"]>): "seen" | "looks like" {
  return isSeen ? "seen" : "looks like";
}

/** Whether a mistake in a JSON document says only what was seen: its id says so, as docs/json.md promises. */
export function isSeenId(id: string): boolean {
  return /^seen\b/.test(id);
}
