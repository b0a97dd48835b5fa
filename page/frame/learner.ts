import * as course from "#course";
import * as tensorModule from "#tensor";
import { frames } from "../../grader/course/frames.ts";
import { provideLibrary } from "../../grader/grading/library.ts";
import { limits } from "../../grader/grading/limits.ts";
import type { GuestRequest } from "../../grader/grading/messages.ts";
import { messageIn, textOf } from "../message-text.ts";
import type { FromLearner, Said, ToLearner } from "../protocol.ts";
import { languageOnly } from "./language-only.ts";

/**
 * The script of a worker that runs learner code, which shares its realm with it. Everything that it needs is taken before
 * learner code runs; then nothing is left on the global object but the language.
 */

/** What this script uses of a dedicated worker. */
interface Scope {
  addEventListener(type: "message", listen: (event: { data: ToLearner }) => void): void;
  addEventListener(
    type: "error",
    listen: (event: { message: string; lineno: number; colno: number; preventDefault(): void }) => void,
  ): void;
  addEventListener(type: "unhandledrejection", listen: (event: { preventDefault(): void }) => void): void;
  postMessage(message: FromLearner): void;
  importScripts(url: string): void;
  __answer?: unknown;
  __request: unknown;
  __printed: unknown;
}

const scope = globalThis as unknown as Scope;
const send = scope.postMessage.bind(scope);
const importScript = scope.importScripts.bind(scope);
const now = performance.now.bind(performance);
const later = afterMicrotasks();
const { defineProperty } = Object;

// plain data that code cannot turn into accessors, so that reading and writing them runs nothing
for (const name of ["__request", "__answer", "__printed"])
  defineProperty(globalThis, name, { value: "", writable: true });
// an exercise cannot remove the lines that its errors point to
defineProperty(Error, "stackTraceLimit", { value: 50 });
provideLibrary({ __tensor: tensorModule, __course: course }, frames, (guest) => (text: string) => {
  return textOf(guest(messageIn<GuestRequest>(text)));
});

/** Whether the script is being loaded again for the engine to say where it refuses it. */
let isRefused = false;

scope.addEventListener("message", ({ data }) => ("load" in data ? load(data.load) : call(data.call)));
scope.addEventListener("error", (event) => {
  event.preventDefault();
  // an error that learner code throws later is nobody's
  if (isRefused) send({ refused: String(event.message), line: Number(event.lineno), column: Number(event.colno) });
  isRefused = false;
});
scope.addEventListener("unhandledrejection", (event) => event.preventDefault());
languageOnly();
send({ ready: true });

function load(url: string): void {
  send({ started: "load" });
  try {
    importScript(url);
  } catch (error) {
    // the script catches all that it throws: it was refused
    const { lineNumber, columnNumber, message } = error as {
      lineNumber?: number;
      columnNumber?: number;
      message: string;
    };
    if (lineNumber !== undefined)
      return send({ refused: String(message), line: lineNumber, column: columnNumber ?? 1 });
    // other engines say where only of errors that nobody catches
    isRefused = true;
    importScript(url);
    return;
  }
  later(() => send({ loaded: url }));
}

function call(request: string): void {
  send({ started: "call" });
  const start = now();
  const { status, answer } = answerTo(request);
  // what the code has left to do soon belongs to the call
  later(() => {
    const printed = typeof scope.__printed === "string" ? scope.__printed.slice(0, limits.printed) : "";
    put("__printed", "");
    send({ status, answer, printed, milliseconds: now() - start });
  });
}

function answerTo(request: string): Pick<Said, "status" | "answer"> {
  const failed = { status: "failed", answer: "" } as const;
  try {
    if (!put("__request", request)) return failed;
    const answer = (scope.__answer as (text: unknown) => unknown)(scope.__request);
    put("__request", "");
    if (typeof answer !== "string") return { status: "answered", answer: "" };
    return 2 * answer.length > limits.answerBytes
      ? { status: "too-large", answer: "" }
      : { status: "answered", answer };
  } catch {
    return failed;
  }
}

/** Sets one of the two texts; false if the code has made that impossible. */
function put(name: "__request" | "__printed", text: string): boolean {
  try {
    scope[name] = text;
    return scope[name] === text;
  } catch {
    return false;
  }
}

/** Calls back once the code's promises have run; a message to oneself is no microtask. */
function afterMicrotasks(): (act: () => void) => void {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  const post = port2.postMessage.bind(port2);
  return (act) => {
    waiting[waiting.length] = act;
    post(0);
  };
}
