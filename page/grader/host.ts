import { sha256 } from "@noble/hashes/sha2.js";
import type { Host, Learner, Store } from "../../grader/grading/host.ts";
import type { FileNotes } from "../types/protocol.ts";
import { bundle, type Texts } from "./compile/bundle.ts";

/** A hash of the grader's sources and the page's; put in by the build. */
declare const GRADER_IDENTITY: string;

/** Identifies the grader. */
export const graderIdentity: string = GRADER_IDENTITY;

/**
 * The browser as a host: the tree's files are texts in memory, its code runs in workers of a sandboxed frame.
 *
 * @param startLearner starts what runs the tree's code
 * @param notes what the type checker says about files, if types have been checked
 */
export function pageHost(texts: Texts, startLearner: () => Learner, store: Store, notes?: FileNotes): Host {
  return {
    identity: `${graderIdentity} ${navigator.userAgent}`,
    store,
    sources: {
      bundle: (steps) => Promise.resolve(new Map(steps.map((step) => [step.id, bundle(texts, step)]))),
      text: (file) => texts[file],
    },
    startLearner,
    sha256: (text) => sha256(new TextEncoder().encode(text)),
    letAnswersIn,
    notes: notes && ((files) => Promise.resolve(new Map(files.map(({ file }) => [file, [...(notes[file] ?? [])]])))),
  };
}

const { port1, port2 } = new MessageChannel();
const letIn: (() => void)[] = [];
port1.onmessage = () => letIn.shift()?.();

/** A message to oneself comes after those that have arrived already. */
export function letAnswersIn(): Promise<void> {
  return new Promise((resolve) => {
    letIn.push(resolve);
    port2.postMessage(0);
  });
}

/** Keeps results in memory, the latest of them. */
export function memoryStore(most = 5000): Store {
  const texts = new Map<string, string>();
  return {
    read: (name) => texts.get(name),
    write(name, text) {
      texts.delete(name);
      texts.set(name, text);
      for (const old of texts.keys()) {
        if (texts.size <= most) break;
        texts.delete(old);
      }
    },
  };
}
