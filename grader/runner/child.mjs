/**
 * The process that runs learner code. It is plain Node with as few rights as the system can take away (see
 * box.ts), holds no reference and judges nothing: bundles and inputs come in as frames on standard input, what the
 * code answered goes out as frames on file descriptor 3.
 *
 * Each step's bundle runs in a context of its own. Only strings cross its border: the request going in, the answer
 * coming out. What learner code throws or returns is never looked at here, because looking can run its getters.
 */
import fs from "node:fs";
import v8 from "node:v8";
import vm from "node:vm";
import { encodeFrame, frameDecoder, LARGEST_FRAME } from "./frames.mjs";

const ANSWERS = 3;
/** How much of what a step prints is passed on. */
const PRINT_LIMIT = 256_000;
/** A quarter of what a process may use; a step's own tensors are a thousandth of it. */
const MUCH = 2 ** 28;
/** An answer that fits into a frame beside its header; a larger one is not read. */
const LARGEST_ANSWER = LARGEST_FRAME - 2_000_000;

/**
 * Each step's context or, where its bundle did not load, the answer to all its calls.
 *
 * @type {Map<string, { context: vm.Context, failure?: import("./frames.mjs").Header, again?: () => unknown }>}
 */
const steps = new Map();

/** @type {vm.Script | undefined} */
let library;

// a promise that learner code leaves rejected, or an error it throws later, must not end the process: the next step
// would be blamed. What is passed to the handlers is never looked at.
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
process.stdin.on("data", frameDecoder(handle));
send({ ready: true });

/**
 * Three requests: { type: "library" } with the script that every context runs first as body, answered by nothing;
 * { type: "load", step, timeout } with a step's bundle as body, answered by nothing; and
 * { type: "call", step, timeout, locate } with a request for the bundle as body, answered by
 * { step, status, printed, milliseconds, crowded } with the bundle's answer as body. Before learner code runs, { started, step }
 * says so: "load" or "call".
 *
 * @param {import("./frames.mjs").Frame} frame
 */
function handle({ header, body }) {
  if (header["type"] === "library") {
    library = new vm.Script(body.toString("utf8"), { filename: "library" });
    return;
  }
  const step = String(header["step"]);
  const timeout = Number(header["timeout"]);
  const locate = Number(header["locate"]);
  const text = body.toString(header["type"] === "load" ? "utf8" : "utf16le");
  if (header["type"] === "load") load(step, text, timeout);
  else call(step, text, timeout, locate);
}

/**
 * @param {string} step
 * @param {string} bundle
 * @param {number} timeout milliseconds
 */
function load(step, bundle, timeout) {
  send({ started: "load", step });
  const loading = () => {
    const context = createContext();
    return { context, ...run(context, bundle, `step:${step}`, timeout) };
  };
  const { context, status, milliseconds } = loading();
  const failure = { step, status, printed: "", milliseconds };
  steps.set(step, status === "answered" ? { context } : { context, failure, again: loading });
}

/**
 * @param {string} step
 * @param {string} request
 * @param {number} timeout milliseconds
 * @param {number} locate how long a loop is run again, to be interrupted where it is; 0 for not at all
 */
function call(step, request, timeout, locate) {
  const { context, failure, again } = steps.get(step) ?? {
    context: createContext(),
    failure: { step, status: "failed" },
  };
  if (failure) {
    answer({ ...failure, printed: printedIn(context) }, "", locate, () => again?.());
    return;
  }
  send({ started: "call", step });
  const calling = () => {
    context["__request"] = request;
    const result = run(context, "__answer(__request)", "call", timeout);
    context["__request"] = "";
    return result;
  };
  const { status, value, milliseconds } = calling();
  const text = typeof value === "string" ? value : "";
  const isTooLarge = 2 * text.length > LARGEST_ANSWER;
  answer(
    { step, status: isTooLarge ? "too-large" : status, printed: printedIn(context), milliseconds },
    isTooLarge ? "" : text,
    locate,
    calling,
  );
}

/**
 * Answers a call. What ran out of time is then run again: the grader interrupts it, and the system writes a stack trace
 * to standard error.
 *
 * @param {import("./frames.mjs").Header} header
 * @param {string} body
 * @param {number} locate see call
 * @param {() => unknown} again
 */
function answer(header, body, locate, again) {
  const locating = header["status"] === "timeout" && locate > 0;
  send({ ...header, locating, crowded: isCrowded() }, body);
  if (!locating) return;
  again();
  send(header);
}

function createContext() {
  // an ordinary context object would make Math-heavy loops 10 to 20 times slower
  const { DONT_CONTEXTIFY } = /** @type {any} */ (vm.constants);
  const context = vm.createContext(DONT_CONTEXTIFY, {
    microtaskMode: "afterEvaluate",
    // WebAssembly is for the tensors' own kernels; it can do no more than compute
    codeGeneration: { strings: false, wasm: true },
  });
  // plain data that code cannot turn into accessors: reading and writing them runs nothing
  vm.runInContext(
    `for (const name of ["__request", "__printed"])
       Object.defineProperty(globalThis, name, { value: "", writable: true });
     // an exercise may not do without the lines that its errors point at
     Object.defineProperty(Error, "stackTraceLimit", { value: 50 });`,
    context,
  );
  library?.runInContext(context);
  return context;
}

/**
 * Runs code in a context. What it throws is dropped unseen: the bundle reports its own errors in its answer, so only
 * running out of time, or breaking the bundle itself, ends up here.
 *
 * @param {vm.Context} context
 * @param {string} code
 * @param {string} filename what stack traces call it
 * @param {number} timeout milliseconds
 */
function run(context, code, filename, timeout) {
  const start = performance.now();
  try {
    const value = new vm.Script(code, { filename }).runInContext(context, { timeout });
    return { status: "answered", value, milliseconds: performance.now() - start };
  } catch {
    const milliseconds = performance.now() - start;
    const status = milliseconds < timeout ? "failed" : isHeapFull() ? "out-of-memory" : "timeout";
    return { status, value: undefined, milliseconds };
  }
}

/** Whether so much is kept that the next step could run short of memory. */
function isCrowded() {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers > MUCH || heapUsed > MUCH / 2;
}

/** Near the limit, V8 spends all its time collecting garbage: then time runs out first. */
function isHeapFull() {
  const { used_heap_size, heap_size_limit } = v8.getHeapStatistics();
  return used_heap_size > 0.7 * heap_size_limit;
}

/**
 * What the step printed since the last call.
 *
 * @param {vm.Context} context
 */
function printedIn(context) {
  const printed = context["__printed"];
  context["__printed"] = "";
  return typeof printed === "string" ? printed.slice(0, PRINT_LIMIT) : "";
}

/**
 * @param {import("./frames.mjs").Header} header
 * @param {string} [body]
 */
function send(header, body = "") {
  let rest = encodeFrame(header, body);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(fs.writeSync(ANSWERS, rest));
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EAGAIN") throw error;
      // the pipe is full: wait a millisecond for the grader to read
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}
