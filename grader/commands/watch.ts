import { parseArgs } from "node:util";
import type { Step } from "../kit/step.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { endLearners } from "../runner/process.ts";
import { displayPath } from "../runner/project.ts";
import { watchTree } from "../runner/workspace/watcher.ts";
import { selectSteps, treeWithSteps, UsageError } from "./usage.ts";
import { App } from "./watch/app.ts";
import { eventLines } from "./watch/lines.ts";
import { Session, type WatchEvent } from "./watch/session.ts";

export const watchHelp = `watch [step] [--from FOLDER] [--lines]
    Grades again at every save, and shows the step you are working on: first the one named, or the next one; then
    whichever you save. The screen names the keys.
    --from FOLDER      watches another tree of the same shape instead of exercises/
    --lines            prints a line per event, also in a terminal: for editors and screen readers`;

/** Runs until it is stopped; exit status 0 for q or Ctrl-C on its screen. */
export async function watch(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { from: { type: "string" }, lines: { type: "boolean", default: false } },
  });
  const root = treeWithSteps(values.from);
  const first = firstStep(positionals);
  const names = readNames(shippedNames);
  const hasScreen = process.stdin.isTTY && process.stdout.isTTY && process.env["TERM"] !== "dumb" && !values.lines;

  let front: Front | undefined;
  let unwatch: (() => Promise<void>) | undefined;
  try {
    await new Promise<void>((end, fail) => {
      const session = new Session(root, first, names, (event) => front?.on(event), fail);
      front = hasScreen ? new App(session, end, fail) : linesOf(session);
      front.open();
      const changed = (files: string[]): void => session.changed(files);
      watchTree(root, changed, fail).then((stop) => {
        unwatch = stop;
        session.start();
      }, fail);
    });
  } finally {
    front?.close();
    await unwatch?.();
    endLearners();
  }
  // a type checker may still be running, and nobody waits for it now
  process.exit(0);
}

/** Shows events, on a screen or in lines. */
interface Front {
  open: () => void;
  on: (event: WatchEvent) => void;
  close: () => void;
}

function linesOf(session: Session): Front {
  const print = (lines: readonly string[]): void => lines.forEach((line) => void process.stdout.write(`${line}\n`));
  const { root, current } = session;
  return {
    open: () => print([`watching ${displayPath(root)}, from ${current.id} on; Ctrl-C stops it`]),
    on: (event) => print(eventLines(event, session)),
    close: () => {},
  };
}

/** The step that words name; the first one of a part. */
function firstStep(words: readonly string[]): Step | undefined {
  if (words.length > 1) throw new UsageError(`watch starts with one step, not with ${words.length}; name one, or none`);
  return words.length === 0 ? undefined : selectSteps(words)[0];
}
