import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import kleur from "kleur";
import stringWidth from "string-width";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { twoFiles } from "../../grader/report/diff.ts";
import { printedLines, stepLines, terminalReport } from "../../grader/report/terminal.ts";
import { harmless } from "../../grader/report/harmless.ts";
import { flow, sideBySide } from "../../grader/report/side-by-side.ts";
import { cutTo, fold, fromColumn, padTo, paragraph, widthOf } from "../../grader/report/text.ts";
import { header } from "../../grader/verdict/judge.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { stepOf } from "../trees.ts";

const red = "\u001b[31m";
const plain = "\u001b[39m";

/** Letters of one and of two columns, of one and of two UTF-16 units, with accents, and emoji of several characters. */
const letter = fc.constantFrom("a", "z", "ä", "é", "が", "日", "Ａ", "한", "😀", "𝒶", "👍🏽", "🇩🇪", "각");

describe("a line folded to so many columns", () => {
  it("is broken at spaces, and keeps its indent", () => {
    expect(fold("  one two three", 9)).toEqual(["  one two", "  three"]);
    expect(fold("one two three", 9)).toEqual(["one two", "three"]);
    expect(fold("a".repeat(10), 4)).toEqual(["aaaa", "aaaa", "aa"]);
    expect(fold("fits", 4)).toEqual(["fits"]);
    expect(fold("", 4)).toEqual([""]);
    expect(fold("in a/path/to-a/file.ts#3-dy too", 12)).toEqual(["in", "a/path/to-a/", "file.ts#3-dy", "too"]);
    expect(fold("a/path/to/README.md#3-dy-what", 14)).toEqual(["a/path/to/", "README.md#3-", "dy-what"]);
    expect(fold("one two three four", 9, 2)).toEqual(["one two", "  three", "  four"]);
  });

  it("keeps the text in brackets together, unless it is wider than a line", () => {
    expect(fold("at [3, 14, 15]", 12)).toEqual(["at", "[3, 14, 15]"]);
    expect(paragraph("it is at [3, 14]", 12, "  ")).toEqual(["  it is at", "  [3, 14]"]);
    expect(fold("[1, 2, 3, 4, 5]", 8)).toEqual(["[1, 2,", "3, 4, 5]"]);
  });

  it("keeps a command together, unless it is wider than a line", () => {
    expect(fold("go on with npm run grade -- fused-dlogits --why now.", 44)).toEqual([
      "go on with",
      "npm run grade -- fused-dlogits --why now.",
    ]);
    expect(fold("it is npm run watch, or npm run hint -- dz; both", 24)).toEqual([
      "it is npm run watch, or",
      "npm run hint -- dz; both",
    ]);
    expect(fold("npm run grade -- fused-dlogits", 20)).toEqual(["npm run grade --", "fused-dlogits"]);
  });

  it("counts visible characters, not the codes that color them", () => {
    expect(fold(`${red}one${plain} two three`, 7)).toEqual([`${red}one${plain} two`, "three"]);
  });

  it("ends a color with the line, and resumes it in the next one after the indent", () => {
    expect(fold(`  ${red}one two${plain}`, 6)).toEqual([`  ${red}one${plain}`, `  ${red}two${plain}`]);
  });

  it("is never wider, and loses nothing but spaces", () => {
    const word = fc.array(letter, { minLength: 1, maxLength: 12 }).map((letters) => letters.join(""));
    const line = fc.tuple(fc.nat(6), fc.array(fc.tuple(fc.boolean(), word), { maxLength: 12 }));
    fc.assert(
      fc.property(line, fc.integer({ min: 8, max: 40 }), fc.nat(3), ([indent, words], columns, hang) => {
        const text = " ".repeat(indent) + words.map(([on, it]) => (on ? red + it + plain : it)).join(" ");
        const folded = fold(text, columns, hang);
        for (const part of folded) {
          expect(widthOf(part)).toBeLessThanOrEqual(columns);
        }
        const letters = (parts: string): string => stripVTControlCharacters(parts).replaceAll(" ", "").normalize();
        expect(letters(folded.join(""))).toBe(letters(text));
      }),
    );
  });
});

