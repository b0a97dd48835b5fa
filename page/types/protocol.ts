import type { CompilerOptions } from "typescript-6";
import type { Note } from "../../grader/verdict/result.ts";

/** What the page and the type checker's worker say to one another. The worker checks texts, and never runs them. */

/** What the type checker knows beside the learner's texts. */
export interface Library {
  /** As its compiler has them. */
  options: CompilerOptions;
  /** Declarations, by absolute paths of a file system of its own. */
  files: Readonly<Record<string, string>>;
}

/** The scratch text's file: beside the tree, whose texts it can import as `../exercises/…`. */
export const SCRATCH_FILE = "../play/scratch.ts";

/** Where in it TypeScript's own declarations are, and those of the grader's sources. */
export const LIB = "/lib";
export const GRADER = "/grader";

/** From the page to the worker. */
export type ToChecker =
  /** The first message. */
  | { library: Library }
  /** Asks for the notes on some files of a tree, which can import its other texts. */
  | { check: number; files: readonly string[]; texts: Readonly<Record<string, string>> };

/** From the worker to the page. */
export type FromChecker =
  /** It has the library, and has checked a text with it: the next takes a moment only. */
  | { ready: true }
  | { notes: number; found: FileNotes }
  /** TypeScript itself has failed. */
  | { failed: number; why: string };

/** Notes by file. */
export type FileNotes = Readonly<Record<string, readonly Note[]>>;
