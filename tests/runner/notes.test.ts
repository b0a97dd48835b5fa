import { expect, it } from "vitest";
import { exercise, gradeFiles } from "../trees.ts";

/** A file with types, as in the stubs. */
function typed(body: string): string {
  return `import type { Given } from "#course";
import { tensor, type Tensor } from "#tensor";
export function dprobs({ probs, dlogprobs }: Given<"dprobs">): Tensor {
  ${body}
}
`;
}

async function notesOf(text: string): Promise<string[]> {
  const { dprobs } = await gradeFiles({ dprobs: text });
  return dprobs!.notes.map(({ line, column, text }) => `${line}:${column} ${text}`);
}

it("the type checker's notes say what the verdict does not", async () => {
  expect(await notesOf(typed('const wrong: number = "text";\n  return dlogprobs.div(probs);'))).toEqual([
    "4:9 TS2322: Type 'string' is not assignable to type 'number'.",
  ]);
  expect(await notesOf(typed("return prob.mul(dlogprobs);"))).toEqual(["4:10 did you mean probs?"]);
});

/** Whether it is the type checker's: others say what to write. */
const isOfTypes = (note: string): boolean => / TS\d+: /.test(note);

it("there are no notes of the type checker on the line where a tensor threw, but on others there are", async () => {
  for (const line of ["probs * 2", "probs[0]", "probs.negate()", 'probs.sum("1")']) {
    expect((await notesOf(typed(`return ${line};`))).filter(isOfTypes), line).toEqual([]);
  }
  const later = await notesOf(typed("const a = probs.mul(dlogprobs.T);\n  return dlogprobs / a;"));
  // as the same idiom is told when it fails
  expect(later.filter(isOfTypes)).toEqual([]);
  expect(later).toContain("5:10 dlogprobs / a is written dlogprobs.div(a)");
  // unless they follow from what a note says already
  const [idiom, ...others] = await notesOf(typed("const a = probs * 2;\n  return dlogprobs / a;"));
  expect(idiom).toBe("4:13 probs * 2 is written probs.mul(2)");
  expect(others).toEqual([]);
});

it("there is no note on a missing return if nothing was returned", async () => {
  expect(await notesOf(typed("const a = probs.mul(dlogprobs);"))).toEqual([]);
  expect(await notesOf(typed("if (probs.size(0) === 1) return probs;"))).toEqual([]);
  const { dprobs } = await gradeFiles({ dprobs: typed("if (probs.size(0) > 2) return dlogprobs.div(probs);") });
  expect(dprobs).toMatchObject({ passed: false, message: expect.stringMatching(/^returned undefined/) });
  const right = await notesOf(typed("if (probs.size(0) > 0) return dlogprobs.div(probs);"));
  expect(right).toEqual([expect.stringMatching(/^3:\d+ TS2366: /)]);
});

it("notes give no advice to install something, and none on a return behind an error", async () => {
  expect(await notesOf(typed("process.exit(0);"))).toEqual([
    "4:3 an exercise has JavaScript's own objects, console and #tensor, and nothing of the browser or of Node",
  ]);
});

it("notes name types without their files, and a Tensor without its members", async () => {
  const [array] = await notesOf(typed("return [probs];"));
  expect(array).toBe("4:3 TS2740: Type 'Tensor[]' is missing properties of type 'Tensor'");
  const [, other] = await notesOf(
    typed("const n: number = 2;\n  const s: string = n;\n  return { x: probs, n } as const;"),
  );
  expect(other).toMatch(/TS2353: |TS2740: |TS2739: /);
  const text = exercise("dprobs", "return given.probs;").replace(
    "(given: any): any",
    '(given: Given<"dprobs">): string',
  );
  const [named] = await notesOf(`import type { Given } from "#course";\n${text}`);
  expect(named).toMatch(/TS2322: Type 'Tensor' is not assignable to type 'string'\./);
  for (const note of [array, other, named]) expect(note).not.toMatch(/import\(|and \d+ more|#storage/);
});

it("no text that a file makes the checker print can pass for a note on another file", async () => {
  const forged = `import type { A } from "./a\\n1-step-by-step/06-dnorm_logits.ts(1,1): error TS1: forged\\n";`;
  const { dprobs, dnorm_logits } = await gradeFiles({
    dprobs: `${forged}\n${typed("return probs as unknown as A;")}`,
    dnorm_logits: exercise("dnorm_logits", "return given.counts.mul(given.dcounts);"),
  });
  expect(dprobs!.notes).toEqual([{ line: 1, column: 24, text: expect.stringMatching(/^TS2307: /) }]);
  expect(dnorm_logits!.notes).toEqual([]);
});
