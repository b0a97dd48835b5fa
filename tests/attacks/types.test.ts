import { spawn } from "node:child_process";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { findProgram } from "../../grader/runner/box.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { dojo, withCopy } from "../copies.ts";
import { exercise, stepOf } from "../trees.ts";

const SECRET = "s3cret-canary";
const LONGEST_MS = 30_000;
const right = {
  dprobs: exercise("dprobs", "return given.dlogprobs.div(given.probs);"),
  dnorm_logits: exercise("dnorm_logits", "return given.counts.mul(given.dcounts);"),
};

/** Text before a learner's function that leads the type checker astray; `outside` is a file outside the tree. */
const astray: readonly [name: string, text: (outside: string) => string][] = [
  [
    "the type of a file outside",
    (file) => `import type { c } from ${JSON.stringify(file)};\nexport const x: typeof c = 1;`,
  ],
  ["an import of a type outside, in a type", (file) => `export const x: import(${JSON.stringify(file)}).C = 1;`],
  [
    "JSDoc that imports",
    (file) =>
      `/** @type {import(${JSON.stringify(file)}).C} */\nexport const x: import(${JSON.stringify(file)}).C = { y: 1 };`,
  ],
  [
    "a reference to a file outside",
    (file) => `/// <reference path=${JSON.stringify(file)} />\nexport const x: Outside = 1;`,
  ],
  [
    "a reference to Node's types",
    () => `/// <reference types="node" />\n/// <reference lib="dom" />\nexport const x: number = process.env;`,
  ],
  ["a device as a type", () => `/// <reference path="/dev/zero" />\nimport type { A } from "/dev/zero";`],
  [
    "a line in the checker's format in an import",
    () => `import type { A } from "./a\\n1-step-by-step/06-dnorm_logits.ts(1,1): error TS1: HARM-DONE\\n";`,
  ],
  [
    "a line in the checker's format in a type",
    () => `export const x: "\\n1-step-by-step/06-dnorm_logits.ts(1,1): error TS1: HARM-\\u001b[2J\\u202eDONE" = 1;`,
  ],
  [
    "nine thousand errors",
    () => Array.from({ length: 9000 }, (_, i) => `export const x${i}: "${"y".repeat(60)}" = 1;`).join("\n"),
  ],
  [
    "a union of a hundred thousand",
    () => "type D = 0|1|2|3|4|5|6|7|8|9; export const x: Record<`${D}${D}${D}${D}${D}`, 1> = 1;",
  ],
];

/** Types that the checker never finishes with. */
const endless: readonly [name: string, text: string][] = [
  [
    "a type that grows",
    `type F<T> = T extends [infer A, ...infer B] ? F<[...B, A, A]> : never; export const x: F<[1]> = 1;`,
  ],
  ["brackets nested fifty thousand deep", `export const x = ${"[".repeat(50_000)}${"]".repeat(50_000)};`],
  [
    "a mapped type over a large tuple",
    `type R<N extends number, A extends unknown[] = []> = A["length"] extends N ? A : R<N, [...A, A]>; type S<T> = { [K in keyof T]: S<T> }; export const x: S<S<[...R<900>, ...R<900>]>> = 1;`,
  ],
];

/** Puts files into the exercises of a copy, next to two correct ones, and grades them there. */
async function gradeOwn(root: string, files: readonly string[]): Promise<{ status: number; output: string }> {
  const places = functionSteps.filter(({ id, part }) => part === 1 && !(id in right));
  const write = (file: string, text: string): void => writeFileSync(path.join(root, "exercises", file), text);
  for (const [id, text] of Object.entries(right)) write(stepOf(id).file, text);
  for (const [i, text] of files.entries())
    write(places[i]!.file, `${text}\n${exercise(places[i]!.export, "return 1;")}`);
  const ids = [...Object.keys(right), ...places.slice(0, files.length).map(({ id }) => id)];
  const { status, stdout, stderr } = await dojo(["grade", ...ids], root);
  return { status, output: stdout + stderr };
}

/** The processes of a copy's type checker, once they run it and not only the box around it. */
function checkersOf(root: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      const words = /^\d+$/.test(pid) ? readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0") : [];
      return path.basename(words[0] ?? "") === "tsc" && words.some((word) => word.startsWith(root));
    } catch {
      return false;
    }
  });
}

/** Those that still exist a little later: the system takes a moment to end a process with much memory. */
async function leftOf(root: string): Promise<string[]> {
  const end = performance.now() + 5000;
  while (checkersOf(root).length > 0 && performance.now() < end)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return checkersOf(root);
}

it(
  "types lead the checker to no other file, and no text can imitate its output",
  async () => {
    await withCopy(async (root) => {
      const outside = path.join(root, "outside.ts");
      writeFileSync(
        outside,
        `export const c = "${SECRET}" as const;\nexport type C = { "${SECRET}": 1 };\ntype Outside = C;\n`,
      );
      const { status, output } = await gradeOwn(
        root,
        astray.map(([, text]) => text(outside)),
      );
      expect(status).toBe(1);
      expect(output).toMatch(new RegExp(`^2 passed, ${astray.length} wrong`, "m"));
      // the checker repeats text that it was given, but no line of it passes for a note on another file
      expect(output).not.toMatch(/note: 1:1 TS1:/);
      expect(output).not.toMatch(/^::|^##\[|(?!\n)\p{Cc}/mu);
      if (findProgram("bwrap")) expect(output).not.toContain(SECRET);
    });
  },
  LONGEST_MS,
);

it.runIf(process.platform === "linux")(
  "a check that never finishes ends at its limit, or with the grader",
  async () => {
    await withCopy(async (root) => {
      const { status, output } = await gradeOwn(
        root,
        endless.map(([, text]) => text),
      );
      expect(status).toBe(1);
      expect(output).toMatch(new RegExp(`^2 passed, ${endless.length} wrong`, "m"));
      expect(await leftOf(root)).toEqual([]);

      writeFileSync(
        path.join(root, "exercises", stepOf("dlogprobs").file),
        `${endless[2]![1]}\n${exercise("dlogprobs", "return 2;")}`,
      );
      const grader = spawn(process.execPath, [path.join(root, "grader/start.cjs"), "grade", "dlogprobs"], {
        stdio: "ignore",
      });
      const end = performance.now() + LONGEST_MS;
      while (checkersOf(root).length === 0 && performance.now() < end)
        await new Promise((resolve) => setTimeout(resolve, 5));
      expect(checkersOf(root)).not.toEqual([]);
      grader.kill("SIGKILL");
      expect(await leftOf(root)).toEqual([]);
    });
  },
  2 * LONGEST_MS,
);
