/**
 * The process that runs learner code. It is plain Node with as few rights as the system can enforce (see box.ts), has no
 * reference and judges nothing: bundles and inputs come in as frames on standard input, the code's answers go out as
 * frames on file descriptor 3.
 *
 * Bundles run in contexts, one after another in a hardened one (see harden.ts), or each in a context of its own. A request
 * goes in, and an answer comes out, as a string and an ArrayBuffer that belongs to the context. What learner code throws or
 * returns is never inspected here beyond what it is, because inspecting it can run its getters.
 */
import fs from "node:fs";
import { types } from "node:util";
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
 * Each step as it was loaded, a way to load its bundle again in a new context of its own and, if it did not load, the answer
 * to all its calls.
 *
 * @type {Map<string, Loaded & { failure?: import("./frames.mjs").Header, load: (timeout: number) => Loaded & Ran }>}
 * @typedef {{ context: vm.Context, answer: unknown, printed: string }} Loaded its context, the function there that answers
 *   for it, which is only ever called there, and what it printed since the last call
 * @typedef {{ status: string, value: unknown, milliseconds: number }} Ran
 */
const steps = new Map();

/**
 * The hardened context in which steps run one after another, once there is one.
 *
 * @type {vm.Context | undefined}
 */
let together;
/** Hardened contexts in which nothing runs any more: something ended early there, or what steps keep takes too much memory. */
const left = new WeakSet();

/** The variables of a context that are written from here: a request's line and bytes, what answers it, and what it prints. */
const VARIABLES = /** @type {const} */ (["__request", "__elements", "__answer", "__printed"]);
const WRITTEN = JSON.stringify(VARIABLES);
/** The ends of lines in UTF-16. */
const LINE_END = Buffer.from("\n", "utf16le");
/** Each context's own ArrayBuffer, taken before learner code runs: what it makes leads to nothing outside. */
const buffers = new WeakMap();
/** How each context's library says how much of its kernels' memory is in use, see guest.ts. */
const uses = new WeakMap();
/** How much of that memory steps may keep from the next one; those of the course use a tenth. */
const KEPT = 0.25;
/** The contexts whose kernels have memory: 128 MB each, which count as used whether they are or not. */
const heavy = new Set();
const MOST_HEAVY = 5;

/** What a context runs first. The variables are plain data that code cannot turn into accessors: using them runs nothing. */
const SET_UP = `
  for (const name of ${WRITTEN}) Object.defineProperty(globalThis, name, { value: "", writable: true });
  // an exercise cannot remove the lines that its errors point to
  Object.defineProperty(Error, "stackTraceLimit", { value: 50 });`;

/**
 * What a context runs after the library. It removes everything that can sleep, Atomics as well as WebAssembly's own wait,
 * which nothing interrupts: sleeping would look like a machine that is busy elsewhere. It also removes the functions of
 * WebAssembly that return Node's own objects. The library keeps what its kernels need.
 */
const TAKE_AWAY = `
  for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics"]) delete globalThis[name];`;

/** How a context's library hardens it for several steps, or else leaves no way to do so. */
const HARDEN = `{ const harden = __harden; delete globalThis.__harden; harden(${WRITTEN}); }`;
const LEAVE = `delete globalThis.__harden;`;
const HAND_OVER = `{ const used = __used; delete globalThis.__used; used; }`;

/** @type {vm.Script | undefined} */
let library;

// the process ends soon, and most functions run briefly: V8 would spend half as much time on optimizing them as on running
// them. Each has to run 15 times as long first, which a long loop does within milliseconds. From Node 22 on, V8 waits longer by
// itself, and no longer has this flag.
if (process.version.startsWith("v20.")) v8.setFlagsFromString("--interrupt-budget=1000000");

// a promise that learner code leaves rejected, or an error it throws later, must not end the process: the next step
// would be blamed. What is passed to the handlers is never inspected.
process.on("unhandledRejection", () => {});
process.on("uncaughtException", () => {});
process.stdin.on("data", frameDecoder(handle));
send({ ready: true });

/**
 * Three requests: { type: "library" } with the script that every context runs first as body, without an answer;
 * { type: "load", step, together, timeout, most } with a step's bundle as body, without an answer; and
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
  if (header["type"] === "load") load(step, body.toString("utf8"), timeout, most, header["together"] === true);
  else call(step, body, timeout, most, locate);
}

/**
 * @param {string} step
 * @param {string} bundle
 * @param {number} timeout milliseconds of processor time
 * @param {number} most milliseconds of wall-clock time
 * @param {boolean} isTogether whether it runs where other steps do
 */
function load(step, bundle, timeout, most, isTogether) {
  /** @param {number} wall @param {vm.Context} context */
  const loading = (wall, context = contextOfItsOwn()) => {
    const ran = run(context, bundle, `step:${step}`, wall);
    return { context, answer: context["__answer"], printed: printedIn(context), ...ran };
  };
  const { status, milliseconds, ...loaded } = within(step, "load", timeout, most, (wall, isAgain) =>
    loading(wall, isTogether && !isAgain ? contextForAll() : undefined),
  );
  const failure = { step, status, printed: "", milliseconds };
  steps.set(step, { ...loaded, load: loading, ...(status !== "answered" && { failure }) });
}

/**
 * @param {string} step
 * @param {Buffer} request a message, see packing.ts: its line in UTF-16, and its bytes
 * @param {number} timeout milliseconds of processor time
 * @param {number} most milliseconds of wall-clock time
 * @param {number} locate how long a loop is run again so that it can be interrupted and located; 0 for not at all
 */
