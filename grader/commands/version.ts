import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../runner/project.ts";

/** The version in package.json. */
export function version(): string {
  const text = readFileSync(path.join(projectRoot, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
