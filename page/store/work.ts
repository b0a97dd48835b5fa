import type { Graded, State } from "../app/state.ts";
import type { StepInFolder } from "../folder/messages.ts";
import type { StepDigest } from "../site.ts";
import type { Shared } from "./link.ts";
import type { Version } from "./versions.ts";

/** The views of the work, which are loaded after the first paint. */
export type WorkViews = typeof import("../app/work.ts");

/** Where a learner's work is, and what views show of it: part of the page's state. */
export interface Work {
  readonly views: WorkViews | undefined;
  /** Why something is not kept, for people. */
  readonly problem: string | undefined;
  /** Where the texts are besides the browser. */
  readonly folder: OpenFolder | undefined;
  /** The name of a folder that was open on an earlier visit, and can be opened again by a click. */
  readonly earlierFolder: string | undefined;
  /** Whether the browser can open a folder for writing. */
  readonly canPick: boolean;
  /** What an action did, or why it could not. */
  readonly said: string | undefined;
  /** Whether to say, once, that the browser alone keeps the texts. */
  readonly hasNotice: boolean;
  /** The versions of the file that is asked for. */
  readonly versions: { readonly file: string; readonly all: readonly Version[] } | undefined;
  /** Somebody's code, beside one's own. */
  readonly shared: SharedCode | undefined;
  /** A link that was made, with the text that it carries. */
  readonly link: { readonly file: string; readonly text: string; readonly url: string } | undefined;
  readonly compared: Compared | undefined;
  /** Takes over a new version of the page, if there is one. */
  readonly takeOver: (() => void) | undefined;
}

export interface OpenFolder {
  readonly name: string;
  readonly kind: "served" | "picked";
  /** Whether it can be reached at the moment. */
  readonly isThere: boolean;
  readonly problem: string | undefined;
  /** What commands remember of each step, and the texts that this is about, by file. */
  readonly steps: Readonly<Record<string, StepInFolder>>;
  readonly texts: Readonly<Record<string, string>>;
}

export interface SharedCode extends Shared {
  readonly isGrading: boolean;
  readonly graded: Graded | undefined;
  readonly problem: string | undefined;
}

/** A line of two texts: only in one's own, only in the other, or in both; or that some in both are not shown. */
export interface ComparedLine {
  readonly side: "mine" | "theirs" | "both" | "skipped";
  readonly text: string;
}

export interface Compared {
  readonly file: string;
  /** What one's own text is compared with. */
  readonly what: string;
  /** None if the texts are the same. */
  readonly lines: readonly ComparedLine[];
}

/** What views ask for. */
export interface WorkActions {
  /** Downloads all texts as one file. */
  saveCopy(): void;
  bringInZip(zip: File): void;
  bringInFolder(files: readonly File[]): void;
  pickFolder(): void;
  reopenFolder(): void;
  closeFolder(): void;
  /** Shows a file's versions, or no longer. */
  showVersions(file: string | undefined): void;
  reset(file: string): void;
  bringBack(file: string, version: Version): void;
  compare(file: string, what: string, text: string): void;
  closeCompared(): void;
  makeLink(step: StepDigest): void;
  gradeShared(): void;
  keepShared(): void;
  closeShared(): void;
  dismissNotice(): void;
  takeOver(): void;
}

/** How a step is marked by what the folder's commands remember of the text that is shown; undefined if they say nothing. */
export function markInFolder(
  { work, texts }: Pick<State, "work" | "texts">,
  step: StepDigest,
): "passed" | "failed" | "changed" | "open" | undefined {
  const known = work.folder?.steps[step.id];
  if (!known || work.folder?.texts[step.file] !== texts[step.file]) return undefined;
  switch (known.state) {
    case "passed":
      return "passed";
    case "reopened":
      return "changed";
    case "started":
      return known.verdict === null ? "changed" : "failed";
    case "not-started":
    case "missing":
      return "open";
  }
}
