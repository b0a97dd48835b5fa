import type { FSWatcher } from "chokidar";
import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import path from "node:path";
import { RunnerError } from "../process.ts";
import { displayPath, withSlashes } from "../project.ts";

/** How long nothing must change before changes are reported, in milliseconds: one save is often several changes. */
const DEBOUNCE_MS = 50;
/** How long to wait at most while changes follow one another, in milliseconds: something may write without end. */
const LONGEST_MS = 500;

/** The endings of files that an exercise can consist of. */
const endings = new Set([".ts", ".mts", ".js", ".mjs", ".json"]);

/** How often to check that the folder itself still exists and is watched, in milliseconds. */
const LOOK_EVERY_MS = 500;
/** A new file may take a moment until it is watched; after this many checks in a row it will not be. */
const TOO_OFTEN = 3;
/** How many entries of a folder are checked. */
const LOOKED_AT = 100;

/**
 * Reports changed files below a folder: written, moved there by an editor that saves by renaming, or removed. If the folder
 * itself disappears, it is watched again once it is back.
 *
 * @param onChange gets paths relative to the folder, with forward slashes; several if they changed together
 * @param onProblem is told why the folder cannot be watched
 * @returns a function that stops watching, once everything is watched
 */
export async function watchTree(
  root: string,
  onChange: (files: string[]) => void,
  onProblem: (problem: RunnerError) => void,
): Promise<() => Promise<void>> {
  // loaded here because it takes time that a single grading need not spend
  const { watch } = await import("chokidar");
  const tree = realpathSync(root);
  const changed = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let latest: number | undefined;
  const tell = (files: readonly string[]): void => {
    for (const file of files) changed.add(file);
    latest ??= performance.now() + LONGEST_MS;
    clearTimeout(timer);
    timer = setTimeout(
      () => {
        const all = [...changed];
        changed.clear();
        latest = undefined;
        onChange(all);
      },
      Math.min(DEBOUNCE_MS, latest - performance.now()),
    );
  };
  const fail = (error: unknown): void => {
    const { code, message } = error as NodeJS.ErrnoException;
    const full = code === "ENOSPC" || code === "EMFILE";
    const help = full ? "; the system already watches too many files: CHOKIDAR_USEPOLLING=1 avoids that" : "";
    onProblem(new RunnerError(`${displayPath(root)} cannot be watched (${code ?? message})${help}`));
  };
  const start = (ignoreInitial: boolean): FSWatcher => {
    const started = watch(tree, {
      ignoreInitial,
      followSymlinks: false,
      ignored: (file, stats) => stats?.isFile() === true && !endings.has(path.extname(file)),
    });
    started.on("error", fail);
    started.on("all", (event, file) => {
      // a folder that is reported as removed is no longer watched, even if it is back before the next check
      if (event.startsWith("unlink") && (file === tree || identityOf(tree) === undefined)) known = undefined;
      // even if it is reported as back: reports of folders that come and go quickly are not reliable
      if (event === "unlinkDir") gone.add(file);
      if (event !== "addDir" && event !== "unlinkDir") tell([withSlashes(path.relative(tree, file))]);
    });
    return started;
  };
  const gone = new Set<string>();
  let known = identityOf(tree);
  /** How many checks in a row have found something that is not watched. */
  let missed = 0;
  let watcher = start(true);
  await new Promise<void>((resolve) => {
    watcher.on("ready", resolve);
    watcher.on("error", () => resolve());
  });
  // it is not always reported that the folder itself is gone, or is a new one of the same name, or that a folder in it is
  // back; and what was missing when the watcher looked for it is not watched
  const looking = setInterval(() => {
    const now = identityOf(tree);
    missed = isWatched(watcher, tree) ? 0 : missed + 1;
    const isSound =
      now === known && missed < TOO_OFTEN && ![...gone].some((folder) => identityOf(folder) !== undefined);
    if (isSound) return;
    known = now;
    missed = 0;
    gone.clear();
    void watcher.close();
    if (now === undefined) tell([]);
    else watcher = start(false);
  }, LOOK_EVERY_MS);
  return async () => {
    clearTimeout(timer);
    clearInterval(looking);
    await watcher.close();
  };
}

/** Whether the entries of a folder and of its folders are watched; of very many, whether the first ones are. */
function isWatched(watcher: FSWatcher, tree: string): boolean {
  const watched = watcher.getWatched();
  const isSeen = (folder: string, { name }: Dirent): boolean => watched[folder]?.includes(name) === true;
  const parts = entriesOf(tree).filter((entry) => entry.isDirectory());
  return [tree, ...parts.map(({ name }) => path.join(tree, name))].every((folder) =>
    entriesOf(folder).every((entry) => isSeen(folder, entry)),
  );
}

/** The first entries of a folder that should be watched; none if there is no such folder. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .slice(0, LOOKED_AT)
      .filter((entry) => entry.isDirectory() || (entry.isFile() && endings.has(path.extname(entry.name))));
  } catch {
    return [];
  }
}

/** Distinguishes a folder from another of the same name; undefined if there is none. */
function identityOf(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}
