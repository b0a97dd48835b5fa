import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { packedNames, unpackedNames } from "../../page/names/packed.ts";
import { columnsOf, valuesOf } from "../../page/columns.ts";

const names = readFileSync(path.join(import.meta.dirname, "..", "..", "data", "names.txt"), "utf8");

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
