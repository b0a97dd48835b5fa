import { distance } from "fastest-levenshtein";

/** The real name with the smallest edit distance. */
export function nearest(sample: string, names: readonly string[]): string {
  let best = "";
  let least = Infinity;
  for (const name of names) {
    const away = distance(sample, name);
    if (away < least) [best, least] = [name, away];
    if (away === 0) return `${name} itself`;
  }
  return best;
}

/** Names that a network makes up, each with the nearest real one. */
export function withNearest(
  samples: readonly string[],
  names: readonly string[],
): { readonly name: string; readonly nearest: string }[] {
  return samples.map((name) => ({ name, nearest: nearest(name, names) }));
}
