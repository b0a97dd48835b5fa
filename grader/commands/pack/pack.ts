import type { PointsPerStep } from "../../class/points.ts";
import type { Step } from "../../kit/step.ts";

/** What a pack is asked for. */
export interface Asked {
  readonly steps: readonly Step[];
  readonly points: PointsPerStep;
  readonly withoutSolutions: boolean;
}

/** A file of a pack. */
export interface PackedFile {
  readonly bytes: Uint8Array;
  /** Whether it is a program. */
  readonly isProgram: boolean;
}

/** Files by their paths in the pack, with forward slashes. */
export type PackedFiles = ReadonlyMap<string, PackedFile>;

export interface Pack {
  readonly files: PackedFiles;
  /** What to do with it, in lines. */
  readonly next: readonly string[];
}

export function textFile(text: string, isProgram = false): PackedFile {
  return { bytes: new TextEncoder().encode(text), isProgram };
}

/** Files in a folder of the pack. */
export function inFolder(folder: string, files: PackedFiles): [string, PackedFile][] {
  return [...files].map(([file, packed]) => [`${folder}/${file}`, packed]);
}

/** The steps and what they are worth, as the packs' scripts read them: to be changed without packing again. */
export function settings({ steps, points }: Asked): [string, PackedFile][] {
  return [
    ["steps.txt", textFile(`${steps.map(({ id }) => id).join("\n")}\n`)],
    ["points.json", textFile(`${JSON.stringify(Object.fromEntries(points), null, 2)}\n`)],
  ];
}
