import type { StepDigest } from "../site.ts";

/**
 * A link that carries a step's code after the #, which browsers send to no server: `#1.dcounts.` and the text, compressed
 * by deflate, in base64url. The number is the form's version.
 */
const FORM = /^#1\.([\w-]+)\.([\w-]*)$/;

/** A longer text is no step's. */
const LONGEST = 200_000;

/** Somebody's code. */
export interface Shared {
  readonly step: StepDigest;
  readonly text: string;
}

/** A link cannot be read; the message is for people. */
export class LinkError extends Error {
  override name = "LinkError";
}

/** @returns the part of the address after #, with it */
export async function linkOf(step: Pick<StepDigest, "id">, text: string): Promise<string> {
  const packed = await through(new TextEncoder().encode(text), new CompressionStream("deflate-raw"));
  const base64 = btoa(String.fromCharCode(...packed));
  return `#1.${step.id}.${base64.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")}`;
}

/** The id of the step that a link carries code for; undefined if it has another form. */
export function stepOfLink(hash: string): string | undefined {
  return FORM.exec(hash)?.[1];
}

/** @throws LinkError if it was cut short, is damaged, or is about another course */
export async function readLink(hash: string, steps: readonly StepDigest[]): Promise<Shared> {
  const [, id, packed] = FORM.exec(hash) ?? [];
  if (id === undefined || packed === undefined) {
    throw new LinkError(
      "This link carries code in a form that this version of the page does not know. Reload the page.",
    );
  }
  const step = steps.find((one) => one.id === id);
  if (!step) throw new LinkError(`This link carries code for a step named ${id}, which this course does not have.`);
  try {
    const base64 = packed.replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const text = await through(bytes, new DecompressionStream("deflate-raw"));
    return { step, text: new TextDecoder("utf-8", { fatal: true }).decode(text) };
  } catch {
    throw new LinkError(
      `The link to code for ${id} is damaged: it was probably cut short when it was copied. Ask for the whole link.`,
    );
  }
}

/** @throws if the stream refuses the bytes, or too many come out */
async function through(bytes: Uint8Array<ArrayBuffer>, stream: GenericTransformStream): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = (new Blob([bytes]).stream().pipeThrough(stream) as ReadableStream<Uint8Array>).getReader();
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > LONGEST) throw new Error("too long");
    parts.push(next.value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
