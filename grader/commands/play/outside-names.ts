import { register } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { outside } from "../../runner/outside/outside.ts";

// imported before all others in a process that tsx has started: the course outside, if there is one, is taught here, too
if (outside.folder !== undefined) {
  register("./names.mjs", import.meta.url, { data: pathToFileURL(outside.folder + path.sep).href });
}
