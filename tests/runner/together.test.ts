import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { solutionsFolder } from "../../grader/runner/project.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { exercise, gradeFiles, stepOf } from "../trees.ts";

/** Steps in the order in which they are asked, and a right answer to each. */
const right = {
  dlogprobs: readFileSync(path.join(solutionsFolder, stepOf("dlogprobs").file), "utf8"),
  dprobs: exercise("dprobs", "return given.dlogprobs.div(given.probs);"),
  dcounts_sum_inv: exercise("dcounts_sum_inv", "return given.counts.mul(given.dprobs).sum(1, keepdim);"),
  dcounts: exercise("dcounts", "return given.counts_sum_inv.mul(given.dprobs).add(given.dcounts_sum);"),
  dnorm_logits: exercise("dnorm_logits", "return given.counts.mul(given.dcounts);"),
};
type Id = keyof typeof right;

/** A step that answers right, and does something else before that, when it is imported or called. */
function doing(id: Id, { imported = "", called = "" }: { imported?: string; called?: string }): string {
  return `${imported}\n${right[id].replace(/(?=\n *return )/, () => `\n${called}`)}`;
}

const graded = async (texts: Partial<Record<Id, string>>): Promise<Record<Id, StepResult>> =>
  (await gradeFiles({ ...right, ...texts })) as Record<Id, StepResult>;

const verdicts = (results: Record<string, StepResult>): string[] =>
  Object.values(results).map(({ id, verdict }) => `${id}: ${verdict}`);
const allExact = Object.keys(right).map((id) => `${id}: exact`);

/** Whether the code runs in the context that steps have together. */
const IS_HARDENED = "Object.isFrozen(Array.prototype)";

describe("functions run together", () => {
  it("in one hardened context, whether their answers are right or wrong", async () => {
    const say = `console.log(${IS_HARDENED});`;
    const results = await graded({
      dprobs: doing("dprobs", { called: say }),
      dcounts: exercise("dcounts", `${say} return given.counts;`),
    });
    expect([results.dprobs.printed, results.dcounts.printed]).toEqual(["true\n", "true\n"]);
    expect([results.dprobs.verdict, results.dcounts.verdict]).toEqual(["exact", "wrong"]);
  });

  it.each([
    ["a method of all arrays", `(Array.prototype as any).total = function () { return 1; };`, "[1].total();"],
    ["a method of tensors", `(Tensor.prototype as any).twice = function () { return this.mul(2); };`, ""],
    ["a changed method of tensors", `Tensor.prototype.neg = function () { return this; };`, ""],
    ["a global variable", "(globalThis as any).seen = [];", "(globalThis as any).seen.push(given);"],
    [
      "an error with a name",
      `class Own extends Error { constructor() { super("own"); this.name = "Own"; } }`,
      "new Own();",
    ],
    ["a console of its own", "", "console.log = () => {};"],
    [
      "what a regular expression matched last",
      "",
      `/b/.exec("abc"); if ((RegExp as any).$_.length !== 3) return null;`,
    ],
    ["weak references", "", "new WeakRef(given).deref(); new FinalizationRegistry(() => {});"],
    ["languages", "", "new Intl.NumberFormat().format(1);"],
    ["an object with an inherited name", "", `const own: any = {}; own.toString = () => "x"; String(own);`],
  ])("except for those that need %s, which run in contexts of their own", async (_what, imported, called) => {
    const results = await graded({
      dprobs: doing("dprobs", { imported, called: `${called} console.log(${IS_HARDENED});` }),
      dcounts: doing("dcounts", { called: `console.log(${IS_HARDENED});` }),
    });
    expect(verdicts(results)).toEqual(allExact);
    expect([results.dprobs.printed, results.dcounts.printed]).toEqual([
      called.startsWith("console.log =") ? "" : "false\n",
      "true\n",
    ]);
  });

  it("what throws is told as it is in a context of its own, and what it printed once", async () => {
    const { dprobs, ...others } = await graded({
      dprobs: exercise("dprobs", `console.log("before"); throw new Error(String(${IS_HARDENED}));`),
    });
    expect(dprobs).toMatchObject({ verdict: "threw", message: "Error: false", printed: "before\n" });
    expect(verdicts(others)).toEqual(allExact.filter((one) => !one.startsWith("dprobs")));
  });
});

