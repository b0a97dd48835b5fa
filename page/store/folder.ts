import { messageOf } from "../message-of.ts";
import type { Store } from "./store.ts";
import type { Written } from "./versions.ts";

/** A folder of exercises that the page reads and writes. */
export interface Folder {
  /** For people. */
  readonly name: string;
  /**
   * Writes a text, unless the file holds another one than `base`.
   *
   * @param base what the page has last seen in it; undefined if it has seen none
   * @returns what is there instead, if it was not written
   * @throws FolderError if it cannot be written
   */
  save(file: string, text: string, base: string | undefined): Promise<Written | undefined>;
}

/** A folder cannot be used; the message is for people. */
export class FolderError extends Error {
  override name = "FolderError";
}

/** The files of a folder, or some of them; null for one that is missing. */
export type FolderFiles = Readonly<Record<string, Written | null>>;

/** Keeps a store and a folder the same. */
export interface Following {
  /**
   * The folder holds these files now.
   *
   * @param isOpening whether it has only been opened: then its stubs, which may be a new clone's, replace no work
   */
  seen(files: FolderFiles, isOpening?: boolean): void;
  /** The learner has written a text. */
  kept(file: string, written: Written): void;
}

/** After a folder could not be written, it is tried again after so many milliseconds. */
const AGAIN_MS = 2000;
/** So many of the texts that were written last are known again when the folder reports them late. */
const REMEMBERED = 20;

/**
 * Follows a folder: the newer of two texts wins, the other one is kept as a version.
 *
 * @param stubs the texts to begin with, by file
 * @param tell is told why the folder cannot be written; undefined once it can
 */
export function followFolder(
  folder: Folder,
  store: Store,
  stubs: Readonly<Record<string, string>>,
  tell: (problem: string | undefined) => void,
): Following {
  /** What the folder holds, as far as is known. */
  const there = new Map<string, string>();
  /** The texts that this page wrote, the latest last. */
  const ours = new Map<string, string[]>();
  const waiting = new Map<string, Written>();
  let isBusy = false;

  const push = async (file: string, mine: Written): Promise<void> => {
    if (there.get(file) === mine.text) return;
    ours.set(file, [...(ours.get(file) ?? []), mine.text].slice(-REMEMBERED));
    const other = await folder.save(file, mine.text, there.get(file));
    there.set(file, other?.text ?? mine.text);
    if (!other) return;
    if (other.time > mine.time) store.replace(file, other, "folder");
    else if (store.keepVersion(file, { ...other, why: "folder" })) waiting.set(file, mine);
  };
  const work = async (): Promise<void> => {
    if (isBusy) return;
    isBusy = true;
    for (const [file, mine] of waiting) {
      waiting.delete(file);
      try {
        await push(file, mine);
        tell(undefined);
      } catch (error) {
        tell(messageOf(error));
        if (!waiting.has(file)) waiting.set(file, mine);
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    }
    isBusy = false;
  };
  const seeOne = (file: string, theirs: Written, isOpening: boolean): void => {
    const mine = store.own(file);
    const isNewer = !mine || theirs.time >= mine.time;
    // what this page wrote a while ago is reported late
    if (!isNewer && ours.get(file)?.includes(theirs.text)) return;
    if (there.get(file) === theirs.text) return;
    there.set(file, theirs.text);
    if ((mine?.text ?? stubs[file]) === theirs.text) return;
    const isNoWork = isOpening && theirs.text === stubs[file];
    if (isNewer && !(mine && isNoWork)) return void store.replace(file, theirs, "folder");
    if (mine && store.keepVersion(file, { ...theirs, why: "folder" })) waiting.set(file, mine);
  };
  return {
    seen(files, isOpening = false) {
      // what another tab has written is no news from the folder
      store.refresh();
      for (const [file, theirs] of Object.entries(files))
        if (theirs && stubs[file] !== undefined) seeOne(file, theirs, isOpening);
      void work();
    },
    kept(file, written) {
      if (there.get(file) === written.text) return;
      waiting.set(file, written);
      void work();
    },
  };
}
