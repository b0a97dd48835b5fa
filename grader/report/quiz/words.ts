import type { Pattern } from "../../kit/dependence.ts";
import type { Extent } from "../../network/shape.ts";

/** Entries of a tensor in words: "all n entries of one column". Undefined if there is no short way to say it. */
export function patternText(pattern: Pattern, extents: readonly Extent[]): string | undefined {
  if (pattern === "same") return "one: the entry at the same position";
  if (pattern.length === 0) return "one entry";
  const long = longDims(extents);
  if (pattern.length === long.length) return `all of them, ${long.map((dim) => extents[dim]).join(" * ")} entries`;
  const [dim] = pattern;
  if (extents.length !== 2 || dim === undefined) return undefined;
  return `all ${extents[dim]} entries of one ${dim === 0 ? "column" : "row"}`;
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
