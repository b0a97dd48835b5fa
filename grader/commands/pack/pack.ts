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
  /** Where it can be added to what is there already; by default only an empty folder is filled. */
  readonly into?: Into;
  /** What to do with it, in lines. */
  readonly next: readonly string[];
}

/** A folder of the instructor's own that a pack can be added to. */
export interface Into {
  /** The file by which such a folder is known. */
  readonly mark: string;
  /** A folder of the pack that is replaced. */
  readonly replaced: string;
  /** A folder of the pack that stays as it is if it is there: the instructor may have changed it. */
  readonly kept: string;
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