describe("a text's width", () => {
  it("is the number of columns that a terminal uses for it", () => {
    expect(["abc", "日本", "e\u0301", `${red}日${plain}`, "😀", "한"].map(widthOf)).toEqual([3, 4, 1, 2, 2, 2]);
  });

  it("is an upper bound for what learners print, even if a terminal draws each part of an emoji separately", () => {
    expect(harmless("👍🏽 👩\u200d🔬 ❤\ufe0f")).toBe("👍 👩🔬 ❤");
    fc.assert(
      fc.property(fc.array(letter, { maxLength: 60 }), fc.integer({ min: 4, max: 40 }), (letters, columns) => {
        for (const part of fold(harmless(letters.join("").normalize()), columns)) {
          const apart = [...part].reduce((sum, character) => sum + stringWidth(character), 0);
          expect(apart, part).toBeLessThanOrEqual(columns);
        }
      }),
    );
  });

  it("determines where it is cut, how it is padded and which columns are left out", () => {
    expect(cutTo("日本語", 6)).toBe("日本語");
    expect(cutTo("日本語", 5)).toBe("日本…");
    expect(cutTo("日本語", 4)).toBe("日…");
    expect(padTo("日", 4)).toBe("日  ");
    expect(fromColumn("日本語", 2)).toEqual({ rest: "本語", left: 2 });
    expect(fromColumn("日本語", 3)).toEqual({ rest: "本語", left: 2 });
  });
});

describe("blocks side by side", () => {
  it("start in the same line, each as wide as its widest line or as its column", () => {
    expect(sideBySide([["a", "bcd"], ["日"], ["x", "y"]], " | ")).toEqual(["a   | 日 | x", "bcd |    | y"]);
    expect(sideBySide([["a"], ["b"]], " ", [3])).toEqual(["a   b"]);
    expect(sideBySide([[`${red}ab${plain}`], ["c"]])).toEqual([`${red}ab${plain}  c`]);
  });

  it("are as many in a row as fit", () => {
    const blocks = [["aaaa", "aaaa"], ["bbbb"], ["cccc"]];
    expect(flow(blocks, 10)).toEqual([["aaaa  bbbb", "aaaa"], ["cccc"]]);
    expect(flow(blocks, 9)).toEqual([["aaaa", "aaaa"], ["bbbb"], ["cccc"]]);
    expect(flow(blocks, 16)).toEqual([["aaaa  bbbb  cccc", "aaaa"]]);
    expect(flow([["wider than it may be"]], 4)).toEqual([["wider than it may be"]]);
  });
});

describe("no row of a report is wider than the terminal", () => {
  const colors = kleur.enabled;
  beforeEach(() => {
    kleur.enabled = false;
  });
  afterEach(() => {
    kleur.enabled = colors;
  });

  /** Text that would start a new row if the text before it were one column per character. */
  const forged = "4.1 train is right";
  const texts = [40, 33, 34, 60].map((count) => `${"日".repeat(count)}${forged} ${"本".repeat(200)}`);
  const wide = fc.oneof(
    fc.constantFrom(...texts),
    fc.array(fc.oneof(letter, fc.constant(" ")), { maxLength: 300 }).map((letters) => letters.join("")),
  );
  const step = stepOf("dprobs");
  const failing = (text: string, printed: string, column: number): StepResult => ({
    ...header(step),
    verdict: "threw",
    passed: false,
    tensors: [],
    message: text,
    why: null,
    at: { line: 3, column },
    excerpt: text,
    notes: [{ line: 1, column: 1, text }],
    printed,
    milliseconds: 1,
  });
  const check = (lines: readonly string[], columns: number): void => {
    for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
    expect(lines.filter((line) => line.startsWith(forged))).toEqual([]);
  };

  it("whatever a step throws, prints, has as its code or is called", () => {
    fc.assert(
      fc.property(wide, fc.nat(400), fc.integer({ min: 40, max: 130 }), (text, column, columns) => {
        const layout = { columns, pathOf: () => `handed-in/${text.trim()}/02-dprobs.ts` };
        const result = failing(text, `${text}\n`, column + 1);
        check(stepLines(step, result, layout), columns);
        check(printedLines(text, columns), columns);
        check(terminalReport([step], [result], layout).split("\n"), columns);
      }),
      { numRuns: 40 },
    );
  });

  it("when two files are shown side by side", () => {
    fc.assert(
      fc.property(wide, wide, fc.integer({ min: 80, max: 160 }), (yours, ours, columns) => {
        const lines = twoFiles({ name: "yours", text: yours }, { name: "ours", text: ours }, columns);
        for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
      }),
    );
  });

  it("and a caret is below what it marks, even after wide characters", () => {
    const [, , code, caret] = stepLines(
      step,
      { ...failing("x", "", 7), excerpt: '"日本";boom()' },
      {
        columns: 80,
        pathOf: (file) => file,
      },
    ).slice(1);
    const before = stringWidth(caret!.slice(0, caret!.indexOf("^")));
    expect(stripVTControlCharacters(code!)).toContain("boom");
    expect(before).toBe(stringWidth(code!.slice(0, code!.indexOf("oom"))));
  });
});
