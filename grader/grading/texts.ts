import type { Host, SourceFile } from "./host.ts";

/** The parts of a host that hash. */
export type Digest = Pick<Host, "sha256">;

/** A hash of the names and texts of some files of a tree: 32 hexadecimal digits. */
export function hashOfTexts({ sha256 }: Digest, files: readonly SourceFile[]): string {
  // as JSON, so that no text can imitate the end of its file and the beginning of the next
  const whole = files.map(({ file, text }) => JSON.stringify([file, text])).join("");
  return hexadecimal(sha256(whole)).slice(0, 32);
}

export function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The 32-bit words of a step's seed. */
export type StepSeed = readonly number[];

/**
 * A step's seed of 128 bits: a hash of its id and of the texts of its file and of those that it imports. The same text
 * therefore always gets the same cases, whatever other steps are graded and whatever bundles it; and no code can know
 * its cases in advance, because they depend on its own text.
 *
 * @param texts see hashOfTexts; empty if there are none
 */
export function seedOf({ sha256 }: Digest, id: string, texts: string): StepSeed {
  const { buffer, byteOffset } = sha256(`${id}\0${texts}`);
  const words = new DataView(buffer, byteOffset);
  return [0, 4, 8, 12].map((start) => words.getUint32(start, true));
}
