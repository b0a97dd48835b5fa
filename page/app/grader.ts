import { openFrame, type LearnerFrame } from "../frame/frame.ts";
import type { FromGrader, PageResult, ToGrader } from "../protocol.ts";
import type { Site } from "../site.ts";

declare const SITE: Pick<Site, "grader" | "library">;

/** What is asked of the grader. */
export interface Grading {
  /** The tree's texts by file: those of the asked steps, of the steps of their chain, and of what they import. */
  files: Readonly<Record<string, string>>;
  /** The ids of the steps to grade. */
  steps: readonly string[];
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
}

interface Waiting {
  progress: (step: string) => void;
  resolve: (results: readonly PageResult[]) => void;
  reject: (error: unknown) => void;
}

/** Starts the grader, and the frame that it runs learner code in. */
export function startGrader(): Grader {
  const worker = new Worker(new URL(SITE.grader, location.href));
  const tell = (message: ToGrader, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let frame: LearnerFrame | undefined;

  const renewFrame = async (): Promise<void> => {
    frame?.remove();
    try {
      frame = await openFrame(await loadLibrary());
      tell({ frame: frame.port }, [frame.port]);
    } catch (error) {
      tell({ noFrame: error instanceof Error ? error.message : String(error) });
    }
  };

  worker.onmessage = ({ data }: MessageEvent<FromGrader>) => {
    if ("frameNeeded" in data) return void renewFrame();
    if ("progress" in data) return waiting.get(data.progress)?.progress(data.step);
    const id = "result" in data ? data.result : data.failed;
    const one = waiting.get(id);
    waiting.delete(id);
    if ("result" in data) one?.resolve(data.results);
    else one?.reject(new GraderError(data.why));
  };
  worker.onerror = (event) => {
    const error = new GraderError(`the grader does not start: ${event.message ?? "its file cannot be loaded"}`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };

  return {
    grade: ({ files, steps, keepGradients = false, progress = () => {}, signal }) =>
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
        tell({ grade: id, files, steps, keepGradients });
      }),
  };
}

let library: Promise<string> | undefined;

function loadLibrary(): Promise<string> {
  library ??= fetch(new URL(SITE.library, location.href)).then((response) => {
    if (!response.ok) throw new GraderError(`${SITE.library} cannot be loaded (${response.status})`);
    return response.text();
  });
  library.catch(() => (library = undefined));
  return library;
}
