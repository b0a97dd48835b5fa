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
    // without a name by which code could see that it is hardened
    const say = `console.log((Object as any)["is" + "Frozen"](Array.prototype));`;
    const results = await graded({
      dprobs: doing("dprobs", { called: say }),
      dcounts: exercise("dcounts", `${say} return given.counts;`),
    });
    expect([results.dprobs.printed, results.dcounts.printed]).toEqual(["true\n", "true\n"]);
    expect([results.dprobs.verdict, results.dcounts.verdict]).toEqual(["exact", "wrong"]);
  });

  it.each([
    [
      "an error that has a name, and is caught by its class",
      `class Missing extends Error { constructor() { super("missing"); this.name = "Missing"; } }`,
      `try { throw new Missing(); } catch (error) { if (!(error instanceof Missing)) return given.counts; }`,
    ],
    [
      "a change of a built-in object that is tried",
      "",
      `try { (Array.prototype as any).total = 1; } catch { return given.counts; }`,
    ],
    [
      "a property that is defined",
      "",
      `if (!Reflect.defineProperty(Math, "tau", { value: 6.28 })) return given.counts;`,
    ],
    [
      "what a regular expression captured",
      "",
      `/(\\d)/.test("a1"); if ((RegExp as any).$1 !== "1") return given.counts;`,
    ],
    ["whether there are weak references", "", `if (typeof WeakRef === "undefined") return given.counts;`],
    ["whether there are languages", "", `if (typeof Intl === "undefined") return given.counts;`],
  ])("with an answer that depends on %s", async (_what, imported, called) => {
    const results = await graded({
      dcounts: doing("dcounts", { imported, called: `${called} console.log(${IS_HARDENED});` }),
    });
    expect(verdicts(results)).toEqual(allExact);
    expect(results.dcounts.printed).toBe("false\n");
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
  const inspected: (() => any)[] = [];
  const custom = { [Symbol.for("nodejs.util.inspect.custom")](...args: any[]) {
    const [, options, inspect] = args;
    for (const part of [options.stylize, options.inspect, inspect]) inspected.push(() => ({ __proto__: part }));
    if (options.colors) return "x";
    inspect(custom, { colors: true });
    const table = inspect({ [Symbol.toStringTag]: "valueOf" });
    if (typeof table !== "object") throw new Error("no table");
    inspected.push(() => ({ __proto__: table }));
    return "x";
  } };
  console.log(custom);
  if (inspected.length !== 7) throw new Error("not inspected");
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
    () => Object.values(Object.getOwnPropertyDescriptors(new Error("x"))).flatMap((own) => [own.get, own.set]),
    ...inspected,
    () => { try { (null as any).x; } catch (error) { return error; } }, () => console, () => (globalThis as any).Temporal?.Now.instant(),
  ];
  for (const make of made) {
    // what is made is the code's own; where it comes from is everybody's
    try { start.push(Object.getPrototypeOf(Object(make()))); } catch {}
  }
  const globals = Reflect.ownKeys(globalThis).filter((key) => {
    const { writable, set, configurable } = Object.getOwnPropertyDescriptor(globalThis, key)!;
    return configurable || writable || set;
  });
  for (const key of Reflect.ownKeys(globalThis)) {
    const { value, get } = Object.getOwnPropertyDescriptor(globalThis, key)!;
    if (!globals.includes(key)) start.push(value, get);
  }
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
    expect(JSON.parse(results.dprobs.printed.replace(/^x\n/, ""))).toEqual({
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

  it("the grader's own inputs are out of reach while code runs", async () => {
    const own = "[(globalThis as any).__request, (globalThis as any).__elements]";
    const results = await graded({ dprobs: doing("dprobs", { called: `console.log(JSON.stringify(${own}));` }) });
    expect(results.dprobs.printed).toBe(`["",""]\n`);
  });

  it.each<[string, string, string, string?]>([
    [
      "a shape that copies itself into something else",
      `class Own extends Array { static get [Symbol.species]() { return Lying; } }
       function Lying(): any { return new Proxy([1, 1], { defineProperty: () => true, get: (x: any, key) => (key === "0" ? 2 : x[key]) }); }`,
      `for (const own of [[32, 27 + 256], [32, 27], [32, 1 + 256], [32, 1]]) {
         const shape: any = [...own];
         Object.defineProperty(shape, "constructor", { value: Own });
         tensor(new Float32Array(own[0]! * own[1]!), shape);
       }`,
    ],
    [
      "a shape that is another each time it is read",
      "",
      `let times = 0;
       const shape: any = new Proxy([32, 27], { get: (x: any, key) => (key === "0" && times++ > 0 ? 64 : x[key]) });
       try { zeros(shape).add(1); tensor(new Float32Array(32 * 27), shape).add(1); } catch {}`,
    ],
    [
      "how console.log shows numbers",
      "",
      `console.log({ [Symbol.for("nodejs.util.inspect.custom")](_: any, o: any, inspect: any) {
         try { inspect({ [Symbol.toStringTag]: "valueOf" }).number = () => "forged"; } catch {}
         return "";
       } });`,
      "5",
    ],
  ])("no step is harmed by %s", async (_what, imported, called, printed = "") => {
    const imports = imported === "" ? "" : imported;
    const results = await graded({
      dprobs: doing("dprobs", { imported: `import { zeros } from "#tensor";\n${imports}`, called }),
      dcounts: doing("dcounts", { called: `console.log(${printed === "" ? IS_HARDENED : printed});` }),
    });
    expect(verdicts(results)).toEqual(allExact);
    expect(results.dcounts.printed).toBe(printed === "" ? "true\n" : `${printed}\n`);
  });

  it("none has less memory because another has kept much", async () => {
    const keep = `import { zeros } from "#tensor"; const kept: any[] = [];`;
    // without the kernels' memory, it takes longer than the limit
    const heavy = `for (let i = 0; i < 8; i++) { const b = zeros(256, 256).add(1e-3); b.matmul(b).sum(); }`;
    const results = await graded({
      dprobs: doing("dprobs", {
        imported: keep,
        called: `while (kept.length < 31) kept.push(zeros(1024, 1024).add(1)); console.log(${IS_HARDENED});`,
      }),
      dcounts: doing("dcounts", {
        imported: `import { zeros } from "#tensor";`,
        called: heavy,
      }),
    });
    expect(verdicts(results)).toEqual(allExact);
    expect(results.dprobs.printed).toBe("true\n");
  });
});
