import { parseArgs } from "node:util";
import type { Step } from "../course/steps.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { endLearners } from "../runner/process.ts";
import { displayPath } from "../runner/project.ts";
import { watchTree } from "../runner/watcher.ts";
import { selectSteps, treeWithSteps, UsageError } from "./usage.ts";
import { App } from "./watch/app.ts";
import { eventLines } from "./watch/lines.ts";
import { Session, type WatchEvent } from "./watch/session.ts";

export const watchHelp = `watch [step] [--from FOLDER] [--lines]
    Grades again at every save, and shows the step that is worked on: the one named, or what is next;
    then the one that is saved. Keys are named on the screen.
    --from FOLDER      watches another tree of the same shape in place of exercises/
    --lines            a line per event, also in a terminal: for editors and screen readers`;

/** Runs until it is ended; exit status 0 by q or Ctrl-C on its screen. */
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
  // a type checker may be running, which nobody waits for now
  process.exit(0);
}

/** What shows events, in one way or the other. */
interface Front {
  open: () => void;
  on: (event: WatchEvent) => void;
  close: () => void;
}

function linesOf(session: Session): Front {
  const print = (lines: readonly string[]): void => lines.forEach((line) => void process.stdout.write(`${line}\n`));
  const { root, current } = session;
  return {
    open: () => print([`watching ${displayPath(root)}, from ${current.id} on; Ctrl-C ends it`]),
    on: (event) => print(eventLines(event, session)),
    close: () => {},
  };
}

/** The step that words name; of a part, the first. */
function firstStep(words: readonly string[]): Step | undefined {
  if (words.length > 1) throw new UsageError(`watch begins with one step, not with ${words.length}; name one, or none`);
  return words.length === 0 ? undefined : selectSteps(words)[0];
}
