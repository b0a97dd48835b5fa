import * as course from "#course";
import * as tensorModule from "#tensor";
import { frames } from "../course/frames.ts";
import { provideLibrary } from "../grading/library.ts";
import type { GuestRequest } from "../grading/messages.ts";
import { messageOf, partsOf } from "../grading/packing.ts";
import { harden } from "./harden.ts";

/** The bytes behind a message's line, of the request and then of the answer: see child.mjs. */
declare let __elements: ArrayBuffer;

/** The library script, which runs in each context before exercises do. */
provideLibrary({ __tensor: tensorModule, __course: course }, frames, (guest) => (line: string) => {
  const said = partsOf(guest(messageOf<GuestRequest>(line, __elements)));
  __elements = joined(said.elements);
  return said.line;
});
Object.assign(globalThis, { __harden: (kept: readonly string[]) => harden([tensorModule, course], kept) });

function joined(parts: readonly ArrayBufferView[]): ArrayBuffer {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    all.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return all.buffer;
}
