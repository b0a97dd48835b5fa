import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../runner/project.ts";

/** Which hints were shown, a step a line: `dcounts 2`. Without it hints begin with the first again; nothing else is lost. */
const file = path.join(projectRoot, ".hints");
const HEAD = "# How many hints were shown to each step, by npm run hint. Deleting this file loses nothing.";

/** How many hints to a step were shown; 0 where nothing is known. */
export function hintsShown(id: string): number {
  return readAll().get(id) ?? 0;
}

/** @returns why it cannot be remembered; undefined where it is */
export function rememberHints(id: string, shown: number): string | undefined {
  const all = readAll().set(id, shown);
  const lines = [...all].map(([id, shown]) => `${id} ${shown}`);
  try {
    writeFileSync(file, [HEAD, ...lines, ""].join("\n"));
    return undefined;
  } catch (error) {
    return `.hints cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
}

/** Lines that say something else are passed over. */
function readAll(): Map<string, number> {
  const found = new Map<string, number>();
  let text = "";
  try {
    text = readFileSync(file, "utf8");
  } catch {
    // nothing was shown, or it cannot be read: hints begin with the first
  }
  for (const [, id, shown] of text.matchAll(/^([\w.-]+) (\d)\s*$/gm)) found.set(id!, Number(shown));
  return found;
}
