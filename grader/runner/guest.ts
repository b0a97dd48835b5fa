import * as course from "#course";
import * as tensorModule from "#tensor";
import { frames } from "../course/frames.ts";
import { provideLibrary } from "../grading/library.ts";
import type { GuestRequest } from "../grading/messages.ts";
import { messageOf, partsOf } from "../grading/packing.ts";
import { hasKernels } from "../tensor/memory.ts";
import { partInUse } from "../tensor/places.ts";
import { harden } from "./harden.ts";

/** A request's line, and the bytes behind a message's line, of the request and then of the answer: see child.mjs. */
declare let __request: string;
declare let __elements: ArrayBuffer | string;

/** The library script, which runs in each context before exercises do. */
provideLibrary({ __tensor: tensorModule, __course: course }, frames, (guest) => (line: string) => {
  const request = messageOf<GuestRequest>(line, __elements as ArrayBuffer);
  // an exercise finds neither: it gets copies
  __request = __elements = "";
  const said = partsOf(guest(request));
  __elements = joined(said.elements);
  return said.line;
});
Object.assign(globalThis, {
  /** Hardens the context for several steps. */
  __harden: (kept: readonly string[]) => harden([tensorModule, course], kept),
  /** How much of the kernels' memory is in use, from 0 to 1; -1 if there is none. Runs nothing but what is here. */
  __used: () => (hasKernels() ? partInUse() : -1),
});

function joined(parts: readonly ArrayBufferView[]): ArrayBuffer {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const { buffer, byteOffset, byteLength } of parts) {
    all.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return all.buffer;
}
