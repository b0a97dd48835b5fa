import type { Pattern } from "../../kit/dependence.ts";
import type { Extent } from "../../network/shape.ts";

/**
 * Entries of a tensor in words: "the entries of one column (n of them)". Undefined if there is no short way to say it.
 *
 * @param of which tensor's: " of dcounts"
 */
export function patternText(pattern: Pattern, extents: readonly Extent[], of = ""): string | undefined {
  if (pattern === "same") return `only the entry${of} at the same position`;
  if (pattern.length === 0) return `a single entry${of}`;
  const long = longDims(extents);
  if (pattern.length === long.length)
    return `all entries${of} (${long.map((dim) => extents[dim]).join(" * ")} of them)`;
  const [dim] = pattern;
  if (extents.length !== 2 || dim === undefined) return undefined;
  return `the entries of one ${dim === 0 ? "column" : "row"}${of} (${extents[dim]} of them)`;
}

/** The dimensions of a shape that have more than one entry. */
export function longDims(extents: readonly Extent[]): number[] {
  return extents.flatMap((extent, dim) => (extent === 1 ? [] : [dim]));
}

/** Names as a sentence lists them: a, b and c. */
export function listed(names: readonly string[], last = "and"): string {
  if (names.length < 2) return names.join("");
  return `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}
