import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { NamesError, makeDataset, parseNames } from "../../grader/course/makemore/dataset.ts";
import { pythonShuffle } from "../../grader/network/random.ts";
import { tensor } from "#tensor";

/** Twenty names of two to five letters. */
const twenty = Array.from({ length: 20 }, (_, i) => "abcde".slice(0, 2 + (i % 4)).replace("a", "fghij"[i % 5] ?? "f"));

describe("parseNames", () => {
  it("reads one name per line, in the file's order, including repeated ones", () => {
    expect(parseNames("emma\nava\nemma\n", "names.txt")).toEqual(["emma", "ava", "emma"]);
  });

  it("ignores a byte order mark, every kind of line end, blank lines and spaces, and converts capitals to lowercase", () => {
    expect(parseNames("\uFEFFEmma\r\n\r\n  ava\t\rMIA\n\n", "names.txt")).toEqual(["emma", "ava", "mia"]);
  });

  it("reads no names from an empty text", () => {
    expect(parseNames("", "names.txt")).toEqual([]);
  });

  it.each([
    ["an accent", "emma\nzoë\n", 'names.txt:2:3: expected a name in the letters a to z, found "ë" in "zoë"'],
    ["a digit", "r2d2", 'names.txt:1:2: expected a name in the letters a to z, found "2" in "r2d2"'],
    ["a space within a name", "\n\n mary ann\n", 'names.txt:3:6: expected a name in the letters a to z, found " "'],
    ["a hyphen after CRLF lines", "a\r\nb\r\nanne-marie", "names.txt:3:5:"],
    ["the end mark", "emma.", 'names.txt:1:5: expected a name in the letters a to z, found "." in "emma."'],
    [
      "a character beyond 16 bits, whole",
      "\uFEFFa😀",
      'names.txt:1:2: expected a name in the letters a to z, found "😀"',
    ],
  ])("names the file, line, column and character of %s", (_, text, message) => {
    const parse = (): unknown => parseNames(text, "names.txt");
    expect(parse).toThrow(NamesError);
    expect(parse).toThrow(message);
    expect(parse).toThrow("write one name per line, without accents, spaces or digits");
  });
});

describe("makeDataset", () => {
  it.each([
    ["an empty file", "", "few.txt: too little to learn from: 0 names of 0 different letters"],
    ["blank lines", "\n \r\n", "few.txt: too little to learn from: 0 names of 0 different letters"],
    ["names of one letter", "aa\n".repeat(20), "few.txt: too little to learn from: 20 names of 1 different letters"],
    ["too few names for three splits", "ab\nba\nabba\n", "few.txt: too little to learn from: 3 names"],
  ])("refuses %s", (_, text, message) => {
    const make = (): unknown => makeDataset(text, "few.txt", 3);
    expect(make).toThrow(NamesError);
    expect(make).toThrow(message);
  });

  it("names the position of a wrong character", () => {
    expect(() => makeDataset("ab\nb4\n", "few.txt", 3)).toThrow("few.txt:2:2:");
  });

  it("numbers the characters: '.' is 0, then the letters that occur, sorted", () => {
    expect(makeDataset("zc\nca\n".repeat(10), "z.txt", 3).characters).toEqual([".", "a", "c", "z"]);
  });

  it("gives each character of a name, and its end, one example with the characters before it", () => {
    // the same name twenty times: in any shuffled order, each split begins with it
    const { Xb, Yb } = makeDataset("emma\n".repeat(20), "emma.txt", 3).split("train");
    // '.' 0, a 1, e 2, m 3
    expect([...Xb.toArray()].slice(0, 15)).toEqual([0, 0, 0, 0, 0, 2, 0, 2, 3, 2, 3, 3, 3, 3, 1]);
    expect([...Yb.toArray()].slice(0, 5)).toEqual([2, 3, 3, 1, 0]);
    expect([Xb.shape, Yb.shape, Xb.dtype, Yb.dtype]).toEqual([[80, 3], [80], "int32", "int32"]);
  });

  it("uses as many characters of context as requested", () => {
    const { Xb } = makeDataset("ab\n".repeat(20), "ab.txt", 5).split("test");
    expect([...Xb.toArray()].slice(0, 15)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 2]);
  });

  it("shuffles the names with seed 42 and splits them at 80 and 90 percent", () => {
    const dataset = makeDataset(twenty.join("\n"), "twenty.txt", 3);
    expect(dataset.names).toEqual(twenty);
    /** A split's labels as text: its names, each with its end mark. */
    const spelled = (split: "train" | "dev" | "test"): string =>
      Array.from(dataset.split(split).Yb.toArray(), (label) => dataset.characters[label]).join("");
    const shuffled = pythonShuffle(twenty, 42).map((name) => `${name}.`);
    expect(spelled("train")).toBe(shuffled.slice(0, 16).join(""));
    expect(spelled("dev")).toBe(shuffled.slice(16, 18).join(""));
    expect(spelled("test")).toBe(shuffled.slice(18).join(""));
  });

  it("splits where Python's int(0.8 * n) does", () => {
    const names = twenty.slice(0, 11);
    const sizes = (["train", "dev", "test"] as const).map(
      (split) => [...makeDataset(names.join("\n"), "n.txt", 3).split(split).Yb.toArray()].filter((y) => y === 0).length,
    );
    expect(sizes).toEqual([8, 1, 2]);
  });
});

it("examples are picked by their indices, twice if an index occurs twice", () => {
  // .. -> a, .a -> b, ab -> '.', and the same again
  const examples = makeDataset("ab\n".repeat(20), "ab.txt", 2).split("train");
  const { Xb, Yb } = examples.pick(tensor([2, 0, 2, 4], [4], "int32"));
  expect([...Xb.toArray()]).toEqual([1, 2, 0, 0, 1, 2, 0, 1]);
  expect([...Yb.toArray()]).toEqual([0, 1, 0, 2]);
  expect([Xb.shape, Yb.shape, Xb.dtype, Yb.dtype]).toEqual([[4, 2], [4], "int32", "int32"]);
});

it("the default corpus has thousands of different names in all letters, sorted", () => {
  const text = readFileSync(new URL("../../data/names.txt", import.meta.url), "utf8");
  const names = text.trimEnd().split("\n");
  expect(names.length).toBeGreaterThanOrEqual(4000);
  expect(names.filter((name) => !/^[a-z]{2,15}$/.test(name))).toEqual([]);
  expect(names).toEqual([...new Set(names)].toSorted());
  expect(new Set(names.join("")).size).toBe(26);
  expect(makeDataset(text, "data/names.txt", 3).characters).toHaveLength(27);
});
