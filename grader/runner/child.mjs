/**
 * The process that runs learner code. It is plain Node with as few rights as the system can enforce (see box.ts), has no
 * reference and judges nothing: bundles and inputs come in as frames on standard input, the code's answers go out as
 * frames on file descriptor 3.
 *
 * Each step's bundle runs in a context of its own. Only strings cross its border: the request going in, the answer coming
 * out. What learner code throws or returns is never inspected here, because inspecting it can run its getters.
 */
import fs from "node:fs";
import v8 from "node:v8";
import vm from "node:vm";
import { encodeFrame, frameDecoder, LARGEST_FRAME } from "./frames.mjs";

const ANSWERS = 3;
/** How much of what a step prints is passed on. */
const PRINT_LIMIT = 256_000;
/** A quarter of what a process may use; a step's own tensors take a thousandth of that. */
const MUCH = 2 ** 28;
/** The largest answer that fits into a frame together with its header; a larger one is not read. */
const LARGEST_ANSWER = LARGEST_FRAME - 2_000_000;
/** Code that was ended after less than this part of its processor time has not used it up. */
const USED_UP = 0.8;
/** A process that the system preempted this often was kept waiting; one that slept was not. */
const KEPT_WAITING = 3;

/**
 * Each step's context, a way to load its bundle again and, if it did not load, the answer to all its calls.
 *
 * @type {Map<string, { context: vm.Context, failure?: import("./frames.mjs").Header, load: Load }>}
 * @typedef {(timeout: number) => Ran & { context: vm.Context }} Load
 * @typedef {{ status: string, value: unknown, milliseconds: number }} Ran
 */
const steps = new Map();

/**
 * What a context runs first. The two texts are plain data that code cannot turn into accessors, so that reading and
 * writing them runs nothing.
 */
const SET_UP = `
  for (const name of ["__request", "__printed"])
    Object.defineProperty(globalThis, name, { value: "", writable: true });
  // an exercise cannot remove the lines that its errors point to
  Object.defineProperty(Error, "stackTraceLimit", { value: 50 });`;

/**
 * What a context runs after the library. It removes everything that can sleep, Atomics as well as WebAssembly's own wait,
 * which nothing interrupts: sleeping would look like a machine that is busy elsewhere. It also removes the functions of
 * WebAssembly that return Node's own objects. The library keeps what its kernels need.
 */
const TAKE_AWAY = `
  for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics"]) delete globalThis[name];`;

/** @type {vm.Script | undefined} */
let library;

// each context has functions of its own, and most of them run briefly: V8 would spend half as much time on optimizing them as
// on running them. Each has to run 15 times as long first, which a long loop does within milliseconds. From Node 22 on, V8
// waits longer by itself, and no longer has this flag.
if (process.version.startsWith("v20.")) v8.setFlagsFromString("--interrupt-budget=1000000");

// a promise that learner code leaves rejected, or an error it throws later, must not end the process: the next step
// would be blamed. What is passed to the handlers is never inspected.
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
process.stdin.on("data", frameDecoder(handle));
send({ ready: true });

/**
 * Three requests: { type: "library" } with the script that every context runs first as body, without an answer;
 * { type: "load", step, timeout, most } with a step's bundle as body, without an answer; and
 * { type: "call", step, timeout, most, locate } with a request for the bundle as body, answered by
 * { step, status, printed, milliseconds, crowded } with the bundle's answer as body. Before learner code runs, and runs
 * again, { started, step, printed } says so: "load" or "call", and what it printed before.
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
  const most = Number(header["most"]);
  const locate = Number(header["locate"]);
  const text = body.toString(header["type"] === "load" ? "utf8" : "utf16le");
  if (header["type"] === "load") load(step, text, timeout, most);
  else call(step, text, timeout, most, locate);
}

/**
 * @param {string} step
 * @param {string} bundle
 * @param {number} timeout milliseconds of processor time
 * @param {number} most milliseconds of wall-clock time
 */
function load(step, bundle, timeout, most) {
  /** @type {Load} */
  const loading = (wall) => {
    const context = createContext();
    return { context, ...run(context, bundle, `step:${step}`, wall) };
  };
  const { context, status, milliseconds } = within(step, "load", timeout, most, loading);
  const failure = { step, status, printed: "", milliseconds };
  steps.set(step, { context, load: loading, ...(status !== "answered" && { failure }) });
}

