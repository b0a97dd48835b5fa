import { createHash } from "node:crypto";
import { compare } from "./handed/handed.ts";
import type { TreeTexts } from "../runner/tree.ts";
import { graderIdentity } from "../runner/identity.ts";
import type { GradingSettings } from "./grading/settings.ts";

/** How much of the digest is kept, in hexadecimal digits. */
const DIGITS = 32;

/** What decides the results of all submissions alike. */
export interface KeySettings extends Pick<GradingSettings, "steps" | "seed" | "box"> {
  /** Of the names that part 4 trains on. */
  sha256: string;
}

/** A digest of what was handed in and of everything else that its results depend on. */
export function keyOf(texts: TreeTexts, settings: KeySettings): string {
  const files = [...texts].sort(([a], [b]) => compare(a, b));
  return digest([...common(settings), files]);
}

/** The same of what could not be read. */
export function keyOfProblem(problem: { id: string; message: string }, settings: KeySettings): string {
  return digest([...common(settings), problem]);
}

function common({ steps, seed, box, sha256 }: KeySettings): unknown[] {
  return [graderIdentity, steps, seed ?? null, box, sha256];
}

function digest(about: unknown): string {
  return createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, DIGITS);
}
