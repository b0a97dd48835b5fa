import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../runner/project.ts";
import { changeWhole } from "../runner/whole.mjs";

/** Which hints were shown, a step a line: `dcounts 2`. Without it hints begin with the first again; nothing else is lost. */
const file = path.join(projectRoot, ".hints");
const HEAD = "# How many hints were shown to each step, by npm run hint. Deleting this file loses nothing.";

/** How many hints to a step were shown; 0 where nothing is known. */
export function hintsShown(id: string): number {
  return readAll(textOfFile()).get(id) ?? 0;
}

/** @returns why it cannot be remembered; undefined where it is */
export function rememberHints(id: string, shown: number): string | undefined {
  const problem = changeWhole(file, (text) => {
    const lines = [...readAll(text).set(id, shown)].map(([id, shown]) => `${id} ${shown}`);
    return [HEAD, ...lines, ""].join("\n");
  });
  return problem && `.hints cannot be written (${problem})`;
}

/** What the file says; nothing where it cannot be read: hints begin with the first. */
function textOfFile(): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Lines that say something else are passed over. */
function readAll(text: string): Map<string, number> {
  return new Map([...text.matchAll(/^([\w.-]+) (\d)\s*$/gm)].map(([, id, shown]) => [id!, Number(shown)]));
}
