import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Bundle, SourceStep } from "../../grader/grading/host.ts";
import { bundleSteps } from "../../grader/runner/bundle.ts";
import { bundleOwn } from "../../grader/runner/program.mjs";
import { projectRoot } from "../../grader/runner/project.ts";
import type { Failure } from "../../grader/verdict/judge.ts";
import { told, fileWith } from "../grading/idioms-told.ts";
import { stepOf, withFolder } from "../trees.ts";

let bundle: (texts: Record<string, string>, step: SourceStep) => Bundle | Failure;
let folder: string;

beforeAll(async () => {
  // the page's compiler is a module for bundlers
  folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-compiler-"));
  const flags = ["--format=esm", "--platform=node", "--main-fields=module,main"];
  writeFileSync(path.join(folder, "bundle.mjs"), bundleOwn(projectRoot, "page/grader/compile/bundle.ts", flags));
  ({ bundle } = (await import(pathToFileURL(path.join(folder, "bundle.mjs")).href)) as { bundle: typeof bundle });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const step = stepOf("dcounts");

/** Why a body does not compile, by the command line's compiler and by the page's; undefined if it compiles. */
async function refusals(body: string): Promise<[here: Failure | undefined, page: Failure | undefined]> {
  const files = { [step.file]: fileWith(body) };
  const here = await withFolder(files, async (root) => (await bundleSteps(root, [step])).get(step.id)!);
  const page = bundle(files, step);
  return [here, page].map((made) => ("kind" in made ? made : undefined)) as [Failure | undefined, Failure | undefined];
}

/** Bodies that the page's compiler lets by: the engine refuses them when the code is loaded. */
const byEngine = /-\w+ ?\*\*|\.get\(.*\) [-+]?= /;

describe("the page's compiler says what the command line's says", () => {
  it.each(told.map(([code]) => code).filter((code) => !byEngine.test(code)))("of %s", async (code) => {
    const [here, page] = await refusals(code);
    // what begins with a keyword of JavaScript as well is recognized by its line
    if (/^(?:import numpy|with )/.test(code)) expect(page?.at?.line).toBe(here?.at?.line);
    else expect(page).toEqual(here);
  });

  it.each([
    "let x = 3; let x = 4;",
    "const x;",
    "const x = 1; x = 2;",
    "keepdim = 3;",
    "const { x } = { x: 1 }; x++;",
    "return counts.add(;",
    "return counts.add(dprobs",
    "if (counts {",
    "return (counts;",
    "const a = ;",
    'return "abc;',
    "for (let i = 0; i < 3; i++",
    "const { a, b = counts;",
    "return counts.add(1));",
    "return {counts, probs",
    "return [counts, probs;",
    "return counts ? 1;",
    "x => { return",
    "retrun counts;",
    "return counts.mul dprobs;",
    "return /abc;",
  ])("of %s", async (code) => {
    const [here, page] = await refusals(code);
    expect(here).toBeDefined();
    expect(page).toEqual(here);
  });

  it.each([
    "const f = (x: number): number => x; return f(1) as any;",
    "const f = (x?: number) => x!; return f(1) as any;",
    "for (const x of [1]) { const y = x; } const y = 3; return counts;",
    "let x = 1; { let x = 2; x += 1; } x += 1; return counts;",
    "const x = 1; { let x = 2; x = 3; } return counts;",
    "const pair: [first: number, second: number] = [1, 2]; return counts;",
    "const f = function (a: number, b = 2): number { a = b; return a; }; return counts;",
    "const keep = (keepdim: any) => { keepdim = 1; return keepdim; }; return counts;",
    "type A = { (x: number): string }; return counts satisfies Tensor;",
    "enum A { B = 1 } return counts;",
    "class C { #x = 1; y?: number; declare z: number; constructor(readonly a: number) {} } return counts;",
  ])("nothing, of %s", async (code) => expect(await refusals(code)).toEqual([undefined, undefined]));
});
