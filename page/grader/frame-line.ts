import { nothingRuns } from "../frame/nothing-runs.ts";
import type { FromFrame, FromLearner, ToFrame } from "../protocol.ts";

/** How long a living frame may take to answer, in milliseconds: it does nothing but pass messages on. */
const SILENT_MS = 5000;
/** How often it is asked while something runs in it, in milliseconds. */
const PING_EVERY_MS = 1000;

/** What a worker in the frame does. */
export interface WorkerEvents {
  said(message: FromLearner): void;
  /** It is gone, alone or with its frame, or cannot be had at all. */
  gone(how: Gone): void;
}

/** How a worker went; `why` it cannot be started, for people. */
export type Gone = { what: "worker" | "frame" } | { what: "none"; why: string };

/** A worker in the frame. */
export interface LearnerWorker {
  load(script: string): void;
  call(request: string): void;
  end(): void;
}

/** The line to the frame that runs learner code: the page makes a new frame if one dies. */
export interface FrameLine {
  /** Starts a worker as soon as there is a frame. */
  start(events: WorkerEvents): LearnerWorker;
}

/** The line to frames, which come and go. */
export interface Frames extends FrameLine {
  /** Takes a new frame. */
  open(port: MessagePort): void;
  /** There is no frame: the browser does not let the page have one. */
  refuse(why: string): void;
}

/** @param need asks the page for a frame */
export function framesBy(need: () => void): Frames {
  let port: MessagePort | undefined;
  let isAsked = false;
  let last = 0;
  let heard = 0;
  let asked = 0;
  const waiting: ToFrame[] = [];
  const workers = new Map<number, WorkerEvents>();
  /** The workers that can load a script. */
  const ready = new WeakSet<WorkerEvents>();

  const tell = (message: ToFrame): void => {
    if (port) return port.postMessage(message);
    waiting.push(message);
    if (isAsked) return;
    isAsked = true;
    need();
  };
  const lose = (how: Gone): void => {
    port?.close();
    port = undefined;
    waiting.length = 0;
    const lost = [...workers.values()];
    workers.clear();
    for (const worker of lost) worker.gone(how);
  };
  setInterval(() => {
    if (!port || workers.size === 0) return;
    // a sleeping machine, or a page in the background, has not listened itself
    const now = performance.now();
    if (now - heard > SILENT_MS && now - asked < 2 * PING_EVERY_MS) return lose({ what: "frame" });
    asked = now;
    port.postMessage({ ping: now } satisfies ToFrame);
  }, PING_EVERY_MS);

  return {
    open(opened) {
      isAsked = false;
      port = opened;
      heard = performance.now();
      opened.onmessage = ({ data }: MessageEvent<FromFrame>) => {
        if (port !== opened) return;
        heard = performance.now();
        if ("pong" in data) return;
        if ("from" in data) {
          const one = workers.get(data.from);
          if (one && "ready" in data.said) ready.add(one);
          return one?.said(data.said);
        }
        const broken = workers.get(data.broken);
        workers.delete(data.broken);
        // before it is ready, no code of the learner can have ended it
        broken?.gone(
          ready.has(broken) ? { what: "worker" } : { what: "none", why: nothingRuns("a worker for it does not start") },
        );
      };
      for (const message of waiting.splice(0)) opened.postMessage(message);
    },
    refuse(why) {
      isAsked = false;
      lose({ what: "none", why });
    },
    start(events) {
      last += 1;
      const id = last;
      workers.set(id, events);
      tell({ start: id });
      const ifThere = (message: ToFrame): void => {
        if (workers.has(id)) tell(message);
      };
      return {
        load: (script) => ifThere({ load: id, script }),
        call: (request) => ifThere({ call: id, request }),
        end: () => {
          ifThere({ end: id });
          workers.delete(id);
        },
      };
    },
  };
}
