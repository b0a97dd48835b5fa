import type { Learner, LearnerAnswer } from "../grading/host.ts";
import type { CallsResponse, GuestRequest, Message } from "../grading/messages.ts";
import { messageOf, partsOf } from "../grading/packing.ts";
import type { Box } from "./box.ts";
import { bundleLibrary } from "./bundle.ts";
import { LARGEST_FRAME } from "./frames.mjs";
import { takeLearner, type LearnerProcess, type RawAnswer } from "./process.ts";

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
 * Functions are called in one hardened context, one step's after another's, where the tensors' own code is warm after the
 * first: that takes half the time of a context for each. What does not answer every call with a tensor there may need what
 * hardening takes away, such as a method of its own on all arrays, so it is asked again in a context of its own, and from
 * then on only there: that is its answer. So is what answers with a wrong tensor, if its code could go on after a refusal.
 *
 * @param provided resolves when the process has everything that exercises need
 */
export function learnerOf(process: Pick<LearnerProcess, "call" | "close">, provided: Promise<void>): Learner {
  // in case nothing is ever asked
  provided.catch(() => {});
  const alone = new Set<string>();
  return {
    async ask(context, { code }, request, limitMs) {
      const body = bytesOf(request);
      await provided;
      if (request.header.kind === "calls" && !alone.has(context)) {
        const answer = readAnswer(await process.call(context, code, body, limitMs, true));
        if (!isOwing(answer)) return answer;
        alone.add(context);
      }
      return readAnswer(await process.call(context, code, body, limitMs));
    },
    apart(context, { sources }) {
      if (alone.has(context) || !sources.some(({ text }) => GOES_ON.test(text))) return false;
      alone.add(context);
      return true;
    },
    close: () => process.close(),
  };
}

/** A message as the bytes of UTF-16 text, see packing.ts: the text of its elements consists of the elements' own bytes. */
function bytesOf(message: Message<GuestRequest>): Buffer {
  const { line, elements } = partsOf(message);
  const arrays = elements.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength));
  return Buffer.concat([Buffer.from(line, "utf16le"), ...arrays]);
}

/** The end of a line in UTF-16. */
const LINE_END = Buffer.from("\n", "utf16le");

/** @throws Error if the bytes are not a message */
function messageIn(bytes: Buffer): Message<unknown> {
  let end = bytes.indexOf(LINE_END);
  // the two bytes may be halves of two characters
  while (end % 2 === 1) end = bytes.indexOf(LINE_END, end + 1);
  if (end < 0) throw new Error("a message without a line");
  const rest = bytes.subarray(end + LINE_END.length);
  // a Buffer can be part of a larger block of memory, at any offset
  const own = rest.buffer.slice(rest.byteOffset, rest.byteOffset + rest.byteLength) as ArrayBuffer;
  return messageOf(bytes.toString("utf16le", 0, end), own);
}

/** By what code can go on where hardening refuses something, or see that it would. Anything else ends in an error. */
const GOES_ON =
  /\bcatch\s*[({]|\bfinally\s*\{|\.then\b|\b(?:async|await|Promise|Reflect|Proxy|is(?:Frozen|Sealed|Extensible)|getOwn\w+)\b/;

/** Whether some call was not answered with a tensor, although the code ended by itself. */
function isOwing(answer: LearnerAnswer): boolean {
  if (answer.status !== "answered") return answer.status === "unreadable";
  // learner code could have forged it
  const { answers } = (answer.message.header ?? {}) as Partial<CallsResponse>;
  return !Array.isArray(answers) || !answers.every((one: { kind?: unknown } | null) => one?.kind === "tensor");
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
        return { ...run, status, message: messageIn(body) };
      } catch {
        return { ...run, status: "unreadable" };
      }
  }
}
