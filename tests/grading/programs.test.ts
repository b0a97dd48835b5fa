import { describe, expect, it } from "vitest";
import { gradeSteps } from "../../grader/grading/grade.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { gradeFiles, stepOf } from "../trees.ts";
import { inProcessHost } from "./in-process-host.ts";

/** A file that exports a function of these parameters. */
function file(id: string, parameters: string, body: string): string {
  return [
    'import * as all from "#tensor";',
    'import { keepdim, onesLike, tensor, zerosLike, type Tensor } from "#tensor";',
    `export function ${id}(${parameters}): any {`,
    `  ${body}`,
    "}",
    "",
  ].join("\n");
}

async function graded(id: string, parameters: string, body: string): Promise<StepResult> {
  return (await gradeFiles({ [id]: file(id, parameters, body) }))[id]!;
}

const sum = "let sum = gradient; while (sum.shape.length > shape.length) sum = sum.sum(0);";
const ones = "for (const [dim, extent] of shape.entries()) if (extent === 1) sum = sum.sum(dim, keepdim);";
const unbroadcast = (body: string): Promise<StepResult> => graded("unbroadcast", "gradient: any, shape: any", body);
const order = (body: string): Promise<StepResult> => graded("topologicalOrder", "root: any", body);
const backward = (body: string): Promise<StepResult> => graded("backward", "order: any", body);

describe("a program that is hostile, or beside the point,", () => {
  it.each([
    ["returns nothing", "", "shape", "returned undefined, expected a float32 Tensor [1, 3]; is there a return?"],
    ["returns a number", "return 1;", "shape", "returned a number, expected a float32 Tensor [1, 3]"],
    ["returns a list", "return [gradient];", "shape", "returned a list, expected a float32 Tensor [1, 3]"],
    ["returns a function", "return () => gradient;", "shape", "returned a function (is a () missing?)"],
    ["returns integers", 'return tensor([1], [1], "int32");', "shape", "returned an int32 Tensor [1]"],
    ["returns itself", "const all: any[] = []; all.push(all); return all;", "shape", "returned a value whose [0][0]"],
    ["throws", 'throw new Error("no");', "threw", "Error: no"],
    ["throws a tensor's error", "return gradient.matmul(gradient);", "threw", "TensorError: matmul"],
    ["never ends", "for (;;) {}", "timeout", "timed out after 1 s"],
    ["gives NaN", `${sum} ${ones} return sum.mul(NaN);`, "not-finite", "NaN at [0, 0]"],
    ["gives chance", `${sum} ${ones} return sum.mul(1 + Math.random());`, "wrong", "two different answers"],
    ["changes its input", `gradient.mul_(2); ${sum} ${ones} return sum;`, "changed-inputs", "changed gradient;"],
    ["lacks a part", `${sum} return sum;`, "shape", "returned [2, 3], expected [1, 3]"],
  ])("%s: it gets a sentence", async (_, body, verdict, message) => {
    const result = await unbroadcast(body);
    expect(result).toMatchObject({ verdict, passed: false });
    expect(result.message).toContain(message);
  });

  it("is missing, or does not compile", async () => {
    const results = await gradeFiles({ unbroadcast: "export const other = 1;", arithmetic: "export function (" });
    expect(results["unbroadcast"]).toMatchObject({ verdict: "missing" });
    expect(results["arithmetic"]).toMatchObject({ verdict: "threw" });
  });

  it("answers with what the grader never asked for", async () => {
    const forged = `'{"header":{"values":[{"kind":"value","value":{"tensor":9},"changed":[]}]},"specs":[]}\\n'`;
    const file = `Promise.resolve().then(() => { (globalThis as any).__answer = () => ${forged}; });
export function unbroadcast() {}`;
    const { unbroadcast } = await gradeFiles({ unbroadcast: file });
    expect(unbroadcast).toMatchObject({
      passed: false,
      verdict: "threw",
      message: "the answer cannot be read; does the exercise change built-in objects?",
    });
  });
});

