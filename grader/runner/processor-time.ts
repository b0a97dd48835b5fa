import { readFileSync } from "node:fs";

/** Linux counts processor time in hundredths of a second, whatever the machine. */
const TICK_MS = 10;

/**
 * The processor time, in milliseconds, of a process and of everything it started, including what has ended; undefined if
 * the system does not report it (only Linux does) or the process is gone.
 */
export function processorTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // the second field, the program's name, may contain anything: the third begins after the last parenthesis
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return childrenOf(pid).reduce((sum, child) => sum + (processorTime(child) ?? 0), ticks * TICK_MS);
  } catch {
    return undefined;
  }
}

/** The processes that a process has started with its main thread; none if the system does not report them. */
export function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

/** A reading this old, in milliseconds, is still used: one takes as long as some exercises. */
const RECENT_MS = 50;
const readings = new Map<number, { at: number; time: number | undefined }>();

/** The processor time of a process as of now, or of a moment ago. */
function recentTime(pid: number): number | undefined {
  const now = performance.now();
  for (const [other, { at }] of readings) if (now - at > RECENT_MS) readings.delete(other);
  const time = readings.has(pid) ? readings.get(pid)!.time : processorTime(pid);
  if (!readings.has(pid)) readings.set(pid, { at: now, time });
  return time;
}

/**
 * Calls back once a process has used up some processor time; if that is unknown, or the process uses little, after `clock`
 * times as much wall-clock time.
 *
 * @param milliseconds of processor time, from now on
 * @returns a function that stops waiting
 */
export function afterProcessorTime(
  pid: number | undefined,
  milliseconds: number,
  clock: number,
  act: () => void,
): () => void {
  const used = (): number | undefined => (pid === undefined ? undefined : processorTime(pid));
  // older by so little that the time in between counts as used
  const before = pid === undefined ? undefined : recentTime(pid);
  const latest = performance.now() + clock * milliseconds;
  const look = (): void => {
    const now = used();
    const spent = now === undefined || before === undefined ? 0 : now - before;
    const left = Math.min(milliseconds - spent, latest - performance.now());
    if (left <= 0) act();
    else timer = setTimeout(look, Math.max(left, TICK_MS));
  };
  let timer = setTimeout(look, milliseconds);
  return () => clearTimeout(timer);
}
