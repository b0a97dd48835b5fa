import vm from "node:vm";
import { describe, expect, test } from "vitest";
import { columnInV8 } from "../../page/grader/compile/stack.ts";
import { hasTailCalls, holder, withoutTailCalls } from "../../page/grader/compile/tail-calls.ts";
import { errorWords } from "../../page/grader/engine-words.ts";

/** WebKit's engine calls, names places and words errors in its own way: seen in WebKitGTK 2.50. */

describe("a script without tail calls", () => {
  test.each([
    ["const f = () => 1; const g = (a) => f(a); found = g(2);"],
    ["function f(a) { return a, [a, 2], g(a, 3); } function g(a, b) { return a + b } found = f(1)"],
    ["const f = (a) => ({ a, g: () => ({ a }) }); found = f(1).g();"],
    ["function f(a) {\n  if (a > 2) return f(a - 1)\n  const b = 1, c = 2\n  return\n}\nfound = f(4);"],
    ["function f(a) { return function () { return a; }; } found = [f(1)(), f(1).name];"],
    ["const f = (a) => a ? (b) => b.map((c) => c * 2) : () => {}; found = f(1)([1, 2]);"],
    ["function* f() { return yield* [1, 2]; } found = [...f()];"],
    ["const text = `${((a) => `${a} return a, b`)(1)}`; found = /=> a/.test(text) || text;"],
    ["const a = { return(b) { return b(); }, b: { return: 1 } }; found = [a.return(() => 1), a.b.return];"],
    ["function f(a) { switch (a) { case 1: return f(2); default: return /,/.test(a) } } found = f(1);"],
  ])("does the same: %j", (script) => {
    const held = withoutTailCalls(script);
    expect(held.code).not.toBe(script);
    const results = [script, held.code].map((code) => {
      return JSON.stringify(vm.runInNewContext(`"use strict"; ${holder} let found; ${code}\n;[found]`));
    });
    expect(results[1]).toBe(results[0]);
  });

  test("knows where each of its places was before", () => {
    const script = "const f = (a) => g(a), h = (a) => { return a, g(a); };\n  return f(1);";
    const { code, columnBefore } = withoutTailCalls(`function a() {\n${script}\n}`);
    for (const [i, line] of code.split("\n").entries()) {
      const before = `function a() {\n${script}\n}`.split("\n")[i]!;
      for (const { 0: word, index } of line.matchAll(/[\w]+(?=\()/g)) {
        expect(before.slice(columnBefore(i + 1, index)), word).toMatch(new RegExp(`^${word}\\(`));
      }
    }
  });

  test.each(["while (", "const __returned = 1; const f = () => 1;"])("is left as it is: %j", (script) => {
    expect(withoutTailCalls(script).code).toBe(script);
  });

  test("is not needed here", () => expect(hasTailCalls).toBe(false));
});

describe("WebKit's columns", () => {
  // | is V8's place, ^ is WebKit's
  test.each([
    "given.probs.|mul^(1);",
    "|boom^(1) + 2",
    "throw |new Error^('no idea');",
    "|new a.b.Thrower^(1)",
    "given.nothing^.|foo.bar(1)",
    "given?.probs.|mul^(1, 2)",
    "given^?.|probs.mul(1, 2)",
    "given.probs['mul']|^(1)",
    "const z = |prbs^;",
    "given.probs.|mul^",
    "boom|^`x`",
    "|^+given.bad",
    "renew.|mul^(1)",
  ])("are V8's: %s", (marked) => {
    const column = (sign: string): number => marked.replace(sign === "|" ? "^" : "|", "").indexOf(sign) + 1;
    expect(columnInV8(marked.replace(/[|^]/g, ""), column("^"))).toBe(column("|"));
  });
});

describe("WebKit's words", () => {
  test.each([
    ["ReferenceError: Can't find variable: prbs", "ReferenceError: prbs is not defined"],
    [
      "TypeError: undefined is not an object (evaluating 'given.nothing.foo')",
      "TypeError: Cannot read properties of undefined (reading 'foo')",
    ],
    ["TypeError: null is not an object (evaluating 'a[0]')", "TypeError: Cannot read properties of null (reading '0')"],
    [
      "TypeError: undefined is not an object (evaluating 'given.nothing.foo = 3')",
      "TypeError: Cannot set properties of undefined (setting 'foo')",
    ],
    [
      "TypeError: given.probs.foo is not a function. (In 'given.probs.foo(1)', 'given.probs.foo' is undefined)",
      "TypeError: given.probs.foo is not a function",
    ],
    ["TypeError: undefined is not a function (near '...x of 5...')", "TypeError: 5 is not iterable"],
    ["TypeError: 5 is not a constructor (evaluating 'new a()')", "TypeError: 5 is not a constructor"],
    ["Error: undefined is not an object", "Error: undefined is not an object"],
  ])("are V8's: %s", (said, words) => expect(errorWords(said)).toBe(words));
});
