import type { TextCodec } from "../../grader/grading/packing.ts";

const CHUNK = 8192;

/** Elements as text and back. Half a character is no text for a decoder, so the units are joined one by one. */
export const codec: TextCodec = {
  toText({ buffer, byteOffset, byteLength }) {
    const pairs = new Uint16Array(buffer, byteOffset, byteLength / 2);
    let text = "";
    for (let i = 0; i < pairs.length; i += CHUNK) {
      text += String.fromCharCode(...pairs.subarray(i, i + CHUNK));
    }
    return text;
  },
  toBytes(text) {
    const pairs = new Uint16Array(text.length);
    for (let i = 0; i < pairs.length; i++) pairs[i] = text.charCodeAt(i);
    return pairs.buffer;
  },
};
