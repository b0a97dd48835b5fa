import { setImmediate } from "node:timers/promises";
import type { Host, Learner, Store } from "../grading/host.ts";
import type { Box } from "./box.ts";
import { bundleSteps, bundleTree } from "./bundle.ts";
import { graderIdentity } from "./identity.ts";
import { startLearner } from "./learner.ts";
import { readableSource, realTree, sha256 } from "./source.ts";
import type { Tree } from "./tree.ts";
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
  const sources: Host["sources"] = {
    bundle: (steps) => bundleSteps(root, steps),
    text: (file) => readableSource(realTree(root), file),
  };
  return {
    ...hostOf(sources, box, store),
    notes: checkTypes ? (files) => typeNotes(root, files.map(ofThisGrader)) : undefined,
  };
}

/** The same for a tree wherever its files are; types are not checked. */
export function treeHost(tree: Tree, { box = "plain", store }: Omit<NodeHostOptions, "checkTypes"> = {}): Host {
  const text = (file: string): string | undefined => {
    try {
      return tree.read(file);
    } catch {
      return undefined;
    }
  };
  return hostOf({ bundle: (steps) => bundleTree(tree, steps), text }, box, store);
}

/**
 * Starts a learner that several use, and ends it when the last of them closes it: functions, training loops and programs run
 * in one process. Separate ones take longer on two processors: each has to start, and to optimize the tensors' code.
 */
function shared(start: () => Learner): () => Learner {
  let learner: Learner | undefined;
  let users = 0;
  return () => {
    const own = (learner ??= start());
    users += 1;
    let isClosed = false;
    return {
      ask: (...question) => own.ask(...question),
      apart: (...code) => own.apart?.(...code) ?? false,
      close() {
        if (isClosed) return;
        isClosed = true;
        users -= 1;
        if (users > 0) return;
        own.close();
        learner = undefined;
      },
    };
  };
}

function hostOf(sources: Host["sources"], box: Box, store: Store | undefined): Host {
  return {
    identity: [graderIdentity, process.version, process.platform, process.arch, box].join(" "),
    store,
    sources,
    startLearner: shared(() => startLearner(box)),
    sha256,
    letAnswersIn: () => setImmediate(),
  };
}

/** A hash of a file's texts and of the grader that reads them, under which notes are cached. */
function ofThisGrader({ file, texts }: { file: string; texts: string }): { file: string; texts: string } {
  return { file, texts: Buffer.from(sha256(graderIdentity + texts)).toString("hex") };
}