function call(step, request, timeout, most, locate) {
  const known = steps.get(step);
  if (!known) return answer({ step, status: "failed", printed: "", milliseconds: 0 }, [], 0, () => {});
  const { printed } = known;
  known.printed = "";
  if (known.failure) return answer({ ...known.failure, printed }, [], locate, () => known.load(most));
  /** @param {number} wall */
  const calling = (wall) => {
    const { context } = known;
    const isReady = clear(context) && ask(context, request) && put(context, "__answer", known.answer);
    if (!isReady) return { printed: "", status: "failed", value: undefined, milliseconds: 0, elements: undefined };
    const result = run(context, "__answer(__request)", "call", wall);
    const elements = context["__elements"];
    const printed = printedIn(context);
    clear(context);
    return { printed, elements, ...result };
  };
  const called = within(step, "call", timeout, most, (wall, isAgain) => {
    // the second run should not meet what the first one left behind
    if (isAgain || left.has(known.context)) ({ context: known.context, answer: known.answer } = known.load(most));
    return calling(wall);
  });
  const line = typeof called.value === "string" ? called.value : "";
  const bytes = bytesOf(called.elements);
  const isTooLarge = 2 * line.length + bytes.length > LARGEST_ANSWER;
  answer(
    {
      step,
      status: isTooLarge ? "too-large" : called.status,
      printed: (printed + called.printed).slice(0, PRINT_LIMIT),
      milliseconds: called.milliseconds,
    },
    isTooLarge ? [] : [line, bytes],
    locate,
    () => calling(most),
  );
}

/**
 * Runs something within a limit of processor time. V8 only accepts a limit of wall-clock time: code that it ends while
 * the machine was busy elsewhere is run again, with as much more time as it was kept waiting.
 *
 * @template {Ran & { printed: string }} R
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
    ({ printed } = result);
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
 * @param {(Uint8Array | string)[]} body its parts
 * @param {number} locate see call
 * @param {() => unknown} again
 */
function answer(header, body, locate, again) {
  const locating = header["status"] === "timeout" && locate > 0;
  send({ ...header, locating, crowded: isCrowded() }, ...body);
  if (!locating) return;
  again();
  send(header);
}

/** The context in which steps run one after another: a new one if a step has made its variables unusable. */
function contextForAll() {
  if (together && !clear(together)) leave(together);
  if (!together) {
    together = createContext();
    vm.runInContext(HARDEN, together);
  }
  return together;
}

function contextOfItsOwn() {
  const context = createContext();
  vm.runInContext(LEAVE, context);
  return context;
}

/** Has no other step run where steps run together. @param {vm.Context} context anything else is no concern of it */
function leave(context) {
  if (context !== together) return;
  left.add(context);
  together = undefined;
}

function createContext() {
  // an ordinary context object would make Math-heavy loops 10 to 20 times slower
  const { DONT_CONTEXTIFY } = /** @type {any} */ (vm.constants);
  const context = vm.createContext(DONT_CONTEXTIFY, {
    microtaskMode: "afterEvaluate",
    // WebAssembly is for the tensors' own kernels; it can only compute
    codeGeneration: { strings: false, wasm: true },
  });
  buffers.set(context, context["ArrayBuffer"]);
  vm.runInContext(SET_UP, context);
  library?.runInContext(context);
  vm.runInContext(TAKE_AWAY, context);
  uses.set(context, vm.runInContext(HAND_OVER, context));
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
    const milliseconds = performance.now() - start;
    const used = uses.get(context)();
    if (used >= 0) heavy.add(context);
    if (used > KEPT) leave(context);
    return { status: "answered", value, milliseconds };
  } catch {
    const milliseconds = performance.now() - start;
    // promises may be waiting, and would go on when the next step runs
    leave(context);
    const status = milliseconds < timeout ? "failed" : isHeapFull() ? "out-of-memory" : "timeout";
    return { status, value: undefined, milliseconds };
  }
}

/**
 * Lets a context know a request; false if the code in it has made that impossible.
 *
 * @param {vm.Context} context
 * @param {Buffer} request
 */
function ask(context, request) {
  let end = request.indexOf(LINE_END);
  // the two bytes may be halves of two characters
  while (end % 2 === 1) end = request.indexOf(LINE_END, end + 1);
  const bytes = request.subarray(end + LINE_END.length);
  const elements = new (buffers.get(context))(bytes.length);
  new Uint8Array(elements).set(bytes);
  return put(context, "__request", request.toString("utf16le", 0, end)) && put(context, "__elements", elements);
}

/**
 * The bytes that a context has answered with; none if they are no bytes.
 *
 * @param {unknown} elements anything
 */
function bytesOf(elements) {
  try {
    // neither of the two looks at a property
    if (types.isArrayBuffer(elements)) return new Uint8Array(elements);
  } catch {
    // it has given its memory away
  }
  return new Uint8Array();
}

/**
 * Sets one of a context's variables; false if the code in it has made that impossible.
 *
 * @param {vm.Context} context
 * @param {(typeof VARIABLES)[number]} name
 * @param {unknown} value
 */
function put(context, name, value) {
  try {
    context[name] = value;
    return context[name] === value;
  } catch {
    return false;
  }
}

/**
 * Clears all of them, so that what runs next finds nothing there; false if that is impossible.
 *
 * @param {vm.Context} context
 */
function clear(context) {
  return VARIABLES.every((name) => put(context, name, ""));
}

/** Whether so much memory is in use that the next step could run out of it. */
function isCrowded() {
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers > MUCH || heapUsed > MUCH / 2 || heavy.size >= MOST_HEAVY;
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
 * @param {...(Uint8Array | string)} body
 */
function send(header, ...body) {
  let rest = encodeFrame(header, ...body);
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
