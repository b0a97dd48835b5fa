import { copyActions } from "./copies.ts";
import type { Desk } from "./desk.ts";
import { shareActions } from "./sharing.ts";
import { versionActions } from "./version-actions.ts";
import type { WorkActions } from "./work.ts";

/** What only the views of the work ask for: loaded with them, after the first paint. */
export function laterActions(desk: Desk): Partial<WorkActions> {
  return { ...copyActions(desk), ...versionActions(desk), ...shareActions(desk) };
}
