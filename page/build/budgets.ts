import { gzipSync } from "node:zlib";

/** When a file of the site is needed. */
export type When = "first" | "editor" | "offline" | "beyond" | "types";

/**
 * How many kB (1,000 bytes, compressed by gzip -9) may be needed: up to the first grade, for the editor, for all offline.
 * Half of the first is diagnosis and what is known of mistakes. Offline, the lessons with their pictures and the texts of
 * hints, questions, mistakes and solutions are 79 kB together, the names that part 4 trains on 34, the font of formulas 15.
 * The parts beyond the lecture are counted apart, as everywhere.
 */
export const budgets: Readonly<Record<When, number>> = {
  first: 230,
  editor: 165,
  offline: 600,
  beyond: 120,
  types: 500,
};

/** What counts towards each budget: offline, the whole course is there, but for the checker of types. */
const includes: Readonly<Record<When, readonly When[]>> = {
  first: ["first"],
  editor: ["editor"],
  offline: ["first", "editor", "offline"],
  beyond: ["beyond"],
  types: ["types"],
};

/** A file of the site. */
export interface SiteFile {
  name: string;
  when: When;
  bytes: Uint8Array;
}

/** The sizes of a site's files, and whether they keep to the budgets. */
export interface Sizes {
  /** A table for people, one line per file and one per budget. */
  table: string;
  /** The budgets that are exceeded. */
  exceeded: readonly When[];
}

/** The size of a file's contents in kB, compressed. */
export function kilobytes(contents: string | Uint8Array): number {
  return gzipSync(contents, { level: 9 }).length / 1000;
}

export function sizesOf(files: readonly SiteFile[]): Sizes {
  const sized = files.map(({ name, when, bytes }) => ({ name, when, size: kilobytes(bytes) }));
  sized.sort((a, b) => b.size - a.size);
  const width = Math.max(...sized.map(({ name }) => name.length));
  const line = (what: string, when: string, size: number, more = ""): string =>
    `${what.padEnd(width)}  ${when.padEnd(8)}${size.toFixed(1).padStart(8)}${more}`;
  const totals = (Object.keys(budgets) as When[]).map((when) => {
    const counted = sized.filter((file) => includes[when].includes(file.when));
    return { when, total: counted.reduce((sum, { size }) => sum + size, 0) };
  });
  const lines = [
    line("kB, gzip", "when", 0).replace("0.0", "   "),
    ...sized.map(({ name, when, size }) => line(name, when, size)),
    ...totals.map(({ when, total }) => line("", when, total, ` of ${budgets[when]}`)),
  ];
  return {
    table: `${lines.join("\n")}\n`,
    exceeded: totals.filter(({ when, total }) => total > budgets[when]).map(({ when }) => when),
  };
}
