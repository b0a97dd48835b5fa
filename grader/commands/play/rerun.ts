import type { ChildProcess } from "node:child_process";
import { statSync } from "node:fs";
import path from "node:path";
import kleur from "kleur";
import { harmless } from "../../report/harmless.ts";
import { onStop } from "../../runner/process.ts";
import { displayPath } from "../../runner/project.ts";
import { startThroughTsx } from "../../runner/tsx.ts";
import { UsageError } from "../usage.ts";
import type { Dependencies } from "./file.ts";

/** How long nothing must change before the file runs again, in milliseconds: one save is often several changes. */
const DEBOUNCE_MS = 60;
/** How often to look for saves that were not reported, in milliseconds: a folder takes a moment until it is watched. */
const LOOK_EVERY_MS = 500;

/** The program that runs a file, from the grader's folder. */
export const FILE_PROGRAM = "commands/play/file.ts";

/**
 * Runs a file, and runs it again whenever it, or a file that it imports, is saved: a run that has not ended is ended
 * first. Until Ctrl-C; exit status 0.
 *
 * @param file its real path
 */
export async function runAtEverySave(file: string): Promise<number> {
  // loaded here because other commands need not spend the time
  const { watch } = await import("chokidar");
  const shown = displayPath(file);
  /** The files that the last run read, with when each was written, if that is known. */
  let needed: Map<string, number | undefined> | undefined;
  let running: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;

  // folders, not files: editors that save by renaming leave another file of the same name
  const watcher = watch(path.dirname(file), { depth: 0, ignoreInitial: true, followSymlinks: false });
  const run = (): void => {
    const begun = performance.now();
    const readAfter = Date.now();
    const child = startThroughTsx(FILE_PROGRAM, [file]);
    running = child;
    child.on("message", ({ files }: Dependencies) => {
      needed = files && new Map(files.map((one) => [one, writtenBefore(one, readAfter)]));
      watcher.add([...new Set(files?.map((one) => path.dirname(one)))]);
    });
    child.on("exit", (code) => {
      if (running !== child) return;
      running = undefined;
      const seconds = ((performance.now() - begun) / 1000).toFixed(1);
      const how = code === 0 ? "ended" : "failed";
      process.stdout.write(kleur.dim(`${shown} ${how} after ${seconds} s; it runs again when saved, Ctrl-C ends\n`));
    });
  };
  const end = (): void => {
    const child = running;
    running = undefined;
    // it may be in an endless loop, which only this ends
    child?.kill("SIGKILL");
  };
  const runAgain = (changed: string): void => {
    needed?.set(changed, writtenAt(changed));
    clearTimeout(timer);
    timer = setTimeout(() => {
      const isCut = running !== undefined;
      end();
      process.stdout.write(kleur.dim(`\n${savedText(changed, shown)}${isCut ? ", and the last run ended" : ""}\n`));
      run();
    }, DEBOUNCE_MS);
  };
  watcher.on("all", (_, changed) => {
    if (needed ? needed.has(changed) : changed !== path.dirname(file)) runAgain(changed);
  });
  const looking = setInterval(() => {
    const missed = [...(needed ?? [])].find(([one, known]) => writtenAt(one) !== known);
    if (missed) runAgain(missed[0]);
  }, LOOK_EVERY_MS);
  return new Promise((resolve, reject) => {
    const close = (): void => {
      clearTimeout(timer);
      clearInterval(looking);
      onStop(undefined);
      end();
      void watcher.close();
    };
    watcher.on("error", (error) => {
      close();
      reject(new UsageError(`${displayPath(path.dirname(file))} cannot be watched (${harmless(String(error))})`));
    });
    onStop(() => {
      close();
      process.stdout.write("\n");
      resolve(0);
    });
    run();
  });
}

/** When a file was written; undefined if there is none. */
function writtenAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
}

/**
 * When a file that a run reads was written. One that was saved since the run began may have been read before that: then it
 * is the beginning of the run, so that it counts as changed.
 */
function writtenBefore(file: string, begun: number): number | undefined {
  const written = writtenAt(file);
  // a time in the future tells nothing
  return written !== undefined && written > begun && written <= Date.now() ? begun : written;
}

function savedText(changed: string, shown: string): string {
  const name = displayPath(changed);
  return name === shown ? `${shown} was saved` : `${name} was saved: ${shown} again`;
}
