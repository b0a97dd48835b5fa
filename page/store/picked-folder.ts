import { del, get, set } from "idb-keyval";
import { findTree } from "./tree.ts";
import { FolderError, type Folder, type FolderFiles } from "./folder.ts";
import type { Written } from "./versions.ts";

/** A folder of this machine that the learner has picked, where the browser can open one (File System Access). */
export interface PickedFolder extends Folder {
  /** The files that have changed since it was called last; all of them at first. */
  look(): Promise<FolderFiles>;
}

interface Permission {
  requestPermission(options: { mode: "readwrite" }): Promise<PermissionState>;
  queryPermission(options: { mode: "readwrite" }): Promise<PermissionState>;
}
type Handle = FileSystemDirectoryHandle & Permission;
type Entries = AsyncIterable<[string, FileSystemDirectoryHandle | FileSystemFileHandle]>;

/** The key in IndexedDB; the origin can be shared with other projects. */
const KEY = "backprop-dojo/folder";
/** As much as grading reads of a file. */
const LONGEST = 1_000_000;

/**
 * Asks the learner for a folder, and remembers it.
 *
 * @returns undefined if they pick none
 * @throws FolderError if it is no folder of the course, or may not be written
 */
export async function pickFolder(files: readonly string[]): Promise<PickedFolder | undefined> {
  const pick = (window as unknown as { showDirectoryPicker(options: object): Promise<Handle> }).showDirectoryPicker;
  let handle: Handle;
  try {
    handle = await pick.call(window, { mode: "readwrite", id: "backprop-dojo" });
  } catch (error) {
    if ((error as DOMException).name === "AbortError") return undefined;
    throw new FolderError(`The folder cannot be opened: ${(error as Error).message}`);
  }
  const folder = await openHandle(handle, files);
  // where IndexedDB is refused, the folder is asked for again at the next visit
  await set(KEY, handle).catch(() => {});
  return folder;
}

/**
 * The folder that was picked on an earlier visit; undefined if there is none, or if the learner does not allow it again.
 *
 * @param mayAsk whether the learner has clicked: without that, the browser does not ask
 */
export async function pickedBefore(
  files: readonly string[],
  mayAsk: boolean,
): Promise<{ name: string; folder: PickedFolder | undefined } | undefined> {
  const handle = await get<Handle>(KEY).catch(() => undefined);
  if (!handle) return undefined;
  const mode = { mode: "readwrite" } as const;
  const state = await (mayAsk ? handle.requestPermission(mode) : handle.queryPermission(mode));
  const folder = state === "granted" ? await openHandle(handle, files).catch(() => undefined) : undefined;
  return { name: handle.name, folder };
}

export async function forgetFolder(): Promise<void> {
  await del(KEY).catch(() => {});
}

async function openHandle(picked: Handle, files: readonly string[]): Promise<PickedFolder> {
  const root = await rootIn(picked, files);
  const times = new Map<string, number>();
  const handleOf = async (file: string, create: boolean): Promise<FileSystemFileHandle> => {
    const [part, name] = file.split("/") as [string, string];
    const folder = await root.getDirectoryHandle(part, { create });
    return folder.getFileHandle(name, { create });
  };
  const read = async (file: string): Promise<(Written & { raw: string }) | undefined> => {
    try {
      const found = await (await handleOf(file, false)).getFile();
      if (found.size > LONGEST) return undefined;
      const raw = await found.text();
      return { raw, text: raw.replaceAll("\r\n", "\n"), time: found.lastModified };
    } catch {
      return undefined;
    }
  };
  return {
    name: picked.name,
    async save(file, text, base) {
      const found = await read(file);
      if (found?.text === text) return undefined;
      if (found && found.text !== base) return { text: found.text, time: found.time };
      try {
        // written beside the file, which it replaces when it is closed
        const writable = await (await handleOf(file, true)).createWritable();
        await writable.write(found?.raw.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text);
        await writable.close();
        return undefined;
      } catch (error) {
        throw new FolderError(
          `${file} cannot be written to the folder (${(error as Error).message}). What you write is kept in this browser.`,
        );
      }
    },
    async look() {
      const changed: Record<string, Written | null> = {};
      for (const file of files) {
        const found = await (await handleOf(file, false).catch(() => undefined))?.getFile().catch(() => undefined);
        if (!found || times.get(file) === found.lastModified) continue;
        times.set(file, found.lastModified);
        const there = await read(file);
        if (there) changed[file] = { text: there.text, time: there.time };
      }
      return changed;
    },
  };
}

/** The folder with the exercises: the picked one, or exercises/ in a clone. */
async function rootIn(picked: Handle, files: readonly string[]): Promise<FileSystemDirectoryHandle> {
  for (const folder of [await picked.getDirectoryHandle("exercises").catch(() => undefined), picked]) {
    if (folder && findTree(await pathsIn(folder), files).paths.size > 0) return folder;
  }
  throw new FolderError(
    `${picked.name} has no file of the course in it: pick the folder exercises/, or the clone that it is in.`,
  );
}

async function pathsIn(folder: FileSystemDirectoryHandle): Promise<string[]> {
  const paths: string[] = [];
  for await (const [part, one] of folder as unknown as Entries) {
    if (one.kind !== "directory") continue;
    for await (const [name] of one as unknown as Entries) paths.push(`${part}/${name}`);
  }
  return paths;
}
