import type { FromLearner, Said } from "../protocol.ts";
import type { FrameLine, LearnerWorker } from "./frame-line.ts";

/** What became of a script in a worker. */
export type Ran =
  | { status: "said"; said: Said }
  | { status: "timeout"; limitMs: number }
  /** The engine refused the script. */
  | { status: "refused"; said: string; line: number; column: number }
  /** The worker is gone: by itself, or with all of its frame. */
  | { status: "died" }
  | { status: "frame-died" }
  /** No worker can be started. */
  | { status: "none"; why: string };

/** A time limit: calls back when it is used up, unless it is stopped before. */
export type Clock = (milliseconds: number, end: () => void) => () => void;

/** One worker with one script. */
export class Runner {
  readonly #worker: LearnerWorker;
  readonly #clock: Clock;
  #hear: (message: FromLearner) => void = () => {};
  #lose: () => void = () => {};
  #goneWith: Ran | undefined;
  /** What stack traces call the script, if not by its own name. */
  url = "";

  constructor(frame: FrameLine, clock: Clock) {
    this.#clock = clock;
    this.#worker = frame.start({
      said: (message) => this.#hear(message),
      gone: (how) => {
        if (how.what === "none") this.#goneWith = { status: "none", why: how.why };
        else this.#goneWith = { status: how.what === "frame" ? "frame-died" : "died" };
        this.#lose();
      },
    });
  }

  /** Whether it can still be asked something. */
  get isAlive(): boolean {
    return this.#goneWith === undefined;
  }

  /** Loads a script; undefined if it is loaded. */
  load(script: string, limitMs: number): Promise<Ran | undefined> {
    this.#worker.load(script);
    return this.#until(limitMs, (message) => {
      if (!("loaded" in message)) return undefined;
      this.url = String(message.loaded);
      return { ran: undefined };
    });
  }

  call(request: string, limitMs: number): Promise<Ran> {
    this.#worker.call(request);
    return this.#until<Ran>(limitMs, (message) =>
      "answer" in message ? { ran: { status: "said", said: message } } : undefined,
    );
  }

  end(): void {
    this.#goneWith ??= { status: "died" };
    this.#worker.end();
  }

  /** Waits for a message; the limit counts from when the worker begins. */
  #until<R>(limitMs: number, read: (message: FromLearner) => { ran: R } | undefined): Promise<R | Ran> {
    return new Promise((resolve) => {
      if (this.#goneWith) return resolve(this.#goneWith);
      let stop = (): void => {};
      const finish = (ran: R | Ran): void => {
        stop();
        this.#hear = this.#lose = () => {};
        resolve(ran);
      };
      this.#lose = () => finish(this.#goneWith!);
      this.#hear = (message) => {
        if ("started" in message) {
          stop();
          stop = this.#clock(limitMs, () => finish({ status: "timeout", limitMs }));
        } else if ("refused" in message) {
          const { refused, line, column } = message;
          finish({ status: "refused", said: String(refused), line: Number(line), column: Number(column) });
        } else {
          const found = read(message);
          if (found) finish(found.ran);
        }
      };
    });
  }
}
