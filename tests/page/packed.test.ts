import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { gzipSync } from "node:zlib";
import { columnsOf, valuesOf } from "../../page/columns.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { packedLessons, unpackedLesson } from "../../page/packed/lessons.ts";
import { packedNames, unpackedNames } from "../../page/packed/names.ts";
import { packedTexts, unpackedTexts } from "../../page/packed/text.ts";

const read = (file: string): string => readFileSync(path.join(projectRoot, file), "utf8");
const names = read("data/names.txt");

describe("packed names", () => {
  test("are the same when they are unpacked, and a quarter of their size", () => {
    const packed = packedNames(names);
    expect(unpackedNames(packed)).toBe(names);
    expect(packed.length).toBeLessThan(names.length / 4);
  });

  test.each([[""], ["a\n"], ["zoe\nadam\nadam\nad\n"], [`${"z".repeat(300)}\na\n`]])("can be any: %j", (text) => {
    expect(unpackedNames(packedNames(text))).toBe(text);
  });

  test.each([["Ada\n"], ["ada"], ["ada\n\n"], ["zoë\n"]])(
    "are refused if they are not lines of letters: %j",
    (text) => {
      expect(() => packedNames(text)).toThrow("only lines in the letters a to z");
    },
  );
});

describe("packed texts", () => {
  const texts = [read("exercises/GLOSSARY.md"), read("exercises/TENSORS.md")];

  test("are the same when they are unpacked, and smaller than gzip makes them", () => {
    const packed = packedTexts(texts);
    expect([...unpackedTexts(packed)]).toEqual(texts);
    expect(packed.length).toBeLessThan(0.8 * gzipSync(texts.join(""), { level: 9 }).length);
  });

  test("are unpacked one by one, each when it is asked for", () => {
    const unpacked = unpackedTexts(packedTexts(["one", "", "two"]));
    expect([unpacked.next().value, unpacked.next().value]).toEqual(["one", ""]);
    expect([...unpacked]).toEqual(["two"]);
  });

  test.each([
    ["nothing", ""],
    ["a letter", "a"],
    ["signs", "∂L/∂x = −1 · 𝑥\n\0\0"],
    ["more bytes than there is room for at first", "ab".repeat(40_000)],
  ])("can be any: %s", (_, text) => {
    expect([...unpackedTexts(packedTexts([text]))]).toEqual([text]);
  });
});

describe("packed lessons", () => {
  const part = "<p>¡one <em>two</em></p><hr>\n<pre><code><b>3</b></code></pre><math><mi>x</mi></math>";
  const picture = '<img src="b.svg" alt="">';
  const lessons = [
    { file: "a.md", html: part.repeat(9) },
    { file: "b.md", html: `<h1>b</h1>${picture}${part}` },
  ];

  test("are the same when they are unpacked, and shorter; pictures get addresses", () => {
    const [signs, packed] = packedLessons(lessons);
    expect(JSON.stringify(packed[0]).length).toBeLessThan(lessons[0]!.html.length / 2);
    const copy = JSON.parse(JSON.stringify(packed)) as typeof packed;
    const unpacked = copy.map((lesson) => unpackedLesson(lesson, signs, (name) => `blob:${name}`));
    const html = lessons.map(({ html }) => html);
    html[1] = html[1]!.replace("b.svg", "blob:b.svg");
    expect(unpacked).toEqual(lessons.map(({ file }, i) => ({ file, html: html[i] })));
  });

  test.each([["<p><em>one</p></em>"], ["one</p>"]])("whose elements do not end are refused: %s", (html) => {
    expect(() => packedLessons([{ file: "a.md", html }])).toThrow("do not all end");
  });
});

describe("lists in columns", () => {
  test.each([
    [[]],
    [[1, "a", undefined, [2, "b"]]],
    [[[1, 2], [], undefined, [3]]],
    [
      [
        { a: 1, b: [] },
        { a: 2, b: [{ c: "x" }, { d: ["y"] }] },
      ],
    ],
    [[{ a: { b: 1 } }, { a: { c: [1] }, d: 0 }, { d: "" }]],
  ])("are the same when they are rows again: %j", (values) => {
    expect(valuesOf(JSON.parse(JSON.stringify(columnsOf(values))))).toEqual(values);
  });

  test("have no null", () => {
    expect(() => columnsOf([{ a: null }])).toThrow("null");
  });
});
