import type { Reply, State } from "../../grader/grading/progress.ts";
import type { StepResult, Verdict } from "../../grader/verdict/result.ts";
import type { Written } from "../store/versions.ts";

/**
 * What the page and the server of `npm run page` say to one another about the folder exercises/. Each request carries the
 * server's token as `?token=`.
 */

/** Where the server answers, relative to the page: events by GET, the others by POST. */
export const addresses = { events: "folder/events", file: "folder/file", remember: "folder/remember" } as const;

/** A server-sent event: first all files, then those that have changed. */
export interface FolderEvent {
  /** The folder, as the command shows it. */
  readonly name: string;
  /** Tells this folder from others, so that their texts are not mixed: a hash. */
  readonly space: string;
  /** The course's files, with \n at the ends of lines; null for one that is missing or unreadable. */
  readonly files: Readonly<Record<string, Written | null>>;
  /** What commands remember of each step, by its id. */
  readonly steps: Readonly<Record<string, StepInFolder>>;
  /** Why changes are no longer seen, for people. */
  readonly problem?: string;
}

/** What commands remember of a step. */
export interface StepInFolder {
  /** Of the file as it is now. */
  readonly state: State;
  readonly verdict: Verdict | null;
  /** How many of its hints have been shown. */
  readonly hints: number;
  /** What came of its questions, by their ids. */
  readonly quiz: Readonly<Record<string, Reply>>;
}

/** A text to write. */
export interface ToWrite {
  readonly file: string;
  readonly text: string;
  /** What the page has last seen in the file; null if it has seen none. It is not written if another text is there. */
  readonly base: string | null;
}

/** What came of it; the message is for people. */
export type WriteDone = { readonly written: true } | { readonly there: Written } | { readonly refused: string };

/** What the page has found out or shown, for the file of progress. */
export type ToRemember =
  | { readonly results: readonly Pick<StepResult, "id" | "verdict" | "source">[] }
  | { readonly hints: number; readonly id: string }
  | { readonly reply: Reply; readonly question: string; readonly id: string };
