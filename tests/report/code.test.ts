import { transformSync } from "esbuild";
import kleur from "kleur";
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { solutionLines } from "../../grader/commands/solution.ts";
import { actions } from "../../grader/commands/watch/actions.ts";
import { steps } from "../../grader/course/steps.ts";
import { codeLines } from "../../grader/report/code.ts";
import { twoFiles } from "../../grader/report/diff.ts";
import { formLines } from "../../grader/report/forms.ts";
import { fold, widthOf, type Layable } from "../../grader/report/text.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";

const colors = kleur.enabled;
beforeAll(() => {
  kleur.enabled = false;
});
afterAll(() => {
  kleur.enabled = colors;
});

const WIDTHS = [40, 60, 80, 100, 120];

/** What a text of TypeScript means: its JavaScript without comments and layout. */
function meaning(code: string): string {
  return transformSync(code, { loader: "ts", minify: true, tsconfigRaw: {} }).code;
}

const texts = steps.map((step) => ({ step, text: readFileSync(path.join(solutionsFolder, step.file), "utf8") }));
const shownAt = (columns: number, text: string): string =>
  text
    .split("\n")
    .flatMap((line) => codeLines(line, columns))
    .join("\n");

describe.each(WIDTHS)("code in a terminal of %i columns", (columns) => {
  it("means the same as the code in the file, and no line is wider", () => {
    for (const { step, text } of texts) {
      const shown = shownAt(columns, text);
      expect(meaning(shown), step.id).toBe(meaning(text));
      for (const line of shown.split("\n")) expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    }
  });

  it("means the same in every other correct form, as solution shows it", () => {
    const inFunction = (code: string): string => `async function f() {\n${code}\n}`;
    for (const step of steps) {
      for (const form of step.alsoRight ?? []) {
        const [, , , ...shown] = formLines({ ...step, alsoRight: [{ ...form, why: "" }] }, columns);
        expect(meaning(inFunction(shown.join("\n"))), step.id).toBe(meaning(inFunction(form.code)));
      }
    }
  });

  it("means the same on the screens of watch: those of solution and diff", async () => {
    for (const { step, text } of texts) {
      const at = { step, result: undefined, root: solutionsFolder };
      const shown = (await actions.find(({ name }) => name === "solution")!.run(at)) as Layable;
      const lines = shown(columns);
      const own = solutionLines(step).length;
      const screen = lines.flatMap((line) => fold(line, columns));
      expect(screen).toEqual(lines.flatMap((line) => (widthOf(line) <= columns ? [line] : fold(line, columns))));
      const code = solutionLines(step, columns).slice(2);
      expect(own).toBeGreaterThan(2);
      expect(screen.join("\n")).toContain(code.join("\n"));
      const [imports = ""] = /^(import [^;]*;\s*)*/.exec(text) ?? [];
      expect(meaning(imports + code.join("\n")), step.id).toBe(meaning(text));

      const added = twoFiles({ name: "mine", text: "" }, { name: "ours", text }, columns);
      const ours = added.slice(added.indexOf("") + 1).flatMap((line) => /(?:^\+| >)(?: (.*))?$/.exec(line)?.[1] ?? []);
      expect(meaning(ours.join("\n")), step.id).toBe(meaning(text));
    }
  });
});

describe("a line of code that is too wide", () => {
  it("is continued before a method, outside brackets if possible, never after return", () => {
    expect(codeLines("  return exps.mul(dexps).sub(exps.mul(dexps).sum(1, keepdim));", 48)).toEqual([
      "  return exps.mul(dexps)",
      "    .sub(exps.mul(dexps).sum(1, keepdim));",
    ]);
    expect(codeLines("  return someVeryLongName * anotherVeryLongName;", 40)).toEqual([
      "  return someVeryLongName *",
      "    anotherVeryLongName;",
    ]);
    expect(codeLines("return abcdefghijklmnopqrstuvwxyz;", 30)[0]).toMatch(/^return abcdef/);
  });

  it("is not cut in a string, a regular expression or a number, and a comment stays a comment", () => {
    const cases = [
      'const a = "one, two (three, four.five)", b = 1;',
      "const a = /one, two (three)/.test(b);",
      "const abc = 1234567.891 + 9876543.210;",
      "f(1); // it is, as one reads, (so) long. again",
      "const a = `one, two (three, four.five)`, b = 1;",
      "a = b ? c.d(e, f) : (g, h) => ({ i: j, k });",
      "for (let i = 0; i < count; i++, j--) x.y(z, -1);",
    ];
    for (const code of cases) {
      for (let columns = 40; columns >= 38; columns--) {
        expect(meaning(codeLines(code, columns).join("\n")), code).toBe(meaning(code));
      }
    }
    expect(codeLines("  // one two three four five six seven", 24)).toEqual([
      "  // one two three four",
      "    // five six seven",
    ]);
    expect(codeLines(" * one two three four five six", 24)).toEqual([" * one two three four", "   * five six"]);
  });
});
