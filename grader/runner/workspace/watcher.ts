import type { FSWatcher } from "chokidar";
import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import path from "node:path";
import { RunnerError } from "../process.ts";
import { displayPath, withSlashes } from "../project.ts";

/** How long nothing is to change before changes are told, in milliseconds: a save is often several. */
const DEBOUNCE_MS = 50;
/** How long changes that follow one another are waited for at most, in milliseconds: something may write without end. */
const LONGEST_MS = 500;

/** What an exercise can be made of. */
const endings = new Set([".ts", ".mts", ".js", ".mjs", ".json"]);

/** How often the folder itself is looked for, in milliseconds. */
const LOOK_EVERY_MS = 500;
/** A file that is new may take a moment to be watched; what is not watched this often in a row is not going to be. */
const TOO_OFTEN = 3;
/** How many entries of a folder are compared with what is watched. */
const LOOKED_AT = 100;

/**
 * Tells of changed files below a folder: written, moved there by an editor that writes by rename, or removed. Where the
 * folder itself goes, it is watched again once it is back.
 *
 * @param onChange gets paths relative to the folder, with forward slashes; several where they changed together
 * @param onProblem gets what keeps the folder from being watched
 * @returns a function that ends watching, once all is watched
 */
export async function watchTree(
  root: string,
  onChange: (files: string[]) => void,
  onProblem: (problem: RunnerError) => void,
): Promise<() => Promise<void>> {
  // only here: it takes time to load, which grading once need not spend
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
    const help = full ? "; the system watches too many files already: CHOKIDAR_USEPOLLING=1 does without it" : "";
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
      // what is told as removed is watched no longer, also where it is back before it is looked for
      if (event.startsWith("unlink") && (file === tree || identityOf(tree) === undefined)) known = undefined;
      // also where it is told to be back: of what goes and comes quickly, not all that is told is so
      if (event === "unlinkDir") gone.add(file);
      if (event !== "addDir" && event !== "unlinkDir") tell([withSlashes(path.relative(tree, file))]);
    });
    return started;
  };
  const gone = new Set<string>();
  let known = identityOf(tree);
  /** How often in a row something was there that is not watched. */
  let missed = 0;
  let watcher = start(true);
  await new Promise<void>((resolve) => {
    watcher.on("ready", resolve);
    watcher.on("error", () => resolve());
  });
  // that the folder itself goes, or is another one of the same name, is not always told; nor that one in it is back; and
  // what was away at the moment when it was looked for is not watched
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

/** Whether what is in a folder and in those of its folders is watched; of very many files, whether the first ones are. */
function isWatched(watcher: FSWatcher, tree: string): boolean {
  const watched = watcher.getWatched();
  const isSeen = (folder: string, { name }: Dirent): boolean => watched[folder]?.includes(name) === true;
  const parts = entriesOf(tree).filter((entry) => entry.isDirectory());
  return [tree, ...parts.map(({ name }) => path.join(tree, name))].every((folder) =>
    entriesOf(folder).every((entry) => isSeen(folder, entry)),
  );
}

/** The first entries of a folder that should be watched; none where there is no such folder. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .slice(0, LOOKED_AT)
      .filter((entry) => entry.isDirectory() || (entry.isFile() && endings.has(path.extname(entry.name))));
  } catch {
    return [];
  }
}

/** What tells a folder from another of the same name; undefined where there is none. */
function identityOf(folder: string): string | undefined {
  const found = statSync(folder, { throwIfNoEntry: false });
  return found && `${found.dev} ${found.ino}`;
}
