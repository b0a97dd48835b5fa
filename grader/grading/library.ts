import { consoleInto } from "./console.ts";
import { guestOf, guestOfFailed, type Frames, type Guest, type Printed } from "./guest.ts";

/**
 * What a host runs before exercises, in their context or worker: it provides the modules that exercises import, and calls
 * the learner's function. A bundle ends in __serve(exports, name), or in __failed(error) if importing it threw; then
 * __answer is what the host asks.
 */

/** Kept by the host, which passes on what is printed, and asks what a bundle has left. */
declare let __printed: string;
declare let __answer: unknown;

const printed: Printed = {
  get text() {
    return __printed;
  },
  set text(text) {
    __printed = text;
  },
};

/**
 * Puts everything that bundles need on the global object.
 *
 * @param modules what exercises can import, by the global names that bundles know
 * @param asking makes what the host asks, in the way in which it sends messages
 */
export function provideLibrary(
  modules: Readonly<Record<string, object>>,
  frames: Frames,
  asking: (guest: Guest) => unknown,
): void {
  Object.assign(globalThis, modules, {
    console: consoleInto(printed),
    /** Called by the bundle when the exercise has been imported: makes it answer the grader's requests. */
    __serve(exercise: Record<string, unknown> | undefined, name: string): void {
      __answer = asking(guestOf(exercise, name, printed, frames));
    },
    /** Called by the bundle if importing the exercise threw. */
    __failed(error: unknown): void {
      __answer = asking(guestOfFailed(error));
    },
  });
}
