/** Files that somebody chose, as paths: a zip's, or those of a folder. */

/** The files of the course among some paths: each of its files with the path that it is at. */
export interface Found {
  readonly paths: ReadonlyMap<string, string>;
  /** How many of the paths are something else. */
  readonly others: number;
}

/**
 * Finds the tree of the course: all its files are below the same folder, `exercises/` if there are several, never
 * `solutions/`. A file that had another number in another version of the course is found by its name.
 */
export function findTree(paths: readonly string[], files: readonly string[]): Found {
  const byName = new Map(files.map((file) => [withoutNumber(file), file]));
  const trees = new Map<string, Map<string, string>>();
  for (const path of paths) {
    const parts = path.split("/");
    const folder = parts.slice(0, -2).join("/");
    const file = byName.get(withoutNumber(parts.slice(-2).join("/")));
    if (file === undefined || /(^|\/)solutions$/.test(folder)) continue;
    const tree = trees.get(folder) ?? new Map<string, string>();
    // the file's own name is better than one with another number
    if (!tree.has(file) || path.endsWith(file)) tree.set(file, path);
    trees.set(folder, tree);
  }
  const [best] = [...trees].sort(([a], [b]) => rank(a) - rank(b) || a.length - b.length);
  const found = best?.[1] ?? new Map<string, string>();
  return { paths: found, others: paths.filter((path) => !path.endsWith("/")).length - found.size };
}

function rank(folder: string): number {
  return /(^|\/)exercises$/.test(folder) ? 0 : 1;
}

/** `1-step-by-step/dcounts.ts` for `1-step-by-step/05-dcounts.ts`. */
function withoutNumber(file: string): string {
  return file.replace(/\/\d+-([^/]*)$/, "/$1");
}
