import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { lessons } from "../../page/build/lessons.ts";
import { htmlOf, type Places } from "../../page/build/markdown.ts";
import { inBothThemes } from "../../page/build/pictures.ts";

const fonts = path.join(import.meta.dirname, "..", "..", "page", "fonts");
const pictures = new Map<string, string>();
const all = lessons((name, contents) => {
  pictures.set(name, contents);
  return `kept-${name}`;
});

/** A letter as browsers show it if it is an identifier of its own. */
function italic(letter: string): string {
  const alphabets = [
    ["A", "Z", "𝐴"],
    ["a", "z", "𝑎"],
    ["α", "ω", "𝛼"],
  ] as const;
  if (letter === "h") return "ℎ";
  const [first, , shown] = alphabets.find(([first, last]) => letter >= first && letter <= last) ?? [];
  if (first === undefined) return letter;
  return String.fromCodePoint(shown!.codePointAt(0)! + letter.codePointAt(0)! - first.codePointAt(0)!);
}

describe("the lessons as HTML", () => {
  test.each(all)("$file has no formula, link or picture that was left as it was written", ({ html }) => {
    const prose = html.replaceAll(/<pre[^]*?<\/pre>|<code[^]*?<\/code>/g, "");
    expect(prose).not.toMatch(/\$|```|\\[a-z]/);
    expect(prose).not.toContain("<!--");
    for (const [, href] of html.matchAll(/href="([^"]*)"/g))
      expect(href).toMatch(/^(#\/(read\/|step\/|scratch$|$)|https:)/);
    for (const [, source] of html.matchAll(/(?:src|srcset)="([^"]*)"/g)) expect(source).toMatch(/^kept-/);
  });

  test.each(all)("each link within $file and to other lessons leads to a heading", ({ html }) => {
    for (const [, file, anchor] of html.matchAll(/href="#\/read\/([^"#]*)#([^"]*)"/g)) {
      const target = all.find((lesson) => lesson.file === file);
      expect(target?.html, file).toContain(`id="${anchor}"`);
    }
  });

  test("every character of their formulas is in the font of formulas", () => {
    const inFont = new Set(readFileSync(path.join(fonts, "characters.txt"), "utf8"));
    const used = new Set<string>();
    for (const [formula] of all.flatMap(({ html }) => [...html.matchAll(/<math[^]*?<\/math>/g)])) {
      const letters = formula.replaceAll(/<mi>(.)<\/mi>/gu, (_, letter: string) => italic(letter));
      for (const character of letters.replaceAll(/<[^>]*>|&[a-z]+;/g, "")) used.add(character);
    }
    expect([...used].filter((character) => !inFont.has(character))).toEqual([]);
    expect(used.size).toBeGreaterThan(80);
  });

  test("a picture is added once, in the colors of light and of dark", () => {
    const chain = pictures.get("chain.svg");
    const [, white] =
      /^<svg[^>]*><style>:root\{[^}]*(--c\d):#ffffff\}@media \(prefers-color-scheme:dark\)\{:root\{[^}]*\1:#0d1117\}/.exec(
        chain!,
      ) ?? [];
    expect(chain).toContain(`fill="var(${white})"`);
    expect(() => inBothThemes('<svg><a x="1"/></svg>', '<svg><a x="2"/></svg>')).toThrow();
  });
});

describe("Markdown", () => {
  const places: Places = {
    link: (href) => (href === "gone" ? undefined : href),
    picture: (source) => source,
    command: (command) => (command === "npm run grade" ? "#/" : undefined),
  };

  test("an underscore, a star or a bracket in a formula is no markup", () => {
    const html = htmlOf("so $a_i b_i$ and $a * b * c$, [x]($y$)", places);
    expect(html).not.toContain("<em>");
    expect(html.match(/<math/g)).toHaveLength(2);
  });

  test("a formula and what is written next to it without a space are on one line", () => {
    const html = htmlOf("with ($a$, [$b$](x)) or $c$-th $d$ <\n**$e$**.", places);
    const words = html.replaceAll(/<math[^]*?<\/math>/g, "M").match(/<span class="word">.*?<\/span>/g);
    expect(words).toEqual([
      '<span class="word">(M,</span>',
      '<span class="word"><a href="x" aria-label="x">M</a>)</span>',
      '<span class="word">M-th</span>',
      '<span class="word"><strong>M</strong>.</span>',
    ]);
  });

  test("a formula that cannot be set is refused", () => {
    expect(() => htmlOf("$\\frac{1$", places)).toThrow();
    expect(() => htmlOf("$\\unknowncommand$", places)).toThrow();
  });

  test("a link that leads nowhere on the page is left as its text", () => {
    expect(htmlOf("see [this file](gone).", places)).toBe("<p>see this file.</p>\n");
  });

  test("a command leads to where the page does the same, other code leads nowhere", () => {
    const html = htmlOf("`npm run grade` and `npm test`", places);
    expect(html.match(/<a [^>]*>/g)).toEqual(['<a href="#/" title="here, on this page">']);
  });

  test("TypeScript is highlighted, and what it contains is escaped", () => {
    const html = htmlOf("```ts\nconst a = b < c;\n```\n", places);
    expect(html).toContain('<span class="tok-keyword">const</span>');
    expect(html).toContain("&lt;");
    expect(html.replaceAll(/<[^>]*>/g, "")).toBe("const a = b &lt; c;\n\n");
  });
});
