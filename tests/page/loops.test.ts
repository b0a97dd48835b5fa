import vm from "node:vm";
import { describe, expect, test } from "vitest";
import { loopIn, watched } from "../../page/grader/compile/loops.ts";

/** Where a script's loop is, as the script that is watched says when it runs. */
function foundIn(script: string): unknown {
  const code = watched(script, 5);
  if (code === undefined) return undefined;
  try {
    vm.runInNewContext(code, {}, { timeout: 20_000 });
    return "ended";
  } catch (error) {
    return loopIn(String(error));
  }
}

describe("the place of an endless loop", () => {
  test.each([
    ["while (true) {}", 1, 1],
    ["let i = 0;\n  while (i < 3) { i = 0; }", 2, 3],
    ["for (;;);", 1, 1],
    ["for (let i = 0; i < 3; ) { [1].map((x) => x); }", 1, 1],
    ["for (let i = 0, f = (a) => { ; return a; }; f(i) < 3; ) {}", 1, 1],
    ["let i = 0; do { i = 0; } while (i < 1)", 1, 26],
    ["const text = `${1}`; for (const i of [1, 2]) { while (i) {} }", 1, 48],
  ])("%j", (script, line, column) => {
    expect(foundIn(script)).toEqual({ line, column });
  });

  test("a loop that ends is left as it is, a comma and an assignment in its condition as well", () => {
    expect(
      foundIn("let i = 0, n = 0; while (n++, i++ < 5) {} for (; (i -= 1) > 0; ) {} if (i !== 0 || n !== 6) i();"),
    ).toBe("ended");
  });

  test("a script without a loop, or one that cannot be read, is not watched", () => {
    expect(watched("for (const i of [1]) i;")).toBeUndefined();
    expect(watched("while (")).toBeUndefined();
  });
});
