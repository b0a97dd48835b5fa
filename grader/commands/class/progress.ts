import cliProgress from "cli-progress";

/** How many lines are printed if the output is no terminal. */
const LINES = 20;

/** Shows how many submissions are graded. */
export interface ClassProgress {
  update: (done: number) => void;
  stop: () => void;
}

/** A bar with the time left in a terminal; elsewhere a line now and then. */
export function classProgress(total: number): ClassProgress {
  const began = performance.now();
  const left = (done: number): string => inTime(((performance.now() - began) / Math.max(1, done)) * (total - done));
  if (process.stdout.isTTY) {
    const bar = new cliProgress.SingleBar({
      barsize: 20,
      barCompleteChar: "#",
      barIncompleteChar: ".",
      stream: process.stdout,
      hideCursor: true,
      clearOnComplete: true,
      format: "{bar} {value} of {total} graded   {left}",
    });
    bar.start(total, 0, { left: "" });
    return { update: (done) => bar.update(done, { left: left(done) }), stop: () => bar.stop() };
  }
  const every = Math.ceil(total / LINES);
  let shown = 0;
  return {
    update(done) {
      if (done < shown + every || done === total) return;
      shown = done;
      process.stdout.write(`${String(done).padStart(String(total).length)} of ${total} graded   ${left(done)}\n`);
    },
    stop() {},
  };
}

/** A time to wait, in words. */
function inTime(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s left`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s left`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min left`;
}
