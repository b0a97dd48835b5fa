import { readFileSync } from "node:fs";
import { displayPath } from "../../runner/project.ts";
import { saveWhole } from "../../runner/whole.mjs";
import { UsageError } from "../usage.ts";

/** How long a line of code may be. */
const WIDTH = 120;

/** A list in a file of the course: what is between its brackets, and the imports that it needs. */
export interface Entries {
  /** What is before the list: `rooms: [`, `course = {`. */
  readonly start: string;
  readonly end: "]" | "}";
  /** The lines that import what is added. */
  readonly imports: readonly string[];
  /** All entries after the change, from those before it. */
  readonly change: (before: readonly string[]) => readonly string[];
}

/**
 * Adds entries to a list in a file.
 *
 * @returns a line that says so
 * @throws UsageError if the file has no such list, with what to write into it
 */
export function addEntries(file: string, entries: Entries): string {
  const text = withEntries(readFileSync(file, "utf8"), entries);
  if (text === undefined) {
    const wanted = [...entries.imports, `${entries.start}${entries.change([]).join(", ")}${entries.end}`].join("\n  ");
    throw new UsageError(
      `${displayPath(file)} has no list "${entries.start} ... ${entries.end}"; write yourself:\n  ${wanted}`,
    );
  }
  saveWhole(file, text);
  return `${displayPath(file)}: ${entries.imports.length === 1 ? "an entry is" : "entries are"} added`;
}

/** A file's code with its entries changed; undefined if it has no such list, or one with comments or brackets in it. */
export function withEntries(code: string, { start, end, imports, change }: Entries): string | undefined {
  const at = code.indexOf(start);
  const from = at + start.length;
  const to = code.indexOf(end, from);
  if (at < 0 || to < 0) return undefined;
  const inside = code.slice(from, to);
  if (/[[\]{}()/]/.test(inside)) return undefined;
  const before = inside.split(",").flatMap((entry) => entry.trim() || []);
  const indent = /^[ ]*/.exec(code.slice(code.lastIndexOf("\n", at) + 1))![0];
  return withImports(code.slice(0, from) + listed(change(before), { indent, end, start }) + code.slice(to), imports);
}

/** The entries in one line if they fit, as the formatter would write them. */
function listed(
  all: readonly string[],
  { indent, end, start }: { indent: string; end: string; start: string },
): string {
  const space = end === "}" ? " " : "";
  const line = `${space}${all.join(", ")}${space}`;
  if (indent.length + start.length + line.length + "],".length <= WIDTH && end === "]") return line;
  return `\n${all.map((entry) => `${indent}  ${entry},\n`).join("")}${indent}`;
}

/** The code with imports after its others, or at its start. */
function withImports(code: string, imports: readonly string[]): string {
  const missing = imports.filter((line) => !code.includes(line));
  const last = [...code.matchAll(/^(?:import|\} from) .*;\n/gm)].at(-1);
  if (!last) return `${missing.map((line) => `${line}\n`).join("")}\n${code}`;
  const at = last.index + last[0].length;
  return code.slice(0, at) + missing.map((line) => `${line}\n`).join("") + code.slice(at);
}
