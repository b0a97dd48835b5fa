import { createRequire } from "node:module";
import stringWidth from "string-width";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LateSegmenter } from "../../grader/report/late-segmenter.ts";
import lateStringWidth from "../../grader/report/late-width.ts";
import { projectRoot } from "../../grader/runner/project.ts";

afterEach(() => vi.unstubAllGlobals());

describe("what stands in for string-width in the grader's script", () => {
  const ascii = [
    "",
    "passed",
    "a b  c",
    "\u001b[31mwrong\u001b[39m",
    "\u001b[1m\u001b[32m12\u001b[39m\u001b[22m of 52",
  ];
  const others = ["größe", "中文", "👩‍👩‍👧 x", "a\tb", "e\u0301", "\u001b[31m✓\u001b[39m", "\u0007", "한글", "ﾞ", "\u200b"];

  it("says the same, with colors and without", () => {
    vi.stubGlobal("require", createRequire(`${projectRoot}/grader/report/late-width.ts`));
    for (const text of [...ascii, ...others]) {
      for (const options of [undefined, { countAnsiEscapeCodes: true }]) {
        expect(lateStringWidth(text, options), JSON.stringify(text)).toBe(stringWidth(text, options));
      }
    }
  });

  it("needs string-width for nothing in ASCII", () => {
    vi.stubGlobal("require", () => expect.unreachable());
    expect(ascii.map((text) => lateStringWidth(text))).toEqual([0, 6, 6, 5, 8]);
  });

  it("segments as Intl.Segmenter does", () => {
    const texts = [...ascii, ...others];
    const own = new LateSegmenter();
    for (const text of texts) expect([...own.segment(text)]).toEqual([...new Intl.Segmenter().segment(text)]);
  });
});
