import { readFileSync } from "node:fs";
import path from "node:path";
import kleur from "kleur";
import { stripVTControlCharacters } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { diffLines } from "../../grader/commands/diff.ts";
import { twoFiles } from "../../grader/report/diff.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { stepOf, withFolder } from "../trees.ts";

const colors = kleur.enabled;
afterEach(() => {
  kleur.enabled = colors;
});

const head = Array.from({ length: 12 }, (_, i) => ` * line ${i + 1}`);
const yours = { name: "mine/05.ts", text: [...head, "export {", "  const a = 1;", "  return a;", "}", ""].join("\n") };
const ours = { name: "solutions/05.ts", text: [...head, "export {", "  return 1;", "}", ""].join("\n") };

describe("a file that differs from ours in its layout alone", () => {
  const step = stepOf("dcounts_sum");
  const ours = readFileSync(path.join(solutionsFolder, step.file), "utf8").replaceAll(/^ *\/\/ .*\n/gm, "");
  const said = async (text: string): Promise<string> => {
    const lines = await withFolder({ [step.file]: text }, (folder) => Promise.resolve(diffLines(step, folder, 80)));
    return lines.join(" ");
  };

  it("is said to be the same code", async () => {
    const same = "The code is the same, apart from spaces, semicolons and comments.";
    expect(await said(ours.replaceAll(";", ""))).toContain(same);
    expect(await said(ours.replace("return", "// mine\n  return"))).toContain(same);
    expect(await said(ours.replace("return ", "return\n"))).not.toContain(same);
    expect(await said(ours.replace("return ", "return 2 + "))).not.toContain(same);
  });
});

describe("two files", () => {
  it("are shown one below the other in 80 columns, each line with its mark", () => {
    kleur.enabled = false;
    expect(twoFiles(yours, ours, 80)).toEqual([
      "- yours: mine/05.ts",
      "+ ours:  solutions/05.ts",
      "",
      "  ... 11 lines are the same",
      "   * line 12",
      "  export {",
      "-   const a = 1;",
      "-   return a;",
      "+   return 1;",
      "  }",
    ]);
    // a file or a pipe has no columns
    expect(twoFiles(yours, ours)).toEqual(twoFiles(yours, ours, 80));
  });

  it("are shown side by side in a wide terminal, with a mark between them", () => {
    kleur.enabled = false;
    const lines = twoFiles(yours, ours, 121);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(121);
    expect(lines[0]).toMatch(/^yours: mine\/05\.ts +ours: solutions\/05\.ts$/);
    expect(lines).toContain(`${"  const a = 1;".padEnd(59)} |   return 1;`);
    expect(lines).toContain(`${"  return a;".padEnd(59)} <`);
    expect(lines).toContain(`${"}".padEnd(59)}   }`);
    expect(twoFiles(ours, yours, 121)).toContain(`${" ".repeat(59)} >   return a;`);
  });

  it("are shown with the same text in color and without", () => {
    for (const columns of [80, 130]) {
      kleur.enabled = false;
      const plain = twoFiles(yours, ours, columns);
      kleur.enabled = true;
      const colored = twoFiles(yours, ours, columns);
      expect(colored).not.toEqual(plain);
      expect(colored.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(plain);
    }
  });

  it("continue a line that is too long in the next one, under the same mark, and lose no letter", () => {
    kleur.enabled = false;
    const long = { name: "mine", text: `${"abcdefghij".repeat(30)}\n` };
    for (const columns of [30, 80, 120, 200]) {
      const all = twoFiles(long, { name: "ours", text: "short\n" }, columns);
      const lines = all.slice(all.indexOf("") + 1);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
      const letters = lines.map((line) => line.replaceAll(/^- |^\+ .*| \|( .*)?$/g, "").trim()).join("");
      expect(letters).toBe("abcdefghij".repeat(30));
    }
  });

  it("are said to be the same if only line ends differ", () => {
    kleur.enabled = false;
    const windows = { name: "mine", text: ours.text.replaceAll("\n", "  \r\n") + "\r\n\r\n" };
    expect(twoFiles(windows, ours, 80)).toEqual(["mine and ours (solutions/05.ts) are the same"]);
  });

  it("cannot steer the terminal, and keep their indentation", () => {
    const nasty = { name: "mine", text: "\tfirst\n  \u001b[2J\u001b]0;title\u0007second\n" };
    const lines = twoFiles(nasty, { name: "ours", text: "x\n" }, 80).join("\n");
    expect(stripVTControlCharacters(lines)).toMatch(/-   first\n-   second/);
    for (const control of ["[2J", "\u0007"]) expect(lines).not.toContain(control);
  });
});
