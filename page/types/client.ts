import { fetchedJson } from "../fetched.ts";
import type { SiteTypes } from "../site.ts";
import type { FileNotes, FromChecker, Library, ToChecker } from "./protocol.ts";

/** The type checker, in a worker of its own. */
export interface TypeChecker {
  /**
   * The notes on some files of a tree, which can import its other texts.
   *
   * @throws Error if it has failed, or takes too long: then it has ended
   */
  check(files: readonly string[], texts: Readonly<Record<string, string>>): Promise<FileNotes>;
  /** Ends it. Open questions stay unanswered. */
  end(): void;
}

/** Types can make a compiler compute without an end: after so many milliseconds it is ended. */
const LONGEST_MS = 20_000;

/**
 * Loads the type checker, and what it knows of the language and of tensors.
 *
 * @throws Error if one of them cannot be loaded
 */
export async function startChecker({ worker: script, library }: SiteTypes): Promise<TypeChecker> {
  const worker = new Worker(new URL(script, location.href));
  const tell = (message: ToChecker): void => worker.postMessage(message);
  /** What each open question does with its answer. */
  const waiting = new Map<number, (answer: FromChecker | undefined) => void>();
  let last = 0;

  const isReady = new Promise<void>((resolve, reject) => {
    worker.onerror = () => reject(new Error(`${script} cannot be loaded`));
    worker.onmessage = ({ data }: MessageEvent<FromChecker>) => {
      if ("ready" in data) return resolve();
      waiting.get("notes" in data ? data.notes : data.failed)?.(data);
    };
  });
  const end = (): void => worker.terminate();
  try {
    await Promise.all([fetchedJson<Library>(library).then((known) => tell({ library: known })), isReady]);
  } catch (error) {
    end();
    throw error;
  }

  return {
    end,
    check: (files, texts) =>
      new Promise((resolve, reject) => {
        last += 1;
        const id = last;
        const settle = (answer: FromChecker | undefined): void => {
          clearTimeout(late);
          waiting.delete(id);
          if (answer && "notes" in answer) return resolve(answer.found);
          end();
          reject(new Error(answer && "failed" in answer ? answer.why : "no answer"));
        };
        const late = setTimeout(settle, LONGEST_MS, undefined);
        waiting.set(id, settle);
        tell({ check: id, files, texts });
      }),
  };
}
