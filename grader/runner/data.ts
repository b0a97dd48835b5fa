import { createHash } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import path from "node:path";
import { NamesError, makeDataset, type Dataset } from "../course/makemore/dataset.ts";
import { lectureSizes } from "../course/makemore/parameters.ts";
import { readSafetensors, type Safetensors } from "../network/safetensors.ts";
import { RunnerError } from "./process.ts";
import { courseFolder, displayPath, projectRoot } from "./project.ts";
import { whyNot } from "./system.mjs";

/** The names that come with the course. */
export const shippedNames = path.join(projectRoot, "data", "names.txt");

/** The largest names file that is read, in bytes: seventy times the lecture's. */
const LARGEST_NAMES = 16_000_000;

/** A names file that has been read. */
export interface NamesFile {
  /** The path as reports show it. */
  path: string;
  sha256: string;
  /** Parsed when first needed; throws NamesError. */
  dataset: () => Dataset;
}

/**
 * @throws NamesError if the file cannot be read; dataset() throws it if nothing can be learned from the file
 */
export function readNames(file: string): NamesFile {
  const shown = displayPath(file);
  let bytes: Buffer;
  try {
    bytes = readUpTo(file, LARGEST_NAMES + 1);
  } catch (error) {
    throw new NamesError(`${shown}: cannot be read (${whyNot(error)}); is the path right?`);
  }
  if (bytes.length > LARGEST_NAMES) {
    throw new NamesError(
      `${shown}: is larger than ${LARGEST_NAMES / 1e6} million bytes, the most that is read; is it a list of names, one per line?`,
    );
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  let dataset: Dataset | undefined;
  return {
    path: shown,
    sha256,
    dataset: () => (dataset ??= makeDataset(bytes.toString("utf8"), shown, lectureSizes.block)),
  };
}

/** The first bytes of a file, or of a pipe, which has no size. */
function readUpTo(file: string, most: number): Buffer {
  const descriptor = openSync(file, "r");
  try {
    const parts: Buffer[] = [];
    for (let left = most; left > 0;) {
      const part = Buffer.alloc(Math.min(left, 2 ** 16));
      const count = readSync(descriptor, part);
      if (count === 0) break;
      parts.push(part.subarray(0, count));
      left -= count;
    }
    return Buffer.concat(parts);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * PyTorch's own forward tensors and gradients: "lecture" or "random-1" to "random-6".
 *
 * @throws RunnerError if the file is missing or damaged
 */
export function readTorch(name: string): Safetensors {
  const file = path.join(courseFolder, "data", "torch", `${name}.safetensors`);
  try {
    return readSafetensors(readFileSync(file));
  } catch (error) {
    const shown = displayPath(file);
    const what = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new RunnerError(`${shown} cannot be read (${what}); git checkout -- ${shown} restores it`);
  }
}
