import { unpackedTexts } from "./text.ts";

/** A worker that unpacks texts: that takes long enough to be seen on the page's own thread. */

/** The file, once, and the places of texts, of which the last in the file says how far it is unpacked. */
export type ToUnpacker = ArrayBuffer | number;

const scope = globalThis as unknown as {
  /** Texts, in their order. */
  postMessage(text: string): void;
  onmessage: ((event: MessageEvent<ToUnpacker>) => void) | null;
};

let texts: Iterator<string> | undefined;
let wanted = -1;
let done = 0;

scope.onmessage = ({ data }) => {
  if (typeof data === "number") wanted = Math.max(wanted, data);
  else texts = unpackedTexts(new Uint8Array(data));
  if (!texts) return;
  for (; done <= wanted; done++) scope.postMessage(texts.next().value);
};
