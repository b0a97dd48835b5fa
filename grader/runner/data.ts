import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { NamesError, makeDataset, type Dataset } from "../model/dataset.ts";
import { lectureSizes } from "../model/parameters.ts";
import { readSafetensors, type Safetensors } from "../model/safetensors.ts";
import { displayPath, projectRoot } from "./project.ts";

/** The names that ship with the course. */
export const shippedNames = path.join(projectRoot, "data", "names.txt");

/** A names file, read. */
export interface NamesFile {
  /** The path as reports show it. */
  path: string;
  sha256: string;
  /** Parsed when it is first asked for; throws NamesError. */
  dataset: () => Dataset;
}

/**
 * @throws NamesError where the file cannot be read; dataset() where it cannot be learned from
 */
export function readNames(file: string): NamesFile {
  const shown = displayPath(file);
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw new NamesError(`${shown}: cannot be read (${(error as NodeJS.ErrnoException).code}); is the path right?`);
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  let dataset: Dataset | undefined;
  return {
    path: shown,
    sha256,
    dataset: () => (dataset ??= makeDataset(bytes.toString("utf8"), shown, lectureSizes.block)),
  };
}

/** PyTorch's own forward tensors and gradients: "lecture" or "random-1" to "random-6". */
export function readTorch(name: string): Safetensors {
  return readSafetensors(readFileSync(path.join(projectRoot, "data", "torch", `${name}.safetensors`)));
}