describe("a rule for several operations", () => {
  it("with two mistakes is told the one that explains more of its answers", async () => {
    const body = `if (name === "sub") return [upstream, upstream];
  if (name === "mul" && a.shape.length < b.shape.length) return [upstream.mul(b), upstream.mul(3)];
  if (name === "mul") return [upstream.mul(b), upstream.mul(a)];
  return name === "add" ? [upstream, upstream] : [upstream.div(b), upstream.mul(output).div(b).neg()];`;
    const { mistake, passed } = await graded("arithmetic", "{ name, a, b, output, upstream }: any", body);
    expect([passed, mistake?.id]).toEqual([false, "sign-of-difference"]);
  });
});

describe("a topological order", () => {
  const head = "const order: any[] = []; const seen = new Set();";
  const visit = "const visit = (node: any): void => { if (seen.has(node)) return; seen.add(node);";
  const rest = "node.inputs.forEach(visit); order.push(node); }; visit(root); return order;";

  it("by nested calls is right, but exceeds the call stack on a long chain", async () => {
    const { verdict, mistake, message } = await order(`${head} ${visit} ${rest}`);
    expect([verdict, mistake?.id]).toEqual(["threw", "too-deep"]);
    expect(message).toContain("with a chain of 100000 nodes");
  });

  it("without a memory of its nodes takes a time that doubles with each diamond", async () => {
    const body = `const visit = (node: any): any[] => [...node.inputs.flatMap(visit), node]; return [...new Set(visit(root))];`;
    const { passed, mistake } = await order(body);
    expect([passed, mistake?.id]).toEqual([false, "exponential"]);
  });

  it("that searches its list takes a time that grows with the square", async () => {
    const body = `const order: any[] = []; const open = [root];
  while (open.length > 0) {
    const node = open.at(-1);
    const next = node.inputs.find((input: any) => !order.includes(input));
    if (next) open.push(next);
    else { open.pop(); if (!order.includes(node)) order.push(node); }
  }
  return order;`;
    expect((await order(body)).mistake?.id).toBe("squared");
  });

  it.each([
    ["no list", "return 3;", "it returned no list of nodes"],
    ["other things", "return [1, 2];", "no node of the graph"],
    ["too few nodes", "return [root];", "nodes are missing"],
  ])("that is %s is wrong", async (_, body, message) => {
    const result = await order(body);
    expect(result.verdict).toBe("wrong");
    expect(result.message).toContain(message);
  });
});

describe("a backward pass", () => {
  it("that leaves no gradients gets a sentence", async () => {
    const result = await backward("return order;");
    expect(result.verdict).toBe("shape");
    expect(result.message).toBe(
      "the gradient of x: it is missing, expected a float32 Tensor [] (with x * x + x * y at x = 3 and y = 5)",
    );
  });

  it("that adds gradients in place is told so", async () => {
    const body = `for (const node of order) node.gradient = undefined;
  order.at(-1).gradient = onesLike(order.at(-1).value);
  for (const node of order.toReversed())
    for (const [i, part] of node.pullback(node.gradient).entries()) {
      const input = node.inputs[i];
      if (input.gradient) input.gradient.add_(part); else input.gradient = part;
    }`;
    expect((await backward(body)).mistake?.id).toBe("in-place");
  });
});

describe("both hosts", () => {
  it("give programs the same results", async () => {
    const texts = {
      unbroadcast: file("unbroadcast", "gradient: any, shape: any", `${sum} console.log(1); return sum;`),
      backward: file("backward", "order: any", "for (const node of order) node.gradient = node.value;"),
      elementwise: file("elementwise", "{ x }: any", "return x.matmul(x);"),
    };
    const [unbroadcast, elementwise, backward] = await Promise.all([
      gradeFiles(texts),
      gradeSteps(
        inProcessHost(Object.fromEntries(Object.entries(texts).map(([id, text]) => [stepOf(id).file, text]))),
        courseOf(readNames(shippedNames), "ours"),
        Object.keys(texts).map(stepOf),
      ),
    ]).then(([processes, here]) =>
      Object.keys(texts).map((id) => [processes[id], here.find((result) => result.id === id)]),
    );
    for (const [one, other] of [unbroadcast!, elementwise!, backward!]) {
      expect({ ...other, milliseconds: 0, source: null }).toEqual({ ...one, milliseconds: 0, source: null });
      expect(one!.passed).toBe(false);
    }
  });
});
