import { execFile, type ChildProcess } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { CheckedFile } from "../grading/host.ts";
import { checkerOptions, consoleFile, importPaths, typeNotesOf } from "../grading/type-notes.ts";
import type { Note } from "../verdict/result.ts";
import { findProgram, resourceLimits, sandbox, tied } from "./box.ts";
import { makeFolder } from "./folder.mjs";
import { limits } from "./limits.ts";
import { TYPES_FILE } from "./outside/files.ts";
import { outside } from "./outside/outside.ts";
import { cacheFolder, graderFolder } from "./project.ts";
import { readChecked, removeOld, writeChecked } from "./whole.mjs";

/** What declares #course for exercises of a course outside. */
const ownTypes = outside.folder === undefined ? undefined : path.join(outside.folder, TYPES_FILE);

/** For how many trees notes are kept. */
const TREES_KEPT = 10;

/**
 * What the type checker says about a tree's files: notes, never a verdict. Nothing if it is not installed, or takes too
 * long. Only for a learner's own files: types can lead the checker to any file, which only bubblewrap, if it works, keeps
 * out of reach. Notes on a text that has been checked before come from a cache.
 *
 * @param files relative to the tree
 */
export async function typeNotes(root: string, files: readonly CheckedFile[]): Promise<Map<string, Note[]>> {
  const program = typeChecker();
  if (!program) return new Map();
  const cache = path.join(cacheFolder, `plain-notes-${shortHash(root)}.json`);
  const known = readKnown(cache);
  const changed = files.filter(({ file, texts }) => known[file]?.texts !== texts);
  if (changed.length > 0) {
    const found = await check(
      program,
      root,
      changed.map(({ file }) => file),
    );
    // others may have written in the meantime
    Object.assign(known, readKnown(cache));
    for (const { file, texts } of changed) known[file] = { texts, notes: found.get(file) ?? [] };
    writeChecked(cache, JSON.stringify(known));
    removeOld(cacheFolder, /^plain-notes-.*$/, TREES_KEPT);
    removeOld(cacheFolder, /^types-.*\.tsbuildinfo$/, TREES_KEPT);
  }
  return new Map(files.map(({ file }) => [file, known[file]!.notes]));
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

function readKnown(cache: string): Record<string, { texts: string; notes: Note[] }> {
  return JSON.parse(readChecked(cache) ?? "{}") as Record<string, { texts: string; notes: Note[] }>;
}

async function check(program: string, root: string, files: readonly string[]): Promise<Map<string, Note[]>> {
  const run = path.join(cacheFolder, `types-${randomBytes(8).toString("hex")}`);
  const config = `${run}.json`;
  // what the checker knows about #tensor and #course halves the time of the next check; it replaces a broken file
  const known = path.join(cacheFolder, `types-${shortHash(root + path.dirname(files[0]!))}.tsbuildinfo`);
  try {
    makeFolder(cacheFolder);
    writeFileSync(config, JSON.stringify(configuration(run, files, known)));
    // a name that no file can know: a text with line ends that the checker repeats cannot imitate one of its own lines
    symlinkSync(root, run, "junction");
  } catch {
    return new Map(); // nobody may write there, or the disk is full
  }
  try {
    const words = [program, "-p", config, "--pretty", "false"];
    const output = await runLimited([...(await boxFor(program, root)), ...words]);
    return readNotes(root, run, files, output);
  } finally {
    rmSync(run, { force: true });
    rmSync(config, { force: true });
  }
}

/** The prefix of the checker's command with which it sees its own files, the grader's and the tree's, and no others. */
function boxOf(program: string, root: string): string[] | undefined {
  const bubblewrap = findProgram("bwrap");
  if (!bubblewrap) return undefined;
  const readable = [
    path.dirname(path.dirname(program)),
    graderFolder,
    root,
    ...(ownTypes === undefined || !existsSync(ownTypes) ? [] : [ownTypes]),
  ];
  // it finds its own libraries by its process's entry there
  return [bubblewrap, ...sandbox(readable, [cacheFolder], cacheFolder), "--proc", "/proc", "--"];
}

let boxWorks: Promise<boolean> | undefined;

/** The box, if it works, which running `--version` shows: the files cannot influence this decision. */
async function boxFor(program: string, root: string): Promise<string[]> {
  const box = boxOf(program, root);
  if (!box) return [];
  boxWorks ??= runLimited([...box, program, "--version"]).then((output) => output !== "");
  return (await boxWorks) ? box : [];
}

const running = new Set<ChildProcess>();

/** Runs the checker, tied to this process and limited in memory, of which types can use any amount. */
function runLimited(words: readonly string[]): Promise<string> {
  if (running.size === 0) process.once("exit", endAll);
  return new Promise((resolve) => {
    const [command, ...args] = [...tied(), ...resourceLimits(limits.typesBytes), ...words];
    const options = {
      cwd: cacheFolder,
      // if a folder has another name through a link, the checker keeps the one that it is started with
      env: process.platform === "win32" ? { SystemRoot: process.env["SystemRoot"] } : { PWD: cacheFolder },
      timeout: limits.typesMs,
      maxBuffer: 2 ** 22,
      killSignal: "SIGKILL" as const,
    };
    const child = execFile(command!, args, options, (_error, output) => {
      running.delete(child);
      if (running.size === 0) process.off("exit", endAll);
      resolve(output);
    });
    running.add(child);
  });
}

function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

/** As in a tsconfig.json. */
function configuration(root: string, files: readonly string[], known: string): object {
  return {
    compilerOptions: {
      ...checkerOptions,
      incremental: true,
      tsBuildInfoFile: known,
      paths: { ...importPaths(graderFolder), ...(ownTypes !== undefined && { "#course": [ownTypes] }) },
    },
    files: [path.join(graderFolder, consoleFile), ...files.map((file) => path.join(root, file))],
  };
}

/** The lines `file(line,column): error TS2345: text`, by file; file names are relative to the folder of the run. */
function readNotes(root: string, run: string, files: readonly string[], output: string): Map<string, Note[]> {
  const notes = new Map<string, Note[]>();
  for (const [, name, line, column, text] of output.matchAll(/^(\S.*?)\((\d+),(\d+)\): error (TS\d+: .*)$/gm)) {
    const file = files.find((file) => name === `${path.basename(run)}/${file}`);
    if (file === undefined) continue;
    const note = { line: Number(line), column: Number(column), text: text!.replaceAll(run, root) };
    if (!notes.get(file)?.push(note)) notes.set(file, [note]);
  }
  return new Map([...notes].map(([file, found]) => [file, typeNotesOf(found)]));
}

/** TypeScript's program for this machine; undefined if it is not installed. */
export function typeChecker(): string | undefined {
  const name = process.platform === "win32" ? "tsc.exe" : "tsc";
  try {
    const ofTypeScript = createRequire(createRequire(import.meta.url).resolve("typescript/package.json"));
    const folder = path.dirname(
      ofTypeScript.resolve(`@typescript/typescript-${process.platform}-${process.arch}/package.json`),
    );
    return path.join(folder, "lib", name);
  } catch {
    return undefined;
  }
}
