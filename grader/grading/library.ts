import { consoleInto } from "./console.ts";
import { guestOf, guestOfFailed, type Frames, type Guest, type Printed } from "./guest.ts";
import type { GuestRequest } from "./messages.ts";
import { pack, unpack, type TextCodec } from "./packing.ts";

/**
 * What a host runs before each exercise, in the exercise's own context or worker: it provides the modules that exercises
 * import, calls the learner's function and packs the result. A bundle ends in __serve(exports, name), or in
 * __failed(error) if importing it threw; then __answer takes and returns a packed message.
 */

/** Kept by the host, which passes it on. */
declare let __printed: string;

const CHUNK = 8192;

const codec: TextCodec = {
  toText({ buffer, byteOffset, byteLength }) {
    const pairs = new Uint16Array(buffer, byteOffset, byteLength / 2);
    let text = "";
    for (let i = 0; i < pairs.length; i += CHUNK) {
      text += String.fromCharCode.apply(null, pairs.subarray(i, i + CHUNK) as unknown as number[]);
    }
    return text;
  },
  toBytes(text) {
    const pairs = new Uint16Array(text.length);
    for (let i = 0; i < pairs.length; i++) pairs[i] = text.charCodeAt(i);
    return pairs.buffer;
  },
};

const printed: Printed = {
  get text() {
    return __printed;
  },
  set text(text) {
    __printed = text;
  },
};

/** Whether importing the exercise threw, which is then the answer to all requests. */
let importFailed = false;

/**
 * Puts everything that bundles need on the global object.
 *
 * @param modules what exercises can import, by the global names that bundles know
 */
export function provideLibrary(modules: Readonly<Record<string, object>>, frames: Frames): void {
  Object.assign(globalThis, modules, {
    console: consoleInto(printed),
    /** Called by the bundle when the exercise has been imported: makes it answer the grader's requests. */
    __serve(exercise: Record<string, unknown> | undefined, name: string): void {
      if (!importFailed) answerWith(guestOf(exercise, name, printed, frames));
    },
    /** Called by the bundle if importing the exercise threw. */
    __failed(error: unknown): void {
      importFailed = true;
      answerWith(guestOfFailed(error));
    },
  });
}

/** Lets the host ask a guest. */
function answerWith(guest: Guest): void {
  Object.assign(globalThis, {
    __answer: (text: string): string => pack(codec, guest(unpack<GuestRequest>(codec, text))),
  });
}
