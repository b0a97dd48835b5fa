import { readFileSync } from "node:fs";
import path from "node:path";
import kleur from "kleur";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parts, steps } from "../../grader/course/steps.ts";
import { lessonFile, lessonSection } from "../../grader/kit/lesson.ts";
import { formulaLines, inlineFormula } from "../../grader/report/lesson/formula.ts";
import { lessonLines } from "../../grader/report/lesson/terminal.ts";
import { parseTex, texCommands, TexError } from "../../grader/report/lesson/tex.ts";
import { widthOf } from "../../grader/report/text.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { knownCommands, writtenFormulas } from "./tex.ts";

const lessons = Object.values(parts).map((folder) => {
  return { folder, text: readFileSync(path.join(projectRoot, "exercises", folder, "README.md"), "utf8") };
});
const enabled = kleur.enabled;

beforeAll(() => {
  kleur.enabled = false;
});
afterAll(() => {
  kleur.enabled = enabled;
});

const shown = (tex: string, width = 80): string[] => formulaLines(parseTex(tex), width);
const inline = (tex: string): string => inlineFormula(parseTex(tex));

describe.each(lessons)("the lesson of $folder in a terminal", ({ folder, text }) => {
  it.each([60, 80, 120])("has no TeX left and no line that is too wide, at %i columns", (columns) => {
    const lines = lessonLines(text, columns);
    expect(lines.length).toBeGreaterThan(50);
    expect(lines.filter((line) => /[\\$]|```|<!--/.test(line))).toEqual([]);
    expect(lines.filter((line) => widthOf(line) > columns && !line.startsWith("    "))).toEqual([]);
  });

  it("shows every word of the text, in order", () => {
    const words = (markdown: string): string[] => markdown.match(/[A-Za-z]{4,}/g) ?? [];
    const prose = text
      .replaceAll(/^<!--.*-->$/gm, "")
      .replaceAll(/<picture>[^]*?<\/picture>/g, "")
      .replaceAll(/```(math|text|ts|sh)\n[^]*?```/g, "")
      .replaceAll(/^\|.*$/gm, "")
      .replaceAll(/\$[^$]*\$/g, "")
      .replaceAll(/\]\([^)]*\)/g, "]");
    const seen = words(lessonLines(text, 96).join(" "));
    let at = 0;
    for (const word of words(prose)) {
      at = seen.indexOf(word, at) + 1;
      expect(at, `${word} is missing`).toBeGreaterThan(0);
    }
  });

  it("has formulas that can all be read, if it is no exam", () => {
    const formulas = writtenFormulas(text);
    if (folder !== parts[7]) expect(formulas.length).toBeGreaterThan(5);
    for (const { tex } of formulas) expect(() => parseTex(tex), tex).not.toThrow();
  });
});

it("every step has its section, with its formulas or its task", () => {
  for (const step of steps) {
    const text = readFileSync(path.join(projectRoot, "exercises", lessonFile(step)!), "utf8");
    const lines = lessonLines(lessonSection(text, step)!, 80);
    expect(lines[0], step.id).toMatch(step.kind === "function" && step.section ? step.section : /^(\d+\. |Part )/);
    expect(lines.length, step.id).toBeGreaterThan(15);
  }
});

it("the commands of TeX that a lesson may use are those that a terminal can show", () => {
  expect([...texCommands].sort()).toEqual([...knownCommands].sort());
});

describe("a formula within a line", () => {
  it.each([
    ["\\mathrm{d}x_{ij} = \\sum_k W_{ik} \\cdot \\mathrm{d}y_{kj}", "dx_ij = Σ_k W_ik · dy_kj"],
    ["m_i = z_{i, w(i)}", "m_i = z_(i, w(i))"],
    ["s = (v + \\varepsilon)^{-1/2}", "s = (v + ε)^(-1/2)"],
    ["t_i = s_i^{-1}", "t_i = s_i^-1"],
    ["\\partial c_{ij} / \\partial a_{ij}", "∂c_ij / ∂a_ij"],
    ["\\frac{n-1}{n}", "(n-1)/n"],
    ["\\frac{1}{2} e^2", "(1/2) e^2"],
    ["\\sqrt{(n-1)/n}", "√((n-1)/n)"],
    ["e = \\lfloor \\log_2 |x| \\rfloor", "e = ⌊log_2 |x|⌋"],
    ["f' = g", "f' = g"],
  ])("%s", (tex, text) => {
    expect(inline(tex)).toBe(text);
  });
});

it.each([60, 80, 100])(
  "no formula of the lessons is parted before its equals sign if it fits a line, at %i",
  (columns) => {
    for (const { text } of lessons) {
      for (const { tex } of writtenFormulas(text)) {
        const width = columns - 2;
        for (const one of tex.split(/\\qq?uad/)) {
          let alone: string[];
          try {
            alone = shown(one, 1e4);
          } catch {
            continue;
          }
          if (Math.max(...alone.map(widthOf)) + 4 > width) continue;
          const whole = shown(tex, width).map((line) => line.trim());
          const base = alone.map((line) => line.trim()).find((line) => line.includes("=")) ?? "";
          expect(
            whole.some((line) => line.includes(base)),
            `${tex}: ${base}`,
          ).toBe(true);
        }
      }
    }
  },
);

describe("a formula in a block", () => {
  it("draws fractions with a bar, its other parts beside the bar", () => {
    expect(shown("\\mathrm{d}x = \\frac{\\partial u}{\\partial x} \\cdot \\mathrm{d}u .")).toEqual([
      "     ∂u",
      "dx = ── · du .",
      "     ∂x",
    ]);
  });

  it("draws fractions in fractions", () => {
    expect(shown("a = \\frac{1}{1 + \\frac{b}{n}}")).toEqual([
      "      1",
      "a = ─────",
      "        b",
      "    1 + ─",
      "        n",
    ]);
  });

  it("draws a matrix in rows, its columns right-aligned", () => {
    expect(shown("a = \\begin{pmatrix} 1 & -2 \\\\ 0.5 & 3 \\end{pmatrix}, \\quad b = 1")).toEqual([
      "a = (   1  -2 ),   b = 1",
      "    ( 0.5   3 )",
    ]);
  });

  it("continues in the next line before a sign or behind a gap, never within brackets", () => {
    expect(shown("y = f(a + b) + g(c) + h", 14)).toEqual(["y = f(a + b)", "    + g(c) + h"]);
    expect(shown("y = a \\qquad z = b", 10)).toEqual(["y = a", "    z = b"]);
    expect(shown("y = a + b, \\quad z = c + d", 18)).toEqual(["y = a + b,", "    z = c + d"]);
    expect(shown("y = a + b, \\quad z = c + d + e + f", 14)).toEqual(["y = a + b,", "    z = c + d", "    + e + f"]);
    expect(shown("y = a \\qquad z = b", 20)).toEqual(["y = a      z = b"]);
  });
});

it.each(["\\operatorname{x}", "{a", "a}", "\\frac{1}", "\\begin{pmatrix} 1 & 2"])(
  "TeX that is not known is refused, and a lesson shows it as it is: %s",
  (tex) => {
    expect(() => parseTex(tex)).toThrow(TexError);
    expect(lessonLines(`\`\`\`math\n${tex}\n\`\`\``, 80)).toEqual([`  ${tex}`]);
  },
);

describe("Markdown in a terminal", () => {
  it("shows a picture by its description, and leaves out comments", () => {
    const html =
      '<!-- contents -->\n\n<picture>\n  <source srcset="a.svg">\n  <img alt="a graph of h" src="b.svg">\n</picture>\n';
    expect(lessonLines(html, 80)).toEqual(["[picture: a graph of h]"]);
  });

  it("wraps the cells of a table that is too wide", () => {
    const table = "| name | what it is |\n| --- | --- |\n| `h` | the output of tanh, elementwise, in every row |\n";
    expect(lessonLines(table, 40)).toEqual([
      "name  what it is",
      "────  ──────────────────────────────────",
      "`h`   the output of tanh, elementwise,",
      "      in every row",
    ]);
  });

  it("shows blocks of numbers below each other if they are too wide next to each other", () => {
    const numbers =
      "```text\ndprobs [2, 3]       counts [2, 3]        dcounts\n 1  2  3            1  0.5  0.5           2\n-1  2  3            1  0.5  0.5           2\n```\n";
    expect(lessonLines(numbers, 42)).toEqual([
      "  dprobs [2, 3]    counts [2, 3]",
      "   1  2  3         1  0.5  0.5",
      "  -1  2  3         1  0.5  0.5",
      "",
      "  dcounts",
      "   2",
      "   2",
    ]);
  });
});
