import {
  createProgram,
  createSourceFile,
  getLineAndCharacterOfPosition,
  sortAndDeduplicateDiagnostics,
  type CompilerHost,
  type Diagnostic,
  type Program,
  type SourceFile,
} from "typescript-6";
import { consoleFile, typeNotesOf } from "../../grader/grading/type-notes.ts";
import type { Note } from "../../grader/verdict/result.ts";
import { GRADER, LIB, type FileNotes, type Library } from "./protocol.ts";

/** Where the learner's files are. */
const TREE = "/exercises";

/** Says what the type checker says about files of a tree. */
export type Checker = (files: readonly string[], texts: Readonly<Record<string, string>>) => FileNotes;

/**
 * TypeScript's compiler on texts in memory, with the options of the command line's type checker: it sees the library and
 * the tree, and nothing else. What it has read of the library it keeps.
 */
export function checkerOf({ options, files: ofLibrary }: Library): Checker {
  const known = new Map<string, SourceFile>();
  let last: Program | undefined;
  return (files, texts) => {
    const named = new Map(Object.entries(texts).map(([file, text]) => [pathOf(file), text]));
    const textOf = (name: string): string | undefined => named.get(name) ?? ofLibrary[name];
    const sourceFile: CompilerHost["getSourceFile"] = (name, kind) => {
      const text = textOf(name);
      if (text === undefined) return undefined;
      const before = known.get(name);
      if (before?.text === text) return before;
      const read = createSourceFile(name, text, kind);
      known.set(name, read);
      return read;
    };
    const names = files.map(pathOf);
    const program = createProgram({
      rootNames: [`${GRADER}/${consoleFile}`, ...names],
      options,
      host: hostOf(textOf, sourceFile),
      ...(last && { oldProgram: last }),
    });
    last = program;
    return Object.fromEntries(names.map((name, i) => [files[i], notesOn(program, name)]));
  };
}

/** A file of the tree, or beside it, as an absolute path. */
function pathOf(file: string): string {
  return file.startsWith("../") ? file.slice("..".length) : `${TREE}/${file}`;
}

function hostOf(
  textOf: (name: string) => string | undefined,
  getSourceFile: CompilerHost["getSourceFile"],
): CompilerHost {
  return {
    getSourceFile,
    fileExists: (name) => textOf(name) !== undefined,
    readFile: textOf,
    getDefaultLibFileName: () => `${LIB}/lib.d.ts`,
    getDefaultLibLocation: () => LIB,
    getCurrentDirectory: () => "/",
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => "\n",
    writeFile: () => {},
  };
}

/** As the command line's does: if a text cannot be parsed, nothing is said of types. */
function notesOn(program: Program, name: string): Note[] {
  const file = program.getSourceFile(name);
  if (!file) return [];
  const ofSyntax = program.getSyntacticDiagnostics();
  const found = ofSyntax.length > 0 ? ofSyntax : program.getSemanticDiagnostics(file);
  const ofFile = sortAndDeduplicateDiagnostics(found).filter((one) => one.file === file);
  return typeNotesOf(ofFile.map((one) => noteOf(file, one)));
}

function noteOf(file: SourceFile, diagnostic: Diagnostic): Note {
  const { line, character } = getLineAndCharacterOfPosition(file, diagnostic.start ?? 0);
  return { line: line + 1, column: character + 1, text: `TS${diagnostic.code}: ${textOf(diagnostic)}` };
}

/** The first line of what it says: the others give reasons. */
function textOf({ messageText }: Diagnostic): string {
  const text = typeof messageText === "string" ? messageText : messageText.messageText;
  return text.split(/[\n\r\u2028\u2029]/)[0]!;
}
