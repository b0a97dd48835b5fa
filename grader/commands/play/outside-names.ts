import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { outside } from "../../runner/outside/outside.ts";

/**
 * Lets files of the course outside, if there is one, import #tensor and #course, in a process that tsx has started. There,
 * this module is imported before all others: what it imports teaches that course.
 */
export function giveNamesOutside(): void {
  if (outside.folder === undefined) return;
  register("./names.mjs", import.meta.url, { data: pathToFileURL(outside.folder + path.sep).href });
}
