import { describe, expect, it } from "vitest";
import { slipsIn } from "../../grader/grading/idioms/slips.ts";
import { gradeFiles, stepOf } from "../trees.ts";

/** The function of a step with a body, or as a whole. */
function fileWith(code: string): string {
  const isWhole = code.startsWith("export");
  const body = isWhole ? code : `export function dy({ x, y, u, du }: Given<"dy">): Tensor {\n  ${code}\n}`;
  return `import { type Given } from "#course";\nimport { tensor, zerosLike, type Tensor } from "#tensor";\n${body}\n`;
}

/** What is written, the line, and what is said of it. */
const slips: [code: string, line: number, note: string][] = [
  ["return du.neg;", 4, "neg is a method: write du.neg()"],
  ["return du.view(x.size[0], -1);", 4, "size is a method: write x.size(0)"],
  ["return du.view(x.size);", 4, "size is a method: write x.size(...)"],
  [
    "const d = zerosLike(x);\n  for (let i = 0; i < x.size[0]; i++) d.set(i, 0, 1);\n  return d;",
    5,
    "size is a method: write x.size(0)",
  ],
  ["const first = du.sum().item;\n  return du.mul(first);", 4, "item is a method: write du.sum().item()"],
  [
    "const { rows, columns } = x.shape;\n  return du.view(rows, columns);",
    4,
    "a shape is an array: write const [rows, columns] = x.shape",
  ],
  ["return du.view((4, 1));", 4, "du.view((4, 1)) is written du.view(4, 1)"],
  ["return du.div(x.shape[-1]);", 4, "an array has no index below zero: x.shape[-1] is written x.size(-1)"],
  [
    "const half = x.size(0) // 2;\n  return du.mul(half);",
    4,
    "// begins a comment: Python's a // b is written Math.floor(a / b)",
  ],
  [
    "const half = x.size(0) // 2\n  return du.mul(half);",
    4,
    "// begins a comment: Python's a // b is written Math.floor(a / b)",
  ],
  ["return\n  du.mul(x);", 4, "this return ends with its line and returns nothing: begin the value on the same line"],
  [
    "export function dy(x: Tensor, y: Tensor, u: Tensor, du: Tensor): Tensor {\n  return x.mul(du);\n}",
    3,
    "dy is called with one object: write function dy({ x, y, u, du }), or some of these names",
  ],
  [
    'export function dy({ left, du }: Given<"dy">): Tensor {\n  return left.mul(du);\n}',
    3,
    "left is not given: dy is called with x, y, u, du; x: left gives one of them another name",
  ],
];

/** What is right so far, and wrong for another reason. */
const innocent = [
  "return du.mul(y); // 2 factors",
  "const n = x.size(0); // 2",
  "const d = du.mul(y) // dy, without x;\n  return d;",
  "if (x.size(0) > 1) { // 2)\n    return du; }\n  return du.mul(y);",
  'const address = "https://example.org/2;";\n  return du.mul(y, address.length);',
  "const last = [1, 2].at(-1)!;\n  return du.mul(last);",
  "return du.mul(x.size(0));",
  "const f = du.mul.bind(du);\n  return f(y);",
  "const [rows, columns] = x.shape;\n  return du.view(rows!, columns!).mul(y);",
  "const { length } = x.shape;\n  return du.mul(length);",
  "if (x.size(0) < 0) {\n    return x;\n  }\n  return (\n    du.mul(y)\n  );",
  "const rest = () => {\n    return\n  };\n  rest();\n  return du.mul(y);",
  'export function dy({ x: left, du: g = x0, ...others }: Given<"dy">): Tensor {\n  return others.y.mul(g);\n}\nconst x0 = tensor([1]);',
  "export function dy(",
  "export function dy({",
  'export function dy(given: Given<"dy">): Tensor {\n  return given.y.mul(given.du);\n}',
];

describe("a slip that no error names gets a note", () => {
  it.each(slips)("%s", async (code, line, text) => {
    const { dy } = await gradeFiles({ dy: fileWith(code) });
    expect(dy!.passed).toBe(false);
    expect(dy!.notes).toContainEqual(expect.objectContaining({ line, text }));
  });

  it.each(innocent)("and this gets none: %s", async (code) => {
    const { dy } = await gradeFiles({ dy: fileWith(code) });
    expect(dy!.passed).toBe(false);
    expect(dy!.notes.filter(({ text }) => !text.startsWith("TS"))).toEqual([]);
  });
});

it("a file can end anywhere", () => {
  for (const [code] of slips) {
    const text = fileWith(code);
    for (let end = 0; end < text.length; end++) expect(() => slipsIn(stepOf("dy"), text.slice(0, end))).not.toThrow();
  }
});

describe("what is written without types", () => {
  it.each([
    "export const dy = ({ x, du }) => x.mul(du).mul(2);",
    "export function dy(given) {\n  const all = [];\n  for (const name in given) all.push(given[name]);\n  return all[0];\n}",
  ])("is not told that they are missing: %s", async (code) => {
    const { dy } = await gradeFiles({ dy: fileWith(code) });
    expect(dy!.passed).toBe(false);
    expect(dy!.notes).toEqual([]);
  });
});

describe("a note is TypeScript that does what it says", () => {
  it.each([
    ['console.log("u " + u);\n  return u;', /\.add\("/],
    ["return zerosLike(x).set(0, 0, x.get(0, 0) + u);", /set\(0, 0, u\.add/],
    ["return du.mul(Math.max(x));", /\.max\(\)/],
  ])("%s", async (code, wrong) => {
    const { dy } = await gradeFiles({ dy: fileWith(code) });
    expect(dy!.notes.map(({ text }) => text).join()).not.toMatch(wrong);
  });

  it("a tensor without dimensions has its number in item()", async () => {
    const code = `import { type Given } from "#course";
import { zerosLike, type Tensor } from "#tensor";
export function numericalGradient({ spot, nudge }: Given<"numericalGradient">): Tensor {
  return zerosLike(spot).set(0, 0, spot.get(0, 0) + nudge);
}
`;
    const { numericalGradient } = await gradeFiles({ numericalGradient: code });
    expect(numericalGradient!.notes[0]!.text).toContain("set(0, 0, spot.get(0, 0) + nudge.item())");
  });
});

it("an error of the engine has the names of the file, not those of the bundle", async () => {
  const { dy } = await gradeFiles({ dy: fileWith("const dy = dy.mul(x);\n  return dy;") });
  expect(dy!.message).toBe("ReferenceError: Cannot access 'dy' before initialization");
});

describe("what is no tensor is named", () => {
  it.each([
    ["const dy = du;\n  return { dy } as never;", "an object with a tensor in it (return the tensor itself)"],
    ["return { ...du } as never;", "an object without a tensor's numbers (x.clone() copies a tensor)"],
    ["return [x, y] as never;", "an array of tensors (return one tensor)"],
    ["return du.neg as never;", "a function (is a () missing?)"],
  ])("%s", async (code, said) => {
    const { dy } = await gradeFiles({ dy: fileWith(code) });
    expect(dy!.message).toBe(`returned ${said}, expected a float32 Tensor [2, 3]`);
  });

  it("and so is a function that is not exported under its name", async () => {
    const { dy } = await gradeFiles({ dy: fileWith("export default function dy({ du }: any) {\n  return du;\n}") });
    expect(dy!.message).toBe(
      "no function dy is exported; it exports default; write export function dy(...), without default",
    );
  });
});
