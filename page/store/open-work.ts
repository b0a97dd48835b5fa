import type { Grader } from "../app/grader.ts";
import { messageOf } from "../message-of.ts";
import type { PageResult } from "../protocol.ts";
import type { CourseDigest } from "../site.ts";
import type { Desk, Page } from "./desk.ts";
import { canPick, openFolders, type Folders } from "./folders.ts";
import { isLink } from "./is-link.ts";
import { openRemembered, type Remembered } from "./remembered.ts";
import { openServedFolder, type ServedFolder } from "./served-folder.ts";
import { openStore, thisTab, type Store, type StoreEvents } from "./store.ts";
import { keepOffline } from "./versions-of-page.ts";
import type { Work, WorkActions } from "./work.ts";

/** A learner's work, opened. */
export interface OpenWork {
  readonly store: Store;
  /** As it is before the page begins. */
  readonly first: Work;
  readonly actions: WorkActions;
  readonly remembered: Remembered;
  /** Is told what grading the learner's own texts found. */
  graded(results: readonly PageResult[]): void;
  /** Begins to tell the page what changes; reads a link, if the address carries one. */
  begin(page: Page): void;
}

const TOLD = "told that only the browser keeps texts";

/** Opens the texts of this browser, or of the folder that the page is served with. */
export async function openWork(
  course: CourseDigest,
  stubs: Readonly<Record<string, string>>,
  grader: Grader,
): Promise<OpenWork> {
  let refused: string | undefined;
  const served = await openServedFolder().catch((error: unknown) => {
    refused = (error as Error).message;
    return undefined;
  });
  let page: Page | undefined;
  let folders: Folders | undefined;
  let first = workAtFirst(served, refused);
  const work = (): Work => page?.state().work ?? first;
  const change = (some: Partial<Work>): void => {
    if (page) page.change({ work: { ...page.state().work, ...some } });
    else first = { ...first, ...some };
  };
  const events: StoreEvents = {
    changed(file, text) {
      page?.show(file, text);
      if (work().versions?.file === file) change({ versions: { file, all: store.versions(file) } });
    },
    kept: (file, written) => folders?.kept(file, written),
    graded: (id, graded) => page?.change({ graded: new Map([...page.state().graded, [id, graded]]) }),
    problem: (problem) => change({ problem }),
  };
  const store = openStore(thisTab(), stubs, events, served?.first.space);
  const desk: Desk = {
    course,
    stubs,
    store,
    grader,
    work,
    change,
    texts: () => page?.state().texts ?? store.texts(),
    say: (doing) =>
      void doing.then(
        (said) => change({ said }),
        (error: unknown) => change({ said: messageOf(error) }),
      ),
  };
  folders = openFolders(desk, served);
  /** Complete once the views are there, which alone ask for the others. */
  const actions = {
    ...folders.actions,
    dismissNotice: () => change({ hasNotice: false }),
    takeOver() {
      store.flush();
      work().takeOver?.();
    },
  } as WorkActions;

  return {
    store,
    get first() {
      return first;
    },
    actions,
    remembered: openRemembered(store, served, () => work().folder?.steps ?? {}),
    graded(results) {
      store.flush();
      served?.remember({ results: results.map(({ id, verdict, source }) => ({ id, verdict, source })) });
      if (!results.some(({ passed }) => passed) || store.setting(TOLD) !== undefined) return;
      store.keepSetting(TOLD, "1");
      // so that the browser does not remove the texts when its disk is full
      void (navigator as Partial<Navigator>).storage?.persist?.();
      // that would contradict what is said of a browser that keeps nothing
      change({ hasNotice: work().folder === undefined && work().problem === undefined });
    },
    begin(opened) {
      page = opened;
      const cannotLoad = (): void =>
        change({ problem: "A part of the page cannot be loaded. Is there a connection? Open the page again." });
      Promise.all([import("../app/work.ts"), import("./later-actions.ts")]).then(([views, { laterActions }]) => {
        Object.assign(actions, laterActions(desk));
        change({ views });
      }, cannotLoad);
      folders?.begin();
      if (!served) keepOffline((takeOver) => change({ takeOver }));
      const readLink = (): void => {
        if (!isLink(location.hash)) return;
        import("./sharing.ts").then(
          ({ takeLink }) => takeLink(desk, () => opened.change({ pane: "code" })),
          cannotLoad,
        );
      };
      addEventListener("hashchange", () => {
        change({ said: undefined, compared: undefined, versions: undefined });
        readLink();
      });
      readLink();
    },
  };
}

function workAtFirst(served: ServedFolder | undefined, problem: string | undefined): Work {
  return {
    views: undefined,
    problem,
    folder: served && { name: served.name, kind: "served", isThere: true, problem: undefined, steps: {}, texts: {} },
    earlierFolder: undefined,
    canPick,
    said: undefined,
    hasNotice: false,
    versions: undefined,
    shared: undefined,
    link: undefined,
    compared: undefined,
    takeOver: undefined,
  };
}
