import type { Desk } from "./desk.ts";
import { followFolder, type Folder, type FolderFiles, type Following } from "./folder.ts";
import type { PickedFolder } from "./picked-folder.ts";
import type { ServedFolder } from "./served-folder.ts";
import type { Written } from "./versions.ts";
import type { OpenFolder, WorkActions } from "./work.ts";

/** Loaded when it is needed: only some browsers can open a folder. */
const picking = () => import("./picked-folder.ts");

export const canPick = "showDirectoryPicker" in globalThis;

/** How often a picked folder is looked at, in milliseconds. */
const LOOK_EVERY_MS = 1000;

/** The folder that the texts are in besides the browser: the one that the page is served with, or one that is picked. */
export interface Folders {
  readonly actions: Pick<WorkActions, "pickFolder" | "reopenFolder" | "closeFolder">;
  /** The learner has written a text. */
  kept(file: string, written: Written): void;
  /** Begins to follow what other programs write. */
  begin(): void;
}

export function openFolders(desk: Desk, served: ServedFolder | undefined): Folders {
  const { stubs, store, work, change, say } = desk;
  const files = Object.keys(stubs);
  let following: Following | undefined;
  let looking: ReturnType<typeof setInterval> | undefined;

  const changeFolder = (some: Partial<OpenFolder>): void => {
    const { folder } = work();
    if (folder) change({ folder: { ...folder, ...some } });
  };
  const follow = (folder: Folder): void => {
    following = followFolder(folder, store, stubs, (problem) => changeFolder({ problem }));
  };
  const see = (seen: FolderFiles, isOpening = false): void => {
    const texts = Object.entries(seen).flatMap(([file, one]) => (one ? [[file, one.text] as const] : []));
    changeFolder({ texts: { ...work().folder?.texts, ...Object.fromEntries(texts) } });
    following?.seen(seen, isOpening);
  };
  const openPicked = async (folder: PickedFolder): Promise<void> => {
    change({
      folder: { name: folder.name, kind: "picked", isThere: true, problem: undefined, steps: {}, texts: {} },
      earlierFolder: undefined,
    });
    follow(folder);
    see(await folder.look(), true);
    clearInterval(looking);
    looking = setInterval(() => {
      if (document.visibilityState === "visible") void folder.look().then(see);
    }, LOOK_EVERY_MS);
  };
  if (served) {
    changeFolder({ steps: served.first.steps });
    follow(served);
    see(served.first.files);
  }

  return {
    actions: {
      pickFolder() {
        say(
          picking().then(async ({ pickFolder }) => {
            const folder = await pickFolder(files);
            if (folder) await openPicked(folder);
            return undefined;
          }),
        );
      },
      reopenFolder() {
        say(
          picking().then(async ({ pickedBefore }) => {
            const found = await pickedBefore(files, true);
            if (!found?.folder) return "The browser does not open the folder again: pick it once more.";
            await openPicked(found.folder);
            return undefined;
          }),
        );
      },
      closeFolder() {
        clearInterval(looking);
        following = undefined;
        change({ folder: undefined });
        void picking().then(({ forgetFolder }) => forgetFolder());
      },
    },
    kept: (file, written) => following?.kept(file, written),
    begin() {
      served?.follow(
        (event) => {
          changeFolder({ steps: event.steps, ...(event.problem !== undefined && { problem: event.problem }) });
          see(event.files);
        },
        (isThere) => changeFolder({ isThere }),
      );
      if (served || !canPick) return;
      void picking().then(async ({ pickedBefore }) => {
        const found = await pickedBefore(files, false);
        if (found?.folder) await openPicked(found.folder);
        else if (found) change({ earlierFolder: found.name });
      });
    },
  };
}
