import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import { encodeFrame, frameDecoder, type Frame } from "./frames.mjs";
import { limits } from "./limits.ts";
import { endChild, startChild } from "./platform.ts";

/** What came back from one request. */
export interface RawAnswer {
  status: (typeof statuses)[number];
  /** The bundle's answer, to be unpacked and checked; empty unless answered. */
  body: Buffer;
  printed: string;
  milliseconds: number;
}

const statuses = ["answered", "failed", "timeout", "out-of-memory", "died"] as const;

interface Request {
  step: string;
  bundle: string;
  body: string;
  timeout: number;
  resolve: (answer: RawAnswer) => void;
  reject: (error: Error) => void;
}

/** The learner process could not be run at all: a fault of the installation, not of an exercise. */
export class RunnerError extends Error {
  override name = "RunnerError";
}

const nothing = { body: Buffer.alloc(0), printed: "", milliseconds: 0 };

/**
 * A process that answers requests one after the other, and its replacement when one of them ends it. Requests can be
 * queued freely; an endless loop or a crash costs its own request alone.
 */
export class LearnerProcess {
  #library = "";
  #child!: ChildProcess;
  #ready = false;
  #errors = "";
  #loaded = new Set<string>();
  #queue: Request[] = [];
  #timer: NodeJS.Timeout | undefined;
  /** Why the process is being ended from here, if it is. */
  #ending: "timeout" | "died" | undefined;

  /** Starts at once, so that it is up by the time there is something to run. */
  constructor() {
    this.#start();
  }

  /** Gives it the script that every exercise runs on (see bundle.ts), before the first call. */
  provide(library: string): void {
    this.#library = library;
    this.#sendLibrary();
  }

  /**
   * Sends a request to a step's bundle.
   *
   * @param timeout milliseconds of running time, loading apart
   * @throws RunnerError where the process cannot be started
   */
  call(step: string, bundle: string, body: string, timeout: number): Promise<RawAnswer> {
    return new Promise((resolve, reject) => {
      const request: Request = { step, bundle, body, timeout, resolve, reject };
      this.#queue.push(request);
      this.#send(request);
      if (this.#queue.length === 1) this.#watch();
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#child.removeAllListeners("close");
    endChild(this.#child);
  }

  #start(): void {
    this.#ready = false;
    this.#errors = "";
    this.#ending = undefined;
    this.#loaded.clear();
    const child = startChild();
    this.#child = child;
    const decode = frameDecoder((frame) => {
      if (child === this.#child) this.#receive(frame);
    });
    (child.stdio[3] as Readable).on("data", (chunk: Buffer) => {
      try {
        decode(chunk);
      } catch {
        // nothing that follows can be read; the request in hand fails
        this.#end("died");
      }
    });
    child.stderr!.on("data", (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString()).slice(-4000);
    });
    child.stdin!.on("error", () => {}); // it went away; "exit" says so
    child.on("error", (error) => this.#fail(error.message));
    // "close" comes after all that the process wrote has been read
    child.on("close", (code, signal) => this.#exited(code, signal));
  }

  #sendLibrary(): void {
    this.#child.stdin!.write(encodeFrame({ type: "library" }, Buffer.from(this.#library)));
  }

  #send({ step, bundle, body, timeout }: Request): void {
    const stdin = this.#child.stdin!;
    if (!this.#loaded.has(step)) {
      this.#loaded.add(step);
      stdin.write(encodeFrame({ type: "load", step, timeout: limits.loadMs }, Buffer.from(bundle)));
    }
    stdin.write(encodeFrame({ type: "call", step, timeout }, body));
  }

  #receive({ header, body }: Frame): void {
    if (!this.#ready) {
      this.#ready = true;
      this.#watch();
      return;
    }
    const [request] = this.#queue;
    if (!request || header["step"] !== request.step) return this.#end("died");
    this.#queue.shift();
    const status = statuses.find((known) => known === header["status"]) ?? "died";
    const printed = typeof header["printed"] === "string" ? header["printed"] : "";
    request.resolve({ status, body, printed, milliseconds: Number(header["milliseconds"]) || 0 });
    this.#watch();
  }

  /** Gives the request in hand its time; the process ends its own code at the limit, and is ended here after it. */
  #watch(): void {
    clearTimeout(this.#timer);
    const [request] = this.#queue;
    if (!request || !this.#ready) return;
    this.#timer = setTimeout(
      () => {
        // an answer may be waiting to be read, where this process was busy: let it in first
        setImmediate(() => setImmediate(() => this.#queue[0] === request && this.#end("timeout")));
      },
      limits.loadMs + request.timeout + limits.graceMs,
    );
  }

  #end(why: "timeout" | "died"): void {
    this.#ending ??= why;
    endChild(this.#child);
  }

  #exited(code: number | null, signal: string | null): void {
    clearTimeout(this.#timer);
    if (!this.#ready) return this.#fail(this.#errors || `it ended at once (${signal ?? code})`);
    const request = this.#queue.shift();
    request?.resolve({
      ...nothing,
      status: this.#ending ?? (ranOutOfMemory(this.#errors, signal) ? "out-of-memory" : "died"),
    });
    this.#start();
    this.#sendLibrary();
    for (const waiting of this.#queue) this.#send(waiting);
  }

  #fail(reason: string): void {
    const error = new RunnerError(`the process that runs the exercises cannot be started: ${reason.trim()}`);
    for (const request of this.#queue.splice(0)) request.reject(error);
  }
}

/** V8 aborts when its heap is full; the kernel kills where the machine's memory is. */
function ranOutOfMemory(errors: string, signal: string | null): boolean {
  return /out of memory|Allocation failed/i.test(errors) || signal === "SIGABRT" || signal === "SIGKILL";
}
