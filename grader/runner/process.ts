import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { endBox, interruptBox, startBox, type Box } from "./box.ts";
import { encodeFrame, frameDecoder, type Frame } from "./frames.mjs";
import { limits as usual, type Limits } from "./limits.ts";
import { afterProcessorTime } from "./processor-time.ts";

/** What came back from one request. */
export interface RawAnswer {
  status: (typeof statuses)[number];
  /** The bundle's answer, to be unpacked and checked; empty unless answered. */
  body: Buffer;
  printed: string;
  milliseconds: number;
  /** The limit of what ran last, in milliseconds: the one for loading, or the call's own. */
  limit: number;
  /** Where the code was when its time ran out: a stack trace, if the system could take one. */
  stack: string;
}

const statuses = ["answered", "failed", "too-large", "timeout", "out-of-memory", "died"] as const;
type Status = RawAnswer["status"];

interface Request {
  step: string;
  bundle: string;
  body: Uint8Array | string;
  timeout: number;
  /** Whether it runs where other steps do. */
  together: boolean;
  /** What is running for it now: its bundle is being loaded, or called. */
  running: "load" | "call";
  /** What it printed when it was not given enough time, while it runs again. */
  printed: string;
  /** Whether it has had its second try, alone in a new process. */
  isRetry: boolean;
  /** The answer of a request that ran out of time, while it runs again to show where. */
  late: RawAnswer | undefined;
  resolve: (answer: RawAnswer) => void;
  reject: (error: Error) => void;
}

/** The learner process cannot run at all: a fault of the installation, not of an exercise. */
export class RunnerError extends Error {
  override name = "RunnerError";
}

const nothing = { body: Buffer.alloc(0), printed: "", milliseconds: 0, stack: "" };
/** How much of what the process writes to standard error is kept: V8's last words, or a stack. */
const ERRORS_KEPT = 16_000;

const running = new Set<LearnerProcess>();

let stopHandler: ((signal: NodeJS.Signals) => void) | undefined;

/** Sets what Ctrl-C does instead of ending the program: a run has something to save. Undefined restores the default. */
export function onStop(handler: ((signal: NodeJS.Signals) => void) | undefined): void {
  stopHandler = handler;
}

/** Ends every learner process, whatever it is doing. */
export function endLearners(): void {
  for (const learner of running) learner.close();
  prepared.clear();
}

