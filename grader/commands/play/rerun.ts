import type { ChildProcess } from "node:child_process";
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
  let needed: ReadonlySet<string> | undefined;
  let running: ChildProcess | undefined;
  let timer: NodeJS.Timeout | undefined;

  // folders, not files: editors that save by renaming leave another file of the same name
  const watcher = watch(path.dirname(file), { depth: 0, ignoreInitial: true, followSymlinks: false });
  const run = (): void => {
    const begun = performance.now();
    const child = startThroughTsx(FILE_PROGRAM, [file]);
    running = child;
    child.on("message", ({ files }: Dependencies) => {
      needed = files && new Set(files);
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
  watcher.on("all", (_, changed) => {
    if (needed ? !needed.has(changed) : changed === path.dirname(file)) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      const isCut = running !== undefined;
      end();
      process.stdout.write(kleur.dim(`\n${savedText(changed, shown)}${isCut ? ", and the last run ended" : ""}\n`));
      run();
    }, DEBOUNCE_MS);
  });
  return new Promise((resolve, reject) => {
    const close = (): void => {
      clearTimeout(timer);
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

function savedText(changed: string, shown: string): string {
  const name = displayPath(changed);
  return name === shown ? `${shown} was saved` : `${name} was saved: ${shown} again`;
}
