import { tensorErrorKinds, type TensorFault } from "../tensor/error.ts";
import { MOST_DIMENSIONS } from "../tensor/shape.ts";
import type { Cause } from "../verdict/cause.ts";
import type { Failure } from "../verdict/judge.ts";
import { limited, type Position } from "../verdict/result.ts";
import type { LearnerAnswer, Located } from "./host.ts";
import { guestErrorKinds, type GuestError, type Message } from "./messages.ts";
import type { OpenStep } from "./open.ts";
import { placeOfName } from "./place-of-name.ts";

/** The code that was called: its step, its bundle and the context that it ran in. */
export type AskedCode = Pick<OpenStep, "step" | "bundle">;

/** No bundle answers like this unless the exercise has tampered with the code around it. */
const MEDDLED: Failure = {
  kind: "threw",
  message: "the answer cannot be read; does the exercise change built-in objects?",
  at: null,
};

/** What `read` makes of an answer, or why there is none that can be read. */
export function readAnswer<H, R>(
  answer: LearnerAnswer,
  code: AskedCode,
  read: (response: Message<H>) => R,
): R | Failure {
  switch (answer.status) {
    case "timeout":
      return {
        kind: "timeout",
        message: `timed out after ${answer.limitMs / 1000} s; is there an endless loop?`,
        at: ownPlace(code, locate(code, answer.stack)),
      };
    case "too-large":
      return { kind: "shape", message: `answered with more than ${answer.largest / 1e6} MB`, at: null };
    case "out-of-memory":
      return { kind: "out-of-memory", message: "ran out of memory; does something grow without end?", at: null };
    case "refused":
      return notCompiled(answer.said, ownPlace(code, locate(code, answer.stack)));
    case "died":
      return { kind: "threw", message: "ended the process it ran in", at: null };
    case "unreadable":
      return MEDDLED;
    case "answered":
      try {
        return read(answer.message as Message<H>);
      } catch {
        return MEDDLED;
      }
  }
}

/** Code that the engine does not accept. */
function notCompiled(said: string, at: Position | null): Failure {
  const cause: Cause = { kind: "compiler", said: limited(said) };
  return { kind: "threw", message: limited(`does not compile: ${said}`), at, cause };
}

/**
 * What learner code threw, with its position in the learner's own file.
 *
 * @throws Error if it is of no known kind
 */
export function failureOf({ kind, text: said, stack, fault }: GuestError, code: AskedCode): Failure {
  if (!guestErrorKinds.includes(kind)) throw new Error("an unknown kind of failure");
  const text = withOwnNames(String(said), code);
  const located: Located = kind === "missing" ? { places: [], isOnTop: false } : locate(code, String(stack));
  const at = placeOfError(String(text), code, located);
  if (NO_MEMORY.test(text)) {
    return { kind: "out-of-memory", message: "ran out of memory; is a tensor far larger than intended?", at };
  }
  const cause = kind === "threw" ? causeOf(text, fault) : undefined;
  return { kind, message: limited(String(text)) + elsewhere(code, located), at, ...(cause && { cause }) };
}

/** V8's own errors, which carry nothing but these words: of a typed array that is too large, and of calls too deep. */
const NO_MEMORY = /Array buffer allocation failed/;
const TOO_DEEP = /Maximum call stack/;
/** Its errors of names and types. */
const OF_ENGINE = /^(?:ReferenceError|TypeError): /;

function causeOf(text: string, fault: unknown): Cause | undefined {
  // first, whatever else is said: such a result must not be kept
  if (TOO_DEEP.test(text)) return { kind: "call-stack" };
  return checkedFault(fault) ?? (OF_ENGINE.test(text) ? { kind: "engine", said: limited(String(text)) } : undefined);
}

/** The most lists of numbers that a TensorError is about, and its longest operation's name, with some room. */
const MOST_LISTS = 8;
const LONGEST_OPERATION = 40;

/** What the guest says that a tensor's operation threw, if it can be that; learner code could have forged it. */
function checkedFault(said: unknown): TensorFault | undefined {
  if (typeof said !== "object" || said === null) return undefined;
  const { kind, operation, numbers } = said as Partial<Record<keyof TensorFault, unknown>>;
  const known = tensorErrorKinds.find((one) => one === kind);
  if (known === undefined || typeof operation !== "string" || operation.length > LONGEST_OPERATION) return undefined;
  if (!Array.isArray(numbers) || numbers.length > MOST_LISTS || !numbers.every(isList)) return undefined;
  return { kind: known, operation, numbers: numbers.map((list) => list.map((number) => number ?? NaN)) };
}

/** Whether it can be a shape or a position; JSON writes NaN as null. */
function isList(said: unknown): said is (number | null)[] {
  const isNumber = (one: unknown): boolean => typeof one === "number" || one === null;
  return Array.isArray(said) && said.length <= MOST_DIMENSIONS && said.every(isNumber);
}

function locate({ step, bundle }: AskedCode, stack: string): Located {
  return bundle.locate(stack, step.id);
}

/** The innermost position in the step's own file. */
function ownPlace({ step }: AskedCode, { places }: Located): Position | null {
  return places.find(({ file }) => file === step.file)?.at ?? null;
}

/** The position in the step's own file: that of the name in the message, if it was thrown there. */
function placeOfError(message: string, code: AskedCode, located: Located): Position | null {
  const at = ownPlace(code, located);
  if (!at) return null;
  // if the library threw, the name is not in the learner's line
  const isThrownHere = located.isOnTop && located.places[0]?.at === at;
  return (isThrownHere && placeOfName(message, sourceOf(code), at)) || at;
}

function sourceOf({ step, bundle }: AskedCode): string {
  return bundle.sources.find(({ file }) => file === step.file)?.text ?? "";
}

/** V8's words with the names of the file: in a bundle, a `dx` inside the function dx is called dx2. */
function withOwnNames(text: string, code: AskedCode): string {
  if (!OF_ENGINE.test(text)) return text;
  const names = new Set(sourceOf(code).match(/[A-Za-z_$][\w$]*/g));
  return text.replaceAll(/(?<![\w$])([A-Za-z_$][\w$]*?)\d+(?![\w$])/g, (name, own: string) =>
    !names.has(name) && names.has(own) ? own : name,
  );
}

/** Names the innermost position if it is not in the step's own file. */
function elsewhere({ step }: AskedCode, { places: [innermost] }: Located): string {
  if (!innermost || innermost.file === step.file) return "";
  return ` (in ${innermost.file}:${innermost.at.line}:${innermost.at.column})`;
}
