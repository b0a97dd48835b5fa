import { unpackedText } from "./text.ts";

/** A worker that unpacks a text: it takes long enough to be seen on the page's own thread. */

const scope = globalThis as unknown as {
  postMessage(text: string): void;
  onmessage: ((event: MessageEvent<ArrayBuffer>) => void) | null;
};

scope.onmessage = ({ data }) => scope.postMessage(unpackedText(new Uint8Array(data)));
