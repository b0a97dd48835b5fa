import type { Message } from "../grader/grading/messages.ts";
import { messageOf, partsOf } from "../grader/grading/packing.ts";

/**
 * Messages as text, so that only strings pass between the grader and a worker with learner code: one line, then the
 * elements, two bytes per character. Half a character is no text for a decoder, so the units are joined one by one.
 */

const CHUNK = 8192;

export function textOf<H>(message: Message<H>): string {
  const { line, elements } = partsOf(message);
  let text = line;
  for (const { buffer, byteOffset, byteLength } of elements) {
    const pairs = new Uint16Array(buffer, byteOffset, byteLength / 2);
    for (let i = 0; i < pairs.length; i += CHUNK) text += String.fromCharCode(...pairs.subarray(i, i + CHUNK));
  }
  return text;
}

/** @throws Error if the text is not a message */
export function messageIn<H>(text: string): Message<H> {
  const start = text.indexOf("\n") + 1;
  const pairs = new Uint16Array(text.length - start);
  for (let i = 0; i < pairs.length; i++) pairs[i] = text.charCodeAt(start + i);
  return messageOf<H>(text.slice(0, start), pairs.buffer);
}
