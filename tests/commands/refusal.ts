import { expect } from "vitest";

/** Expects that a command was refused: exit status 2, and nothing but one clear line on standard error. */
export function expectRefusal(
  { status, stdout, stderr }: { status: number; stdout: string; stderr: string },
  line: RegExp,
): void {
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr).toMatch(line);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
}
