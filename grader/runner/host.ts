import { realpathSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { Host } from "../grading/host.ts";
import type { Box } from "./box.ts";
import { bundleSteps } from "./bundle.ts";
import { graderIdentity } from "./identity.ts";
import { startLearner } from "./learner.ts";
import { readSource, sha256 } from "./source.ts";
import { typeNotes } from "./typecheck.ts";

/**
 * Node as a host: the tree's files are in a folder, its code runs in processes.
 *
 * @param root the tree's folder
 * @param checkTypes whether the type checker reads the tree, see typeNotes
 */
export function nodeHost(root: string, box: Box = "plain", checkTypes = false): Host {
  return {
    identity: `${graderIdentity} node ${process.versions.node} ${box}`,
    sources: {
      bundle: (steps) => bundleSteps(root, steps),
      text: (file) => textOf(root, file),
    },
    startLearner: () => startLearner(box),
    sha256,
    letAnswersIn: () => setImmediate(),
    notes: checkTypes ? (files) => typeNotes(root, files.map(ofThisGrader)) : undefined,
  };
}

/** A hash of a file's texts and of the grader that reads them, by which notes are cached. */
function ofThisGrader({ file, texts }: { file: string; texts: string }): { file: string; texts: string } {
  return { file, texts: Buffer.from(sha256(graderIdentity + texts)).toString("hex") };
}

/** The text of a learner's file; empty if it cannot be read. */
function textOf(root: string, file: string): string {
  try {
    return readSource(realpathSync(root), file) ?? "";
  } catch {
    return "";
  }
}
