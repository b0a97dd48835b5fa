import { stripVTControlCharacters } from "node:util";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fold } from "../../grader/report/text.ts";

const red = "\u001b[31m";
const plain = "\u001b[39m";

describe("a line folded to so many columns", () => {
  it("is broken at spaces, and set in as far as it began", () => {
    expect(fold("  one two three", 9)).toEqual(["  one two", "  three"]);
    expect(fold("one two three", 9)).toEqual(["one two", "three"]);
    expect(fold("a".repeat(10), 4)).toEqual(["aaaa", "aaaa", "aa"]);
    expect(fold("fits", 4)).toEqual(["fits"]);
    expect(fold("", 4)).toEqual([""]);
  });

  it("counts what is seen, not the codes that colour it", () => {
    expect(fold(`${red}one${plain} two three`, 7)).toEqual([`${red}one${plain} two`, "three"]);
  });

  it("is never wider, and loses nothing but spaces", () => {
    const word = fc.stringMatching(/^[a-z\u00e4\u{1d4b6}]{1,12}$/u);
    const line = fc.tuple(fc.nat(6), fc.array(fc.tuple(fc.boolean(), word), { maxLength: 12 }));
    fc.assert(
      fc.property(line, fc.integer({ min: 8, max: 40 }), ([indent, words], columns) => {
        const text = " ".repeat(indent) + words.map(([on, it]) => (on ? red + it + plain : it)).join(" ");
        const folded = fold(text, columns);
        for (const part of folded) expect([...stripVTControlCharacters(part)].length).toBeLessThanOrEqual(columns);
        expect(folded.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
    );
  });
});
