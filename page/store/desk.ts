import type { Grader } from "../app/grader.ts";
import type { State } from "../app/state.ts";
import type { CourseDigest } from "../site.ts";
import type { Store } from "./store.ts";
import type { Work } from "./work.ts";

/** What the work needs of the page. */
export interface Page {
  state(): State;
  change(some: Partial<State>): void;
  /** A text has been replaced. */
  show(file: string, text: string): void;
}

/** What the actions on a learner's work share. */
export interface Desk {
  readonly course: CourseDigest;
  /** The texts to begin with, by file. */
  readonly stubs: Readonly<Record<string, string>>;
  readonly store: Store;
  readonly grader: Grader;
  work(): Work;
  change(some: Partial<Work>): void;
  /** The texts as they are shown, by file. */
  texts(): Readonly<Record<string, string>>;
  /** Says what came of what a button asked for; nothing, if that can be seen. */
  say(doing: Promise<string | undefined>): void;
}
