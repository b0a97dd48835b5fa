import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { calibratedClock, type Meter } from "../../page/grader/clock.ts";

/** How long a run of our own takes on the machine that limits were chosen for, in milliseconds. */
const REFERENCE_MS = 40;

/** A meter whose runs take as many times as long as they should as `slow` says, one after another. */
function meterOf(slow: (run: number) => number | undefined): { open: () => Meter; isEnded: () => boolean } {
  let runs = 0;
  let isEnded = false;
  const run = async (): Promise<number | undefined> => {
    const times = slow(runs++);
    if (times === undefined) return undefined;
    await new Promise((resolve) => setTimeout(resolve, times * REFERENCE_MS));
    return times * REFERENCE_MS;
  };
  return { open: () => ({ run, end: () => (isEnded = true) }), isEnded: () => isEnded };
}

/** When a limit of a second is over, in milliseconds; undefined if it was stopped before. */
async function endOf(open: () => Meter, stopAfter = Infinity): Promise<number | undefined> {
  const begin = performance.now();
  let ended: number | undefined;
  const stop = calibratedClock(open)(1000, () => (ended = performance.now() - begin));
  if (stopAfter < Infinity) setTimeout(stop, stopAfter);
  await vi.advanceTimersByTimeAsync(60_000);
  return ended;
}

describe("a limit of a second", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
  afterEach(() => void vi.useRealTimers());

  test("is a second on an idle machine", async () => {
    const ended = await endOf(meterOf(() => 1).open);
    expect(ended).toBeGreaterThanOrEqual(1000);
    expect(ended).toBeLessThan(1000 + 2 * REFERENCE_MS);
  });

  test("is not shorter on a faster machine", async () => {
    expect(await endOf(meterOf(() => 0.5).open)).toBeGreaterThanOrEqual(1000);
  });

  test.each([2, 6, 9])("is %i times as long on a machine that is so much slower", async (slow) => {
    const ended = await endOf(meterOf(() => slow).open);
    expect(ended).toBeGreaterThanOrEqual(1000 * slow);
    expect(ended).toBeLessThan((1000 + 2 * REFERENCE_MS) * slow);
  });

  test("is not cut short by a lucky run on a busy machine", async () => {
    expect(await endOf(meterOf((run) => (run === 0 ? 1 : 8)).open)).toBeGreaterThan(6000);
  });

  test("is short again as soon as the machine is idle", async () => {
    expect(await endOf(meterOf((run) => (run === 0 ? 8 : 1)).open)).toBeLessThan(2000);
  });

  test("is no longer than ten seconds, however slow the machine is", async () => {
    const ended = await endOf(meterOf(() => 12).open);
    expect(ended).toBeLessThan(10_500);
  });

  test("is one of wall-clock time if nothing can be measured", async () => {
    expect(await endOf(meterOf(() => undefined).open)).toBe(1000);
  });

  test("is over for good once it is stopped, and so are the runs", async () => {
    const { open, isEnded } = meterOf(() => 1);
    expect(await endOf(open, 700)).toBe(undefined);
    expect(isEnded()).toBe(true);
  });
});
