import { openFrame, type LearnerFrame } from "../frame/frame.ts";
import { loadLibrary } from "../frame/library.ts";
import type { Trace } from "../../grader/report/ladder/ladder.ts";
import type { NamedLadder } from "../../grader/report/ladder/ladders.ts";
import type { CoachAnswers, CoachProgress, CoachQuestion } from "../coach/protocol.ts";
import { messageOf } from "../message-of.ts";
import type { FromGrader, PageResult, ToGrader } from "../protocol.ts";
import type { Site } from "../site.ts";
import type { FileNotes } from "../types/protocol.ts";
import { WHOLE } from "../grader/whole-worker.ts";
import { isWhole } from "./whole.ts";

declare const SITE: Pick<Site, "grader">;

/** What is asked of the grader. */
export interface Grading {
  /** The tree's texts by file: those of the asked steps, of the steps of their chain, and of what they import. */
  files: Readonly<Record<string, string>>;
  /** The ids of the steps to grade. */
  steps: readonly string[];
  /** What the type checker says about files, by file: results contain what their verdicts do not explain. */
  notes?: FileNotes | undefined;
  /** Whether results include the gradients to draw; not by default. */
  keepGradients?: boolean;
  /** Is told each step that has been asked something. */
  progress?: (step: string) => void;
  /** Ends it. */
  signal?: AbortSignal;
}

/** Grading could not be done, whatever the files contain; the message is for people. */
export class GraderError extends Error {
  override name = "GraderError";
}

/** The grader, in a worker of its own. */
export interface Grader {
  /**
   * @throws GraderError if nothing can be run
   * @throws the signal's reason if it is ended
   */
  grade(grading: Grading): Promise<readonly PageResult[]>;
  /**
   * The ladder that a step is on; undefined if it is on none.
   *
   * @throws GraderError if it cannot be made
   */
  ladder(step: string): Promise<NamedLadder | undefined>;
  /**
   * Follows an element of a ladder that was asked for.
   *
   * @throws GraderError if there is none
   */
  follow(ladder: string, tensor: string, place: number): Promise<Trace>;
  /**
   * Asks for anything else that is done with the learner's code.
   *
   * @param signal ends it; training is then answered as stopped, everything else never
   * @throws GraderError if nothing can be run
   */
  coach<Q extends CoachQuestion>(question: Q, coached: Coached): Promise<CoachAnswers[Q["what"]]>;
}

/** What a question to the coach comes with. */
export interface Coached {
  files: Readonly<Record<string, string>>;
  progress?: (progress: CoachProgress) => void;
  signal?: AbortSignal;
}

interface Waiting {
  progress?: (step: string) => void;
  coaching?: ((progress: CoachProgress) => void) | undefined;
  resolve: (value: never) => void;
  reject: (error: unknown) => void;
}

/** Starts the grader, and the frame that it runs learner code in. */
export function startGrader(): Grader {
  const worker = new Worker(new URL(SITE.grader, location.href), { type: "module", name: isWhole ? WHOLE : "" });
  // what is said before the worker listens is kept until it does
  let early: ToGrader[] | undefined = [];
  const tell = (message: ToGrader, transfer: Transferable[] = []): void => {
    if (early) early.push(message);
    else worker.postMessage(message, transfer);
  };
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let frame: LearnerFrame | undefined;

  const renewFrame = async (): Promise<void> => {
    frame?.remove();
    try {
      frame = await openFrame(await loadLibrary());
      tell({ frame: frame.port }, [frame.port]);
    } catch (error) {
      tell({ noFrame: messageOf(error) });
    }
  };

  const settle = (id: number, how: (one: Waiting) => void): void => {
    const one = waiting.get(id);
    waiting.delete(id);
    if (one) how(one);
  };
  /** Asks for one thing; its answer settles the promise. */
  const ask = <X>(message: (id: number) => ToGrader): Promise<X> =>
    new Promise<X>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      tell(message(last));
    });

  worker.onmessage = ({ data }: MessageEvent<FromGrader>) => {
    if ("ready" in data) {
      for (const message of early ?? []) worker.postMessage(message);
      early = undefined;
      return;
    }
    if ("frameNeeded" in data) return void renewFrame();
    if ("coaching" in data) return waiting.get(data.coaching)?.coaching?.(data.progress);
    if ("progress" in data) return waiting.get(data.progress)?.progress?.(data.step);
    if ("coached" in data) return settle(data.coached, ({ resolve }) => resolve(data.answer as never));
    if ("result" in data) settle(data.result, ({ resolve }) => resolve(data.results as never));
    else if ("ladderOf" in data) settle(data.ladderOf, ({ resolve }) => resolve(data.found as never));
    else if ("traceOf" in data) settle(data.traceOf, ({ resolve }) => resolve(data.trace as never));
    else settle(data.failed, ({ reject }) => reject(new GraderError(data.why)));
  };
  worker.onerror = (event) => {
    const error = new GraderError(`the grader does not start: ${event.message ?? "its file cannot be loaded"}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  return {
    ladder: (step) => ask((id) => ({ ladder: id, step })),
    follow: (of, tensor, place) => ask((id) => ({ follow: id, of, tensor, place })),
    coach: <Q extends CoachQuestion>(question: Q, { files, progress, signal }: Coached) => {
      const id = last + 1;
      const answer = ask<CoachAnswers[Q["what"]]>((id) => ({ coach: id, question, files }));
      waiting.get(id)!.coaching = progress;
      signal?.addEventListener("abort", () => tell({ cancel: id }));
      return answer;
    },
    grade: ({ files, steps, notes, keepGradients = false, progress = () => {}, signal }) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        last += 1;
        const id = last;
        waiting.set(id, { progress, resolve, reject });
        signal?.addEventListener("abort", () => {
          if (!waiting.delete(id)) return;
          tell({ cancel: id });
          reject(signal.reason);
        });
        tell({ grade: id, files, steps, notes, keepGradients });
      }),
  };
}
