import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parts } from "../../grader/course/steps.ts";
import { anchorOf, headingsOf } from "../../grader/kit/lesson.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { linksOf } from "./links.ts";
import { parsedFormulas, texProblems, writtenFormulas } from "./tex.ts";

/** The project's own Markdown files below a folder: not those of packages, and none that a run left behind. */
function markdownBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return /^(\.|node_modules$|runs$)/.test(entry.name) ? [] : markdownBelow(file);
    return entry.name.endsWith(".md") ? [file] : [];
  });
}

const files = markdownBelow(projectRoot).map((file) => ({
  name: path.relative(projectRoot, file).replaceAll("\\", "/"),
  text: readFileSync(file, "utf8"),
}));

describe.each(files)("the formulas of $name", ({ text }) => {
  it("pass through a CommonMark parser unchanged, and KaTeX renders them", () => {
    expect(texProblems(text)).toEqual([]);
    expect(parsedFormulas(text)).toEqual(writtenFormulas(text));
  });
});

describe.each(files)("the links of $name", ({ name, text }) => {
  const folder = path.join(projectRoot, path.dirname(name));
  const links = linksOf(text)
    .filter((link) => !/^https?:/.test(link))
    .map((link) => {
      const [file = "", section = ""] = link.split("#");
      return { file: file === "" ? path.join(projectRoot, name) : path.join(folder, file), section };
    });

  it("lead to files and sections that exist", () => {
    for (const { file, section } of links) {
      expect(existsSync(file), file).toBe(true);
      if (section === "") continue;
      const anchors = headingsOf(readFileSync(file, "utf8")).map(({ title }) => anchorOf(title));
      expect(anchors).toContain(section);
    }
  });
});

it("a link is found anywhere except in code", () => {
  const text =
    'See [one](a.md "A"),\n[two][2] and ![three](c.svg);\n`[no](no.md)`.\n\n| [four\nlines](d.md) |\n\n[2]: b.md#x\n';
  expect(linksOf(text)).toEqual(["a.md", "b.md#x", "c.svg", "d.md"]);
});

it("every lesson but the exam's has formulas, and so has the page on grading", () => {
  const withFormulas = files.filter(({ text }) => writtenFormulas(text).some(({ isDisplay }) => isDisplay));
  const lessons = files.map(({ name }) => name).filter((name) => /^exercises\/\d[^/]*\/README\.md$/.test(name));
  expect(lessons).toHaveLength(Object.keys(parts).length);
  const taught = lessons.filter((name) => !name.includes(parts[7]));
  expect(withFormulas.map(({ name }) => name)).toEqual(expect.arrayContaining([...taught, "docs/grading.md"]));
});

describe("a formula that Markdown would change is found:", () => {
  const matrix = "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}";

  it("but not one that it leaves unchanged", () => {
    const fence = `\`\`\`math\na_{i}\n+ b_{j}\n= ${matrix}\n\`\`\``;
    expect(texProblems(`The sum of $a_i$ and $b_j < 1$:\n\n${fence}\n\n| \`$$\` | $a_i$ |\n| --- | --- |\n`)).toEqual(
      [],
    );
  });

  it.each([
    ["the rows of a matrix between $$", `$$\n${matrix}\n$$`, /fence/],
    ["a line that begins with a plus", "$$\n\\sum_i x_i\n+ \\sum_j y_j\n$$", /fence/],
    ["indices that become emphasis", "so $\\mathrm{d}_i a_{ij}$ is", /changes a formula/],
    ["indices of two formulas that become emphasis", "of $\\mathrm{d}_i$ and $a_{i}$ here", /changes a formula/],
    ["the rows of a matrix within a line", `with $${matrix}$ given`, /changes a formula/],
    ["a backslash that Markdown removes", "all of $x\\_i$ here", /changes a formula/],
    ["stars, which become emphasis", "so $a *b$ and $c* d$ here", /changes a formula/],
    ["an entity", "where $a &lt; b$ holds", /changes a formula/],
    ["a tag", "where $a<b>c$ holds", /changes a formula/],
    ["a formula over two lines", "where $a =\nb$ holds", /changes a formula/],
    ["a fence in another language", "```maths\nx\n```\n\nand $y$\n\n    $z$\n", /changes a formula/],
    ["an opening parenthesis at the start", "the slopes $(3, 12)$ here", /begins with \$\(/],
    ["an unknown command", "where $\\operatorname{x}$ is", /known commands/],
    ["invalid TeX", "```math\n\\frac{1\n```", /KaTeX parse error/],
    ["an unclosed dollar", "it costs $5", /too many or too few/],
  ])("%s", (_, markdown, problem) => {
    expect(texProblems(markdown).join("\n")).toMatch(problem);
  });
});
