import { describe, expect, it } from "vitest";
import { placeOfName } from "../../grader/grading/place-of-name.ts";

const undefinedRead = "TypeError: Cannot read properties of undefined (reading 'mul')";

describe("an error's position is that of the name in its message", () => {
  const told: [message: string, code: string, marked: string][] = [
    ["ReferenceError: dprob is not defined", "  return probs.mul(dprob);", "dprob);"],
    ["ReferenceError: $x is not defined", "  return probs.mul($x);", "$x);"],
    ["ReferenceError: probs is not defined", "  return given.probs.mul(probs);", "probs);"],
    ["ReferenceError: Cannot access 'a' before initialization", "  const c = b.add(a_b).add( a );", "a );"],
    [undefinedRead, "  return given.count.mul(2).add(1);", "mul(2).add(1);"],
    [undefinedRead, '  return given.count.mul(2); // "mul"', 'mul(2); // "mul"'],
    ["TypeError: given.probs.foo is not a function", "  return given.probs.foo(foo);", "foo(foo);"],
    ["TypeError: given.probs.mul(...).foo is not a function", "  return given.probs.mul(2).foo();", "foo();"],
    ["TypeError: zeros is not a function", '  return zeros("zeros");', 'zeros("zeros");'],
    ["TypeError: x is not iterable", "  const [a] = x;", "x;"],
  ];
  it.each(told)("%s: %s", (message, code, marked) => {
    const found = placeOfName(message, `first\r\n${code}\nlast`, { line: 2, column: 3 });
    expect(found?.line).toBe(2);
    expect(code.slice(found!.column - 1)).toBe(marked);
  });

  const untold: [message: string, code: string][] = [
    ["ReferenceError: x is not defined", "  return x.mul(x);"],
    ["ReferenceError: x is not defined", "  return y"],
    ["ReferenceError: x is not defined", "  const { x: y } = x;"],
    ["ReferenceError: mul is not defined", "  return probs.mul(2);"],
    [undefinedRead, "  return a.mul(b).mul(c);"],
    [undefinedRead, "  return mul;"],
    [undefinedRead, `  return given.mul; ${" ".repeat(1000)}`],
    ["TypeError: Assignment to constant variable.", "  constant = 1;"],
    ["Error: x is not defined", "  throw x;"],
    ["ReferenceError: x is not defined", ""],
  ];
  it.each(untold)("unless that name is missing or ambiguous: %s: %s", (message, code) => {
    expect(placeOfName(message, `first\n${code}`, { line: 2, column: 3 })).toBeUndefined();
    expect(placeOfName(message, "first", { line: 2, column: 3 })).toBeUndefined();
  });
});
