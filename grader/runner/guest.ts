import * as course from "#course";
import * as tensorModule from "#tensor";
import { consoleInto } from "../grading/console.ts";
import { guestOf, guestOfFailed, type Guest, type Printed } from "../grading/guest.ts";
import type { GuestRequest } from "../grading/messages.ts";
import { pack, unpack, type TextCodec } from "../grading/packing.ts";

/**
 * The library script, which runs in each exercise's context before the exercise: it provides #tensor and #course, calls
 * the learner's function and packs the result.
 */

/** Kept by child.mjs, which passes it on. */
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

Object.assign(globalThis, {
  __tensor: tensorModule,
  __course: course,
  console: consoleInto(printed),
  /** Called by the bundle when the exercise has been imported: makes it answer the grader's requests. */
  __serve(exercise: Record<string, unknown> | undefined, name: string): void {
    if (!importFailed) answerWith(guestOf(exercise, name, printed));
  },
  /** Called by the bundle if importing the exercise threw. */
  __failed(error: unknown): void {
    importFailed = true;
    answerWith(guestOfFailed(error));
  },
});

/** Lets child.mjs ask a guest: __answer takes and returns a packed message. */
function answerWith(guest: Guest): void {
  Object.assign(globalThis, {
    __answer: (text: string): string => pack(codec, guest(unpack<GuestRequest>(codec, text))),
  });
}
