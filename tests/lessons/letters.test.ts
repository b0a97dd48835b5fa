import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { lessonFile, lessonSection } from "../../grader/kit/lesson.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { writtenFormulas } from "./tex.ts";

/** Greek letters, as formulas write them. */
const GREEK = /\\(alpha|beta|gamma|delta|varepsilon|eta|mu|sigma|ell)\b/g;
/** What a reader of formulas knows: indices, and Euler's number under an exponent. */
const INDICES = new Set(["i", "j", "k"]);

/** The letters that a formula uses as names; subscripts, words and functions are none. */
function lettersIn(tex: string): string[] {
  const plain = tex
    .replaceAll(/\\(?:mathrm|text)\{[^}]*\}/g, " ")
    .replaceAll(/\\begin\{\w+\}|\\end\{\w+\}/g, " ")
    .replaceAll(/_(?:\{(?:[^{}]|\{[^{}]*\})*\}|\\?\w)/g, " ")
    .replaceAll(/\be\^/g, "^");
  const greek = [...plain.matchAll(GREEK)].map(([letter]) => letter);
  const latin = plain.replaceAll(/\\[A-Za-z]+/g, " ").match(/[A-Za-z]/g) ?? [];
  return [...new Set([...greek, ...latin])].filter((letter) => !INDICES.has(letter));
}

/** Whether a section says what a letter is: in words beside it, as the name of a tensor or a size, or in a table. */
function isExplained(letter: string, markdown: string): boolean {
  const section = markdown.replaceAll(/\]\([^)]*\)/g, "");
  const sign = letter.replaceAll("\\", "\\\\");
  const math = String.raw`\$[^$]*(?<![\\\w])${sign}(?:_\{?\w+\}?)?`;
  const said = [
    // with $c$ for `counts`, let $w$ be `emb`, and $E$ the size embd; a constant exponent $k$
    String.raw`${math}[^$]*\$,? (?:for|be|the|is|holds|or|as|has)\b`,
    String.raw`\b(?:loss|label|amount|by|exponent|column|position|character|numerator|denominator|parameter|rate|rate](?:\([^)]*\))?|logits|maximum|probabilities|element|row|mean|cross-entropy|factor|weights|symbol|tensor|steps?|size|say|gradient|of|one|entry)\s+${math}`,
    // defined by what it is equal to
    String.raw`\b(?:[Ll]et|with|and|so|then|[Cc]all|because|is|times)\s+${math} =`,
    String.raw`quad ${sign} = \\mathrm`,
    String.raw`${math}[^$]*\$ (?:and|or) \$[^$]*\$ for\b`,
    String.raw`we\s+write ${math}`,
    // in a table of symbols
    String.raw`^\|[^\n]*\`[^\n]*\|[^\n]*${math}`,
  ];
  if (said.some((pattern) => new RegExp(pattern, "m").test(section))) return true;
  const named = [...section.matchAll(/```text\n([^]*?)```|(?<!`)`([^`\n]+)`/g)].map(
    ([, block, code]) => block ?? code!,
  );
  return /^[A-Za-z]$/.test(letter) && named.some((code) => new RegExp(`(?<!\\w)${letter}(?!\\w)`).test(code));
}

describe("each letter of a formula is explained in the section that is shown with its step", () => {
  const sections = new Map<string, string>();
  for (const step of steps) {
    const text = readFileSync(path.join(projectRoot, "exercises", lessonFile(step)!), "utf8");
    sections.set(step.id, lessonSection(text, step)!);
  }

  it.each([...sections])("%s", (_, section) => {
    const letters = new Set(writtenFormulas(section).flatMap(({ tex }) => lettersIn(tex)));
    expect([...letters].filter((letter) => !isExplained(letter, section))).toEqual([]);
  });

  it("none that is taken away would be missed", () => {
    const section = sections.get("dcounts")!;
    for (const [letter, name] of [
      ["c", "counts"],
      ["t", "counts_sum_inv"],
      ["s", "counts_sum"],
    ] as const) {
      const without = section.replace(new RegExp(`\\$${letter}\\$\\s+for\\s+\`${name}\``), `\`${name}\``);
      expect(without).not.toBe(section);
      expect(isExplained(letter, without), letter).toBe(false);
    }
  });
});
