import { setImmediate } from "node:timers/promises";
import type { Host, Store } from "../grading/host.ts";
import type { Box } from "./box.ts";
import { bundleSteps } from "./bundle.ts";
import { graderIdentity } from "./identity.ts";
import { startLearner } from "./learner.ts";
import { readableSource, realTree, sha256 } from "./source.ts";
import { typeNotes } from "./typecheck.ts";

export interface NodeHostOptions {
  /** What the tree's code runs in; "plain" by default. */
  box?: Box;
  /** Whether the type checker reads the tree, see typeNotes; not by default. */
  checkTypes?: boolean;
  /** Keeps results; by default everything is run. */
  store?: Store | undefined;
}

/**
 * Node as a host: the tree's files are in a folder, its code runs in processes.
 *
 * @param root the tree's folder
 */
export function nodeHost(root: string, { box = "plain", checkTypes = false, store }: NodeHostOptions = {}): Host {
  return {
    identity: [graderIdentity, process.version, process.platform, process.arch, box].join(" "),
    store,
    sources: {
      bundle: (steps) => bundleSteps(root, steps),
      text: (file) => readableSource(realTree(root), file),
    },
    startLearner: () => startLearner(box),
    sha256,
    letAnswersIn: () => setImmediate(),
    notes: checkTypes ? (files) => typeNotes(root, files.map(ofThisGrader)) : undefined,
  };
}

/** A hash of a file's texts and of the grader that reads them, under which notes are cached. */
function ofThisGrader({ file, texts }: { file: string; texts: string }): { file: string; texts: string } {
  return { file, texts: Buffer.from(sha256(graderIdentity + texts)).toString("hex") };
}
