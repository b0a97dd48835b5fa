import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { tensor } from "#tensor";
import { parts } from "../../grader/course/steps.ts";
import { parameterShapes } from "../../grader/course/makemore/lines.ts";
import { lectureSizes } from "../../grader/course/makemore/parameters.ts";
import { anchorOf, headingsOf } from "../../grader/kit/lesson.ts";
import { shapeIn } from "../../grader/network/shape.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { linksOf } from "./links.ts";

const read = (file: string): string => readFileSync(path.join(projectRoot, file), "utf8");
const text = read("exercises/GLOSSARY.md");
/** Without line breaks. */
const flat = text.replaceAll(/\s+/g, " ");

interface Entry {
  term: string;
  /** What it means, in one line. */
  words: string;
  /** The sections that it links to, from the project's folder. */
  links: string[];
}

const entries: Entry[] = text
  .split("\n## Terms\n")[1]!
  .split("\n## ")[0]!
  .split(/^### /m)
  .slice(1)
  .map((entry) => {
    const [term, ...lines] = entry.trim().split("\n");
    const links = linksOf(entry).map((link) =>
      path.posix.join("exercises", link.startsWith("#") ? `GLOSSARY.md${link}` : link),
    );
    return { term: term!, words: lines.join(" ").trim(), links };
  });

const pages = [
  ...Object.values(parts).map((part) => `exercises/${part}/README.md`),
  "exercises/TENSORS.md",
  "docs/grading.md",
];

/** The anchors of the glossary that a page links to. */
function linkedFrom(page: string): string[] {
  const folder = path.posix.dirname(page);
  return linksOf(read(page))
    .filter((link) => path.posix.join(folder, link.split("#")[0]!) === "exercises/GLOSSARY.md")
    .map((link) => link.split("#")[1] ?? "");
}

/** Words in bold that are no entries: one has a section of its own, the other is a verdict. */
const others = new Set(["chain rule", "rounding"]);

describe("the glossary", () => {
  it("has its terms in alphabetical order, each once", () => {
    const terms = entries.map(({ term }) => term.toLowerCase());
    expect(terms).toEqual([...new Set(terms)].sort());
    expect(terms.length).toBeGreaterThan(20);
  });

  it("explains each in at most two sentences, and names a section that uses it", () => {
    for (const { term, words, links } of entries) {
      expect(words, term).toMatch(/ See \[[^\]]+\]\([^)]+\)\.$/);
      const meaning = words.replace(/ See \[[^\]]+\]\([^)]+\)\.$/, "");
      expect(meaning.split(/\.(?= |$)/).filter((sentence) => sentence.trim() !== "").length, term).toBeLessThanOrEqual(
        2,
      );
      expect(links.length, term).toBeGreaterThan(0);
    }
  });

  it("is linked to for each of its terms from the lessons, or from the page that the entry names", () => {
    const linked = pages.flatMap(linkedFrom);
    expect(entries.map(({ term }) => anchorOf(term)).filter((anchor) => !linked.includes(anchor))).toEqual([]);
    const anchors = headingsOf(text).map(({ title }) => anchorOf(title));
    expect(linked.filter((anchor) => !anchors.includes(anchor))).toEqual([]);
  });

  it("has an entry for every word that a lesson prints in bold as a term", () => {
    for (const page of pages) {
      // **Sentences.** and **the idea: ...** are no terms
      const bold = [...read(page).matchAll(/(\[?)\*\*([a-z][\w -]*)\*\*/g)];
      const known = (word: string): boolean =>
        entries.some(({ term }) => word.toLowerCase().replaceAll(/\s+/g, " ").startsWith(term.toLowerCase())) ||
        others.has(word);
      for (const [, , word] of bold) expect(known(word!), `${page}: ${word}`).toBe(true);
    }
  });
});

describe("the answers below the terms", () => {
  const { batch: n, block, embd, hidden } = lectureSizes;
  const vocab = 27;
  const shapes = Object.values(parameterShapes);
  const product = (numbers: readonly number[]): number => numbers.reduce((all, one) => all * one, 1);
  const written = (x: number): string => x.toLocaleString("en-US");

  it("give the sizes of the lecture's network", () => {
    const parameters = shapes.reduce(
      (sum, shape) => sum + product(shapeIn(shape, { n, block, embd, hidden, vocab })),
      0,
    );
    const [h, logits] = [n * hidden, n * vocab];
    expect(flat).toContain(`${n} · ${hidden} = ${written(h)} inputs`);
    expect(flat).toContain(`a Jacobian of ${written(h * h)} numbers, of which all but ${written(h)} are zero`);
    expect(flat).toContain(`${logits} · ${written(h)} = ${written(logits * h)}`);
    expect(flat).toContain(`need ${written(h)} and ${written(n * hidden * vocab)} multiplications`);
    expect(flat).toContain(`this network has ${written(parameters)} of them`);
  });

  it("give the derivative of their example", () => {
    const loss = (x: number): number => 3 * x * x ** 2;
    const step = 1e-4;
    expect((loss(2 + step) - loss(2 - step)) / (2 * step)).toBeCloseTo(36, 6);
  });

  it("say what a maximum does at a tie", () => {
    expect(
      tensor([[1, 5, 5]])
        .max(1)
        .indices.get(0),
    ).toBe(1);
  });
});
