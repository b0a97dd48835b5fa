import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { STYLE } from "../../grader/class/merge/page-style.ts";
import { html, plainText } from "../../grader/report/html.ts";
import { madeClass } from "./made-records.ts";
import { merged, withClasses } from "./merged.ts";

const made = madeClass(12);

async function pageOf(size: number, ...more: string[]): Promise<string> {
  const { stdout } = await withClasses({ results: size === 12 ? made : madeClass(size) }, (folder) =>
    merged(["results", "--format", "html", ...more], folder),
  );
  return stdout;
}

/** What people read of a page: without its style and its tags. */
function readIn(page: string): string {
  const body = page.slice(page.indexOf("<body>")).replaceAll(/<[^>]*>/g, " ");
  return body
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll(/\s+/g, " ");
}

describe("the page of a class", () => {
  let page = "";
  beforeAll(async () => {
    page = await pageOf(12, "--lessons", "https://example.org/course/exercises/");
  });

  it("allows its own style and nothing else, and asks for nothing", () => {
    const [, policy] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)!;
    const [, style] = /<style>([^]*?)<\/style>/.exec(page)!;
    const hash = createHash("sha256").update(style!).digest("base64");
    expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`);
    expect(page).not.toMatch(/<(?:script|link|img|iframe|object|embed|form|base|video|audio)\b/i);
    const tags = [...page.matchAll(/<[a-z][^>]*>/g)].map(([tag]) => tag);
    expect(tags.length).toBeGreaterThan(1000);
    expect(tags.filter((tag) => /\s(?:style|src|srcset|on\w+)=/i.test(tag))).toEqual([]);
    expect(page).not.toMatch(/url\(|@import/);
  });

  it("shows names as they are, and none of them is markup", () => {
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(page.replaceAll(/[\n\t]/g, "")).not.toMatch(/\p{Cc}|\u202e/u);
    expect(readIn(page)).toContain('O\'Brien, "Pat" & Sons');
  });

  it("is well-formed: every element that is opened is closed, and every link within it leads somewhere", () => {
    const open: string[] = [];
    const empty = new Set(["meta", "br", "col", "rect", "path"]);
    for (const [, end, name] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*>/g)) {
      if (empty.has(name!)) continue;
      if (end === "") open.push(name!);
      else expect(open.pop(), `</${name}>`).toBe(name);
    }
    expect(open).toEqual([]);
    const ids = new Set([...page.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(20);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  it("says what to ask in the next lecture, where students stall, and who could not be graded", () => {
    const text = readIn(page);
    expect(text).toMatch(/Ten minutes of the next lecture.* of \d+ students.* at .* Ask .*\?/);
    expect(text).toMatch(/Where students stall .* of 11/);
    expect(text).toMatch(/Not graded .*is damaged after 1,024 bytes; ask for it again/);
    expect(text).toContain("Without a result yet late_shard_99");
    expect(text).toContain("handed nothing in Kurt Gödel");
  });

  it("has for each step what its students got wrong, an example, and the lesson", () => {
    const results = made.records.flatMap(({ steps }) => steps);
    const wrong = [...new Set(results.filter(({ mistake }) => mistake).map(({ id }) => id))];
    for (const id of wrong) expect(page).toContain(`id="step-${id}"`);
    expect(page).toContain('href="https://example.org/course/exercises/0-warm-ups/README.md#1-da-a-sum"');
    expect(page).toContain('<span class="tok-keyword">function</span>');
    // comments have names, and examples have no comments
    expect(page).not.toContain("by Ada Lovelace");
  });

  it("has the colors of the course's own page, light and dark", () => {
    const course = readFileSync(path.join(import.meta.dirname, "../../page/app/page.css"), "utf8");
    const colorsIn = (css: string): Map<string, string> =>
      new Map([...css.matchAll(/--([\w-]+): (#[0-9a-f]+);/g)].map(([, name, color]) => [name!, color!]));
    for (const [isDark, shared] of [
      [false, 11],
      [true, 11],
    ] as const) {
      const [own, theirs] = [STYLE, course].map((css) => {
        const [light = "", dark = ""] = css.split(/@media[^{]*prefers-color-scheme: dark\)/);
        return colorsIn(isDark ? dark.slice(0, dark.indexOf("}")) : light);
      });
      // what is an area here is text there
      const same = [...own!.keys()].filter((name) => theirs!.has(name) && name !== "passed");
      expect(same.length).toBeGreaterThanOrEqual(shared);
      expect(same.map((name) => [name, own!.get(name)])).toEqual(same.map((name) => [name, theirs!.get(name)]));
    }
  });

  it("leads to the lessons beside it where no address is given", async () => {
    await withClasses({ results: made }, async (folder) => {
      await merged(["results", "--format", "html", "--output", "class.html"], folder);
      const written = readFileSync(path.join(folder, "class.html"), "utf8");
      const [, href] = /href="([^"#]+0-warm-ups\/README\.md)#/.exec(written)!;
      expect(readFileSync(path.join(folder, decodeURIComponent(href!)), "utf8")).toContain("# ");
    });
  });

  it("of a large class has a column for some students each, and stays small", async () => {
    const large = await pageOf(130);
    expect(readIn(large)).toContain("Each column is about 3 students");
    expect([...large.matchAll(/<svg\s+viewBox="0 0 50 10"/g)]).toHaveLength(45);
    expect(large.length).toBeLessThan(700_000);
  });

  it("shows of what few of many did no more than a sentence, which nobody can be told by", async () => {
    const large = await pageOf(130);
    const single = "mistakes, of one student each";
    expect(readIn(large)).toContain(single);
    for (const [list] of large.matchAll(/<ul class="rare">[^]*?<\/ul>/g)) expect(list).not.toContain("<code");
    expect(readIn(page)).not.toContain(single);
  });
});

describe("text in HTML", () => {
  it("is escaped, and stays HTML where it is", () => {
    const inner = html`<b>${'<i> & "x"'}</b>`;
    expect(html`<p title="${'"'}">${[inner, "<", 3]}</p>`.markup).toBe(
      '<p title="&quot;"><b>&lt;i&gt; &amp; &quot;x&quot;</b>&lt;3</p>',
    );
  });

  it("has no escape sequences and nothing that turns its direction, and keeps every script", () => {
    expect(plainText("a\u001b[31mb\u0000c\u202ed\u2066e\ufefff")).toBe("abcdef");
    expect(plainText("Nguyễn 李 می‌خواهم 👩‍👩‍👧\n\t")).toBe("Nguyễn 李 می‌خواهم 👩‍👩‍👧\n\t");
  });
});