/** Makes learner processes end with this one, and lets none of them open this one to inspection. */
export function tieLearnerProcesses(): void {
  process.on("exit", endLearners);
  for (const [signal, number] of [
    ["SIGHUP", 1],
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const) {
    process.on(signal, () => {
      if (stopHandler) return stopHandler(signal);
      endLearners();
      process.exit(128 + number);
    });
  }
  // by default, this signal opens the process to inspection, through which the references could be read
  if (process.platform !== "win32") process.on("SIGUSR1", () => {});
}

/**
 * A process that answers requests one after the other, and its replacement when one of them ends it. Requests can be
 * queued freely; an endless loop or a crash loses only its own request. If a request fails in a process that has run
 * another step before, it is tried again in a new one, so that no step is blamed for what another left behind.
 */
export class LearnerProcess {
  readonly #box: Box;
  readonly #startChild: () => ChildProcess;
  #library = "";
  #child!: ChildProcess;
  #ready = false;
  #errors = "";
  /** The steps it has loaded, and whether into the context that steps have together. */
  #loaded = new Map<string, boolean>();
  /** The steps whose code it has run. */
  #ran = new Set<string>();
  #queue: Request[] = [];
  #stopWaiting = (): void => {};
  readonly #limits: Limits;
  #isClosed = false;
  /** Why no process can be started, once that is known. */
  #failure: RunnerError | undefined;
  /** Why the process is being ended from here, if it is. */
  #ending: Status | undefined;

  /**
   * Starts immediately, so that the process is ready by the time there is something to run.
   *
   * @param start starts the process; the box's own by default
   */
  constructor(box: Box, start = (): ChildProcess => startBox(box), limits: Limits = usual) {
    this.#box = box;
    this.#limits = limits;
    this.#startChild = start;
    running.add(this);
    this.#start();
  }

  /** Gives it the script that every exercise runs on (see bundle.ts), before the first call. */
  provide(library: string): void {
    this.#library = library;
    this.#sendLibrary();
  }

  /**
   * Sends a request to a step's bundle. It is never answered once the process is closed.
   *
   * @param timeout milliseconds of processor time, without loading
   * @param together whether the step runs in the hardened context that steps have together; in a new one of its own by
   *   default, and each time that this changes
   * @throws RunnerError if the process cannot be started
   */
  call(step: string, bundle: string, body: Uint8Array | string, timeout: number, together = false): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#isClosed) return;
      if (this.#failure) return reject(this.#failure);
      const begun = { running: "load", printed: "", isRetry: false, late: undefined } as const;
      const request: Request = { step, bundle, body, timeout, together, ...begun, resolve, reject };
      this.#queue.push(request);
      this.#send(request);
      if (this.#queue.length === 1) this.#watch(this.#limits.loadMs);
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#stopWaiting();
    running.delete(this);
    this.#child.removeAllListeners("close");
    endBox(this.#child);
  }

  #start(): void {
    this.#ready = false;
    this.#errors = "";
    this.#ending = undefined;
    this.#loaded.clear();
    this.#ran.clear();
    const child = this.#startChild();
    this.#child = child;
    const decode = frameDecoder((frame) => {
      if (child === this.#child && !this.#isClosed) this.#receive(frame);
    });
    (child.stdio[3] as Readable).on("data", (chunk: Buffer) => {
      if (this.#ending) return;
      try {
        decode(chunk);
      } catch {
        // nothing that follows can be read; the current request fails
        this.#end("died");
      }
    });
    child.stderr!.on("data", (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(0, ERRORS_KEPT);
    });
    child.stdin!.on("error", () => {}); // the process is gone; "close" reports it
    child.on("error", (error) => this.#fail(error.message));
    // "close" comes after everything that the process wrote has been read
    child.on("close", (code, signal) => this.#closed(code, signal));
  }

  #sendLibrary(): void {
    this.#child.stdin!.write(encodeFrame({ type: "library" }, Buffer.from(this.#library)));
  }

  #send({ step, bundle, body, timeout, together }: Request): void {
    const stdin = this.#child.stdin!;
    if (this.#loaded.get(step) !== together) {
      this.#loaded.set(step, together);
      const header = { type: "load", step, together, ...this.#clock(this.#limits.loadMs) };
      stdin.write(encodeFrame(header, Buffer.from(bundle)));
    }
    stdin.write(encodeFrame({ type: "call", step, ...this.#clock(timeout) }, body));
  }

  #limitOf({ running, timeout }: Request): number {
    return running === "load" ? this.#limits.loadMs : timeout;
  }

  /** A limit, whose last part is reserved for locating a loop if that is possible. */
  #clock(limit: number): { timeout: number; most: number; locate: number } {
    const locate = this.#box === "plain" ? this.#limits.locateMs : 0;
    return { timeout: limit - locate, most: this.#limits.clock * limit, locate };
  }

  #receive({ header, body }: Frame): void {
    if (!this.#ready) {
      this.#ready = true;
      performance.mark("process ready");
      this.#watch(this.#limits.loadMs);
      return;
    }
    const [request] = this.#queue;
    if (!request || header["step"] !== request.step) return this.#end("died");
    if (header["started"] !== undefined) {
      this.#ran.add(request.step);
      request.running = header["started"] === "load" ? "load" : "call";
      request.printed = typeof header["printed"] === "string" ? header["printed"] : "";
      this.#watch(this.#limitOf(request));
      return;
    }
    const status = statuses.find((known) => known === header["status"]) ?? "died";
    const printed = typeof header["printed"] === "string" ? header["printed"] : "";
    const milliseconds = Number(header["milliseconds"]) || 0;
    const limit = this.#limitOf(request);
    const answer: RawAnswer = request.late ?? { status, body, printed, milliseconds, limit, stack: "" };
    if (header["locating"] === true && !request.late) {
      request.late = answer;
      this.#after(this.#limits.locateMs, () => this.#interrupt());
    } else if (answer.status === "timeout" || answer.status === "out-of-memory" || header["crowded"] === true) {
      // it may have left something behind, or run into what others left: the next request gets a new process
      request.late = answer;
      this.#end(answer.status);
    } else {
      this.#queue.shift();
      request.resolve(answer);
      this.#watch(this.#limits.loadMs);
    }
  }

  /** Ends the process if the running code exceeds its limit and the process does not stop it in time. */
  #watch(limit: number): void {
    const end = (): void => (this.#box === "plain" ? this.#interrupt() : this.#end("timeout"));
    this.#after(limit + this.#limits.graceMs, end);
  }

  /** Does something to the current request once its process has used up some time, unless it has been answered. */
  #after(milliseconds: number, act: () => void): void {
    this.#stopWaiting();
    const [request] = this.#queue;
    if (!request || !this.#ready) return;
    const child = this.#child;
    this.#stopWaiting = afterProcessorTime(child.pid, milliseconds, this.#limits.clock, () => {
      // an answer may be waiting to be read if this process was busy: let it in first
      setImmediate(() => setImmediate(() => this.#queue[0] === request && this.#child === child && act()));
    });
  }

  /** Makes the process report where it is, and end; then kills it. */
  #interrupt(): void {
    this.#ending ??= "timeout";
    interruptBox(this.#child);
    this.#after(this.#limits.graceMs, () => endBox(this.#child));
  }

  #end(why: Status): void {
    this.#ending ??= why;
    endBox(this.#child);
  }

  #closed(code: number | null, signal: string | null): void {
    this.#stopWaiting();
    if (!this.#ready) return this.#fail(this.#errors || `it ended at once (${signal ?? code})`);
    const [request] = this.#queue;
    if (request) {
      const status = this.#ending ?? (ranOutOfMemory(this.#errors, signal) ? "out-of-memory" : "died");
      const limit = this.#limitOf(request);
      const answer: RawAnswer = {
        ...nothing,
        printed: request.printed,
        status,
        limit,
        ...request.late,
        stack: this.#errors,
      };
      if (this.#isToBeTriedAgain(request, answer)) {
        request.isRetry = true;
        request.late = undefined;
      } else {
        this.#queue.shift();
        request.resolve(answer);
      }
    }
    this.#start();
    this.#sendLibrary();
    for (const waiting of this.#queue) this.#send(waiting);
  }

  /**
   * Whether its stack trace does not show it: because of another step whose code has run here before, or because it was
   * interrupted before it ran again, as a machine that stands still uses up time as well.
   */
  #isToBeTriedAgain({ step, isRetry }: Request, { status, stack }: RawAnswer): boolean {
    if (isRetry || stack.includes(`step:${step}:`)) return false;
    const others = [...this.#ran].filter((other) => other !== step);
    return others.length > 0 || (status === "timeout" && stack !== "");
  }

  /** Rejects what was asked, and what will be. */
  #fail(reason: string): void {
    const error = new RunnerError(`the process that runs the exercises cannot be started: ${reason.trim()}`);
    this.#failure ??= error;
    for (const request of this.#queue.splice(0)) request.reject(error);
  }
}

/** Processes that were started before there was something to run. */
const prepared = new Map<Box, LearnerProcess>();

/** Starts a process for the next takeLearner: a grader that grades again and again need not wait for it. */
export function prepareLearner(box: Box): void {
  if (!prepared.has(box)) prepared.set(box, new LearnerProcess(box));
}

/** A process in which nothing has run yet: the prepared one, if there is one. */
export function takeLearner(box: Box): LearnerProcess {
  const learner = prepared.get(box) ?? new LearnerProcess(box);
  prepared.delete(box);
  return learner;
}

/** V8 aborts when its heap is full; the kernel kills the process when the machine's memory is. */
function ranOutOfMemory(errors: string, signal: string | null): boolean {
  return /out of memory|Allocation failed/i.test(errors) || signal === "SIGABRT" || signal === "SIGKILL";
}
