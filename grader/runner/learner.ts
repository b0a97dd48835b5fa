import type { Learner, LearnerAnswer } from "../grading/host.ts";
import { pack, unpack, type TextCodec } from "../grading/packing.ts";
import type { Box } from "./box.ts";
import { bundleLibrary } from "./bundle.ts";
import { LARGEST_FRAME } from "./frames.mjs";
import { takeLearner, type LearnerProcess, type RawAnswer } from "./process.ts";

const codec: TextCodec = {
  toText: ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString("utf16le"),
  toBytes(text) {
    const { buffer, byteOffset, byteLength } = Buffer.from(text, "utf16le");
    // a Buffer can be a part of a larger piece of memory, at any offset
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  },
};

/** Starts a process for learner code. */
export function startLearner(box: Box): Learner {
  const process = takeLearner(box);
  return learnerOf(
    process,
    bundleLibrary().then((library) => process.provide(library)),
  );
}

/**
 * A process as a learner of grading: messages are passed to it as text.
 *
 * @param provided resolves when the process has everything that exercises need
 */
export function learnerOf(process: Pick<LearnerProcess, "call" | "close">, provided: Promise<void>): Learner {
  // in case nothing is ever asked
  provided.catch(() => {});
  return {
    async ask(context, { code }, request, limitMs) {
      const text = pack(codec, request);
      await provided;
      return readAnswer(await process.call(context, code, text, limitMs));
    },
    close: () => process.close(),
  };
}

function readAnswer({ status, body, printed, milliseconds, limit, stack }: RawAnswer): LearnerAnswer {
  const run = { printed, milliseconds };
  switch (status) {
    case "timeout":
      return { ...run, status, limitMs: limit, stack };
    case "too-large":
      return { ...run, status, largest: LARGEST_FRAME };
    case "out-of-memory":
    case "died":
      return { ...run, status };
    case "failed":
      return { ...run, status: "unreadable" };
    case "answered":
      try {
        return { ...run, status, message: unpack<unknown>(codec, body.toString("utf16le")) };
      } catch {
        return { ...run, status: "unreadable" };
      }
  }
}
