import type { Bundle, Learner, LearnerAnswer } from "../../grader/grading/host.ts";
import { limits } from "../../grader/grading/limits.ts";
import type { GuestError, GuestRequest, GuestResponse, Message } from "../../grader/grading/messages.ts";
import { messageIn, textOf } from "../message-text.ts";
import type { Said } from "../protocol.ts";
import { scriptName } from "./compile/bundle.ts";
import { errorWords, refusalWords } from "./engine-words.ts";
import type { Place } from "./compile/stack.ts";
import type { FrameLine } from "./frame-line.ts";
import { Runner, type Clock, type Ran } from "./runner.ts";

/** How many workers with a step's code are kept for further questions: each can have 128 MB of memory. */
const KEPT = 3;

/** Workers for learner code: one for each context, of which the latest are kept, and a spare one that is ready. */
export class Workers {
  readonly #frame: FrameLine;
  readonly #clock: Clock;
  #spare: Runner | undefined;

  constructor(frame: FrameLine, clock: Clock) {
    this.#frame = frame;
    this.#clock = clock;
  }

  /** A worker in which nothing has run yet. */
  take(): Runner {
    const runner = this.#spare?.isAlive === true ? this.#spare : new Runner(this.#frame, this.#clock);
    this.#spare = undefined;
    return runner;
  }

  /** Starts a worker for the next take, if there is none. */
  prepare(): void {
    if (this.#spare?.isAlive !== true) this.#spare = new Runner(this.#frame, this.#clock);
  }
}

/**
 * Workers as a learner of grading: one question after another, each to the worker of its context.
 *
 * @param asked is told each context that has answered
 */
export function learnerOf(workers: Workers, asked: (context: string) => void = () => {}): Learner {
  workers.prepare();
  /** By context, the latest last. */
  const running = new Map<string, Runner>();
  let isClosed = false;
  let last: Promise<unknown> = Promise.resolve();

  const loaded = async (context: string, { code }: Bundle): Promise<Runner | Ran> => {
    const known = running.get(context);
    if (known?.isAlive) {
      running.delete(context);
      running.set(context, known);
      return known;
    }
    const runner = workers.take();
    running.set(context, runner);
    const problem = await runner.load(code, limits.loadMs);
    for (const [other, runner] of [...running].slice(0, -KEPT)) {
      runner.end();
      running.delete(other);
    }
    if (!isClosed) workers.prepare();
    return problem ?? runner;
  };

  const once = async (context: string, bundle: Bundle, request: string, limitMs: number): Promise<[Ran, string]> => {
    const runner = await loaded(context, bundle);
    const ran = runner instanceof Runner ? await runner.call(request, limitMs) : runner;
    const url = running.get(context)?.url ?? "";
    if (ran.status !== "said") {
      running.get(context)?.end();
      running.delete(context);
    }
    return [ran, url];
  };
  const asking = async (context: string, bundle: Bundle, request: string, limitMs: number): Promise<LearnerAnswer> => {
    let [ran, url] = await once(context, bundle, request, limitMs);
    // the frame may have been dead before, or something else may have ended it
    if (ran.status === "frame-died" && !isClosed) [ran, url] = await once(context, bundle, request, limitMs);
    const answer = answerOf(ran, context, url);
    if (answer.status !== "timeout" || isClosed) return answer;
    const place = await loopOf(bundle, request);
    return place ? { ...answer, stack: stackAt(context, place) } : answer;
  };
  /** The loop that a script was in when its time was over. */
  const loopOf = async ({ code }: Bundle, request: string): Promise<Place | undefined> => {
    const { loopIn, watched } = await import("./compile/loops.ts");
    const script = watched(code);
    if (script === undefined) return undefined;
    const runner = workers.take();
    running.set("", runner);
    const ran = (await runner.load(script, limits.loadMs)) ?? (await runner.call(request, limits.callsMs));
    runner.end();
    running.delete("");
    return ran.status === "said" ? loopIn(String(ran.said.answer)) : undefined;
  };

  return {
    ask(context, bundle, request: Message<GuestRequest>, limitMs) {
      const text = textOf(request);
      const answer = last.then(async () => {
        if (isClosed) return new Promise<LearnerAnswer>(() => {});
        const found = await asking(context, bundle, text, limitMs);
        asked(context);
        return isClosed ? new Promise<LearnerAnswer>(() => {}) : found;
      });
      last = answer;
      return answer;
    },
    close() {
      isClosed = true;
      for (const runner of running.values()) runner.end();
      running.clear();
    },
  };
}

const nothing = { printed: "", milliseconds: 0 };

/** Nothing can be run at all, whatever the code. */
export class NoWorkers extends Error {
  override name = "NoWorkers";
}

/** @throws NoWorkers */
function answerOf(ran: Ran, context: string, url: string): LearnerAnswer {
  switch (ran.status) {
    case "said":
      return readSaid(ran.said, context, url);
    case "timeout":
      return { ...nothing, status: "timeout", limitMs: ran.limitMs, stack: "" };
    case "refused":
      return { ...nothing, status: "refused", said: refusalWords(ran.said), stack: stackAt(context, ran) };
    case "died":
      return { ...nothing, status: "died" };
    case "none":
      throw new NoWorkers(ran.why);
    case "frame-died":
      // nothing but a full memory ends all of a frame
      return { ...nothing, status: "out-of-memory" };
  }
}

/** A place of a script, as a stack trace names it. */
function stackAt(context: string, { line, column }: Place): string {
  return `    at ${scriptName(context)}:${line}:${column}`;
}

function readSaid({ status, answer, printed, milliseconds }: Said, context: string, url: string): LearnerAnswer {
  const run = { printed: String(printed).slice(0, limits.printed), milliseconds: Number(milliseconds) || 0 };
  if (status === "too-large") return { ...run, status, largest: limits.messageBytes };
  if (status !== "answered") return { ...run, status: "unreadable" };
  try {
    const message = messageIn<GuestResponse>(String(answer));
    return { ...run, status, message: inOurWords(message, context, url) };
  } catch {
    return { ...run, status: "unreadable" };
  }
}

/** An answer with errors in V8's words, and with the script's name in stack traces instead of a URL, as some engines give it. */
function inOurWords(message: Message<GuestResponse>, context: string, url: string): Message<unknown> {
  const rename = <E extends object>(error: E): E => {
    const { text, stack } = error as Partial<GuestError>;
    if (typeof text !== "string" || typeof stack !== "string") return error;
    const named = url === "" ? stack : stack.replaceAll(url, scriptName(context));
    return { ...error, text: errorWords(text), stack: named };
  };
  const { header } = message;
  if ("answers" in header && Array.isArray(header.answers)) {
    return { ...message, header: { ...header, answers: header.answers.map(rename) } };
  }
  if ("failure" in header && header.failure)
    return { ...message, header: { ...header, failure: rename(header.failure) } };
  return message;
}
