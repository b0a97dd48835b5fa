import { inspect } from "loupe";
import type { Printed } from "./guest.ts";
import { limits } from "./limits.ts";

/** How many characters of one logged value are shown. */
const SHOWN = 10_000;

/** A console for an exercise: what it prints goes to the report, under the step. */
export function consoleInto(printed: Printed): Record<string, (...values: unknown[]) => void> {
  const print = (...values: unknown[]): void => {
    if (printed.text.length >= limits.printed) return;
    printed.text = `${printed.text}${joined(values.map(show))}\n`.slice(0, limits.printed);
  };
  return { ...silent, log: print, info: print, debug: print, warn: print, error: print, table: print, dir: print };
}

/** Joins texts in one line, except for texts of several lines, which start on lines of their own. */
function joined(texts: string[]): string {
  const isBroken = (text: string): boolean => text.includes("\n");
  const between = (before: string, after: string): string => {
    if (before.endsWith("\n")) return "";
    return isBroken(before) || isBroken(after) ? "\n" : " ";
  };
  return texts.map((text, i) => (i === 0 ? "" : between(texts[i - 1]!, text)) + text).join("");
}

/** The inspector distinguishes 0 from -0 by a sign on both. */
const stylize = (text: string): string => (text === "+0" ? "0" : text);

/** What console.log prints of a value. */
export function show(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return inspect(value, { truncate: SHOWN, stylize });
  } catch {
    return "(something that cannot be shown)";
  }
}

/** The console's other methods, which print nothing. */
const silent = Object.fromEntries(
  [
    "assert",
    "clear",
    "count",
    "countReset",
    "dirxml",
    "group",
    "groupCollapsed",
    "groupEnd",
    "time",
    "timeEnd",
    "timeLog",
    "trace",
  ].map((name) => [name, (): void => {}]),
);