describe("in the context that steps have together", () => {
  it("nothing can be reached that could be changed, except for the border's variables", async () => {
    const walk = `
  const start: any[] = [Tensor, tensor, keepdim, oneHot, onesLike, zerosLike, todo];
  const made = [
    () => function* () {}, () => async () => {}, () => async function* () {}, () => Object.getPrototypeOf((function* () {})()),
    () => Object.getPrototypeOf((async function* () {})()), () => [].values(), () => [].entries(), () => new Map().keys(), () => new Set().values(),
    () => "x"[Symbol.iterator](), () => "x".matchAll(/x/g), () => /x/.exec("x"), () => /x/d.exec("x"), () => (async () => {})(),
    () => new Error("x"), () => new AggregateError([]), () => (() => {}), () => class {}, () => [], () => ({}), () => /x/,
    () => new Date(), () => 1n, () => "x", () => 1, () => true, () => Symbol(), () => new Proxy({}, {}), () => String.raw\`x\`,
    () => ((parts: any) => parts)\`x\`, () => (function () { return arguments; })(), () => new Float32Array(1),
    () => new Float32Array(1).values(), () => new ArrayBuffer(1), () => new DataView(new ArrayBuffer(1)), () => globalThis,
    () => ([] as any).values().map((x: any) => x), () => (globalThis as any).Iterator.from({ next() {} }),
    () => (globalThis as any).Iterator.concat?.([]), () => (Array as any).fromAsync?.([]), () => new (Promise as any)(() => {}),
    () => Object.getOwnPropertyDescriptor((function () { return arguments; })(), "callee")?.get,
    () => Proxy.revocable({}, {}), () => given, () => given.probs, () => given.probs.shape, () => given.probs.max(1),
    () => given.probs.toArray(), () => { try { given.probs.view(7); } catch (error) { return error; } },
    () => { try { given.probs.nothing; } catch (error) { return error; } },
    () => { try { todo(); } catch (error) { return error; } },
    () => { try { (null as any).x; } catch (error) { return error; } }, () => console, () => (globalThis as any).Temporal?.Now.instant(),
  ];
  for (const make of made) {
    // what is made is the code's own; where it comes from is everybody's
    try { start.push(Object.getPrototypeOf(Object(make()))); } catch {}
  }
  const globals = Reflect.ownKeys(globalThis).filter((key) => Object.getOwnPropertyDescriptor(globalThis, key)!.writable !== false);
  for (const key of Reflect.ownKeys(globalThis)) if (!globals.includes(key)) start.push((globalThis as any)[key]);
  const seen = new Map<any, string>();
  const see = (value: any, name: string) => {
    if (value !== null && (typeof value === "object" || typeof value === "function") && !seen.has(value)) seen.set(value, name);
  };
  start.forEach((value, i) => see(value, String(i)));
  for (const [object, name] of seen) {
    if (object === globalThis) continue;
    see(Object.getPrototypeOf(object), name + ".__proto__");
    for (const key of Reflect.ownKeys(object)) {
      const { value, get, set } = Reflect.getOwnPropertyDescriptor(object, key)!;
      for (const part of [value, get, set]) see(part, name + "." + String(key));
    }
  }
  seen.delete(globalThis);
  const loose = [...seen].filter(([object]) => !Object.isFrozen(object)).map(([, name]) => name);
  console.log(JSON.stringify({ loose, globals, isExtensible: Object.isExtensible(globalThis), isEnough: seen.size > 400 }));`;
    const results = await graded({ dprobs: doing("dprobs", { called: walk }) });
    expect(JSON.parse(results.dprobs.printed)).toEqual({
      loose: [],
      globals: ["__request", "__elements", "__answer", "__printed"],
      isExtensible: false,
      isEnough: true,
    });
    expect(verdicts(results)).toEqual(allExact);
  });

  it("no step finds what an earlier one has tried to leave", async () => {
    const tries = (write: string, read: string): [leave: string, find: string] => [
      `try { ${write} } catch {}`,
      `try { found.push(${read}); } catch {}`,
    ];
    const ways = [
      tries(`(globalThis as any).left = "left";`, "(globalThis as any).left"),
      tries(`(Array.prototype as any).left = "left";`, "([] as any).left"),
      tries(`(Object.prototype as any).left = "left";`, "({} as any).left"),
      tries(
        `(Tensor as any).left = "left"; (tensor as any).left = "left";`,
        "(Tensor as any).left, (tensor as any).left",
      ),
      tries(`(given.probs.shape as any).left = "left";`, "(given.counts.shape as any).left"),
      tries(
        `Object.setPrototypeOf(Tensor.prototype, { left: "left" });`,
        "Object.getPrototypeOf(Tensor.prototype).left",
      ),
      tries(
        `(Math as any).left = "left"; (console as any).left = "left";`,
        "(Math as any).left, (console as any).left",
      ),
      tries(
        `/left/.exec("left"); "left".match(/(l)eft/);`,
        `(RegExp as any).lastMatch, (RegExp as any).$1, (RegExp as any)["$_"]`,
      ),
      tries(`(globalThis as any).__request = "left";`, `String((globalThis as any).__request).match(/^left/)?.[0]`),
      tries(
        `(globalThis as any).__elements = "left";`,
        `(globalThis as any).__elements === "left" ? "left" : undefined`,
      ),
      tries(`(globalThis as any).__answer.left = "left";`, "(globalThis as any).__answer.left"),
      tries(
        `Object.assign(function* () {}.constructor, { left: "left" });`,
        "(function* () {}.constructor as any).left",
      ),
      tries(
        `Object.assign(Object.getPrototypeOf("".matchAll(/x/g)), { left: "left" });`,
        `("".matchAll(/x/g) as any).left`,
      ),
      tries(`(todo as any).left = "left";`, "(todo as any).left"),
    ];
    const results = await graded({
      dprobs: doing("dprobs", { called: ways.map(([leave]) => leave).join("\n") }),
      dcounts: doing("dcounts", {
        called: `const found: any[] = []; ${ways.map(([, find]) => find).join("\n")}
  console.log(JSON.stringify([${IS_HARDENED}, found.filter((one) => one !== undefined)]));`,
      }),
    });
    expect(JSON.parse(results.dcounts.printed)).toEqual([true, []]);
    expect(verdicts(results)).toEqual(allExact);
  });

  it.each(["__request", "__elements", "__answer", "__printed"])(
    "a step that makes %s unusable harms no other",
    async (name) => {
      const spoil = `Object.defineProperty(globalThis, "${name}", { value: "left", writable: false });`;
      const find = `if ((globalThis as any)["${name}"] === "left") throw new Error("left");`;
      const results = await graded({
        dprobs: doing("dprobs", { called: spoil }),
        dcounts: doing("dcounts", { called: find }),
        dnorm_logits: doing("dnorm_logits", { imported: find }),
      });
      expect(verdicts(results).filter((one) => !one.startsWith("dprobs"))).toEqual(
        allExact.filter((one) => !one.startsWith("dprobs")),
      );
    },
  );
});