/**
 * @param {string} step
 * @param {string} request
 * @param {number} timeout milliseconds of processor time
 * @param {number} most milliseconds of wall-clock time
 * @param {number} locate how long a loop is run again so that it can be interrupted and located; 0 for not at all
 */
function call(step, request, timeout, most, locate) {
  const known = steps.get(step);
  if (!known) return answer({ step, status: "failed", printed: "", milliseconds: 0 }, "", 0, () => {});
  if (known.failure) {
    const printed = printedIn(known.context);
    return answer({ ...known.failure, printed }, "", locate, () => known.load(most));
  }
  let { context } = known;
  /** @param {number} wall */
  const calling = (wall) => {
    if (!put(context, "__request", request)) return { status: "failed", value: undefined, milliseconds: 0 };
    const result = run(context, "__answer(__request)", "call", wall);
    put(context, "__request", "");
    return result;
  };
  const { status, value, milliseconds } = within(step, "call", timeout, most, (wall, isAgain) => {
    // the second run should not meet what the first one left behind
    if (isAgain) context = known.context = known.load(most).context;
    return { context, ...calling(wall) };
  });
  const text = typeof value === "string" ? value : "";
  const isTooLarge = 2 * text.length > LARGEST_ANSWER;
  answer(
    { step, status: isTooLarge ? "too-large" : status, printed: printedIn(context), milliseconds },
    isTooLarge ? "" : text,
    locate,
    () => calling(most),
  );
}

/**
 * Runs something within a limit of processor time. V8 only accepts a limit of wall-clock time: code that it ends while
 * the machine was busy elsewhere is run again, with as much more time as it was kept waiting.
 *
 * @template {Ran & { context: vm.Context }} R
 * @param {string} step
 * @param {"load" | "call"} started what is reported to the grader
 * @param {number} timeout milliseconds of processor time
 * @param {number} most milliseconds of wall-clock time
 * @param {(wall: number, isAgain: boolean) => R} running
 * @returns {R}
 */
function within(step, started, timeout, most, running) {
  let printed = "";
  for (let wall = timeout; ;) {
    send({ started, step, printed });
    const before = usage();
    const result = running(wall, wall > timeout);
    const used = usage();
    const processor = used.milliseconds - before.milliseconds;
    const wasBusyElsewhere = processor < USED_UP * timeout && used.interrupted - before.interrupted >= KEPT_WAITING;
    if (result.status !== "timeout" || !wasBusyElsewhere || wall >= most) return result;
    printed = printedIn(result.context);
    wall = Math.min(most, Math.ceil((1.5 * wall * timeout) / Math.max(processor, 1)));
  }
}

/** The processor time of this process in milliseconds, and how often the system preempted it. */
function usage() {
  const { userCPUTime, systemCPUTime, involuntaryContextSwitches } = process.resourceUsage();
  // Windows does not count them
  const interrupted = process.platform === "win32" ? performance.now() : involuntaryContextSwitches;
  return { milliseconds: (userCPUTime + systemCPUTime) / 1000, interrupted };
}

/**
 * Answers a call. Code that ran out of time is then run again: the grader interrupts it, and the system writes a stack
 * trace to standard error.
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
    // WebAssembly is for the tensors' own kernels; it can only compute
    codeGeneration: { strings: false, wasm: true },
  });
  vm.runInContext(SET_UP, context);
  library?.runInContext(context);
  vm.runInContext(TAKE_AWAY, context);
  return context;
}

/**
 * Runs code in a context. What it throws is dropped without being inspected: the bundle reports its own errors in its
 * answer, so only running out of time, or breaking the bundle itself, ends up here.
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

/**
 * Sets one of a context's two texts; false if the code in it has made that impossible.
 *
 * @param {vm.Context} context
 * @param {"__request" | "__printed"} name
 * @param {string} text
 */
function put(context, name, text) {
  try {
    context[name] = text;
    return context[name] === text;
  } catch {
    return false;
  }
}

/** Whether so much memory is in use that the next step could run out of it. */
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
  put(context, "__printed", "");
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
