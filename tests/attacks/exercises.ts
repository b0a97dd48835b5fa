import { symlinkSync } from "node:fs";
import path from "node:path";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { exercise } from "../trees.ts";

/** A file that attacks the grader, instead of the exercise dcounts. */
export interface Attack {
  family: string;
  name: string;
  /** The whole file. */
  text: string;
  /** Other files of the tree. */
  others?: Record<string, string>;
  /** What else the attack does to the tree. */
  prepare?: (root: string) => void;
}

/** Printed by an attack that has done what it must not be able to do. */
export const HARM = "HARM-DONE";

/** The code before a body: ways to get at what Node has, and to report it. */
const PRELUDE = `const harm = (what: unknown): never => { throw new Error("HARM" + "-DONE " + String(what)); };
  const right = () => given.counts_sum_inv.mul(given.dprobs).add(given.dcounts_sum);
  const wrong = () => given.counts;
  const host = (start: any): any => {
    for (const get of [
      () => start.constructor.constructor("return process")(),
      () => start.constructor.constructor("return this")().process,
      () => Object.getPrototypeOf(start).constructor.constructor("return process")(),
    ]) try { const found = get(); if (found?.pid) return found; } catch {}
  };
  const g: any = globalThis;`;

/** Changes the objects that can be reached from a function of another realm, which no step may be able to do. */
const OUTSIDE = `const poison = (found: any): void => {
    if (!found || found === Array || found === TypeError || found === RangeError) return;
    const root = Object.getPrototypeOf(Object.getPrototypeOf(found.constructor.prototype));
    for (const target of [root, found.prototype, found.constructor.prototype].filter(Boolean)) {
      let changed = false;
      try { Object.defineProperty(target, "failure", { configurable: true, get: () => undefined }); changed = true; } catch {}
      if (changed) harm("an object outside was changed");
    }
    for (const make of [found.constructor, found]) try { const found = make("return process")(); if (found?.pid) harm("process"); } catch {}
  };`;

const family =
  (family: string) =>
  (name: string, body: string, more: Partial<Attack> = {}): Attack => ({
    family,
    name,
    text: exercise("dcounts", `${PRELUDE}\n  ${body}\n  return wrong();`),
    ...more,
  });

/** A file that does something when it is imported. */
const atImport = (statements: string): Pick<Attack, "text"> => ({
  text: `${statements}\n${exercise("dcounts", "return given.counts;")}`,
});

/** A file whose answers are not its function's: the grader's own has been replaced by the time that it is asked. */
const answering = (made: string): Pick<Attack, "text"> =>
  atImport(`const g: any = globalThis; void Promise.resolve().then(() => { g.__answer = () => ${made}; });`);

const hang = family("hang");
const exhaust = family("exhaust");
const die = family("die");
const escape = family("escape the context");
const forge = family("forge");
const read = family("read");
const reach = family("write, spawn and connect");
const confuse = family("confuse the bundler");

const solution = path.join(solutionsFolder, "1-step-by-step/05-dcounts.ts");

export const attacks: readonly Attack[] = [
  hang("a loop at import", "", atImport("for (;;) {}")),
  hang("a loop in the call", "for (;;) {}"),
  hang("a microtask storm", "const again = (): any => Promise.resolve().then(again); again();"),
  hang(
    "an async generator that never ends",
    "(async () => { for await (const _ of (async function* () { for (;;) yield 1; })()); })();",
  ),
  hang("a regular expression that backtracks", `/^(a+)+$/.test("a".repeat(40) + "b");`),
  hang("a getter in a thrown object", `throw { get message() { for (;;) {} }, get stack() { for (;;) {} } };`),
  hang(
    "a Proxy that loops, returned",
    "return new Proxy({}, { get() { for (;;) {} }, getPrototypeOf() { for (;;) {} } });",
  ),
  hang("toString that loops, thrown", "throw { toString() { for (;;) {} }, [Symbol.toPrimitive]() { for (;;) {} } };"),
  hang("a lock that is never released", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);"),
  hang("arithmetic that cannot be interrupted", "const x = 2n ** 300_000_000n; return (x * x * x) as any;"),
  hang("a sort that never ends", "Array.from({ length: 1e7 }, (_, i) => i).sort(() => { for (;;) {} });"),
  hang(
    "a finalizer that loops later",
    `const registry = new FinalizationRegistry(() => { for (;;) {} });
  for (let i = 0; i < 1000; i++) registry.register({}, i); g.kept = registry;`,
  ),

  exhaust("objects without end", "const all: any[] = []; for (;;) all.push({ x: new Array(100).fill(1) });"),
  exhaust(
    "3 GB of array buffers",
    "const all: any[] = []; for (let i = 0; i < 3000; i++) all.push(new Uint8Array(1e6).fill(1));",
  ),
  exhaust("a buffer of 3 GB at once", "new Uint8Array(3e9).fill(1);"),
  exhaust(
    "shared memory",
    "const all: any[] = []; for (;;) all.push(new Uint8Array(new SharedArrayBuffer(1e8)).fill(1));",
  ),
  exhaust("300 MB printed", `const line = "x".repeat(1e5); for (let i = 0; i < 3000; i++) console.log(line);`),
  exhaust("a tensor of 400 MB returned", "return tensor(new Float32Array(1e8), [1e8]);"),
  exhaust("an answer of 300 MB", "", answering(`"x".repeat(3e8)`)),
  exhaust("an answer of nested brackets", "", answering(`"[".repeat(6e6) + "\\n"`)),
  exhaust(
    "an answer of half a gigabyte of bytes",
    "",
    answering(`{ g.__elements = new ArrayBuffer(5e8); return "{}\\n"; }`),
  ),
  exhaust("half a gigabyte of printed text", `g.__printed = "y".repeat(5e8);`),
  exhaust("recursion without end", "const f = (): any => [f(), f()]; f();"),
  exhaust("a message of 100 MB", `throw new Error("m".repeat(1e8));`),
  exhaust("a Map that grows", "const m = new Map(); for (let i = 0; ; i++) m.set(i, String(i).repeat(20));"),

  die("process.exit at import", "", atImport("(globalThis as any).process.exit(0);")),
  die("an unhandled rejection", `Promise.reject(new Error("later"));`),
  die("throw null", "throw null;"),
  die("throw a Proxy", "throw new Proxy(new Error(), { get() { throw 1; }, getPrototypeOf() { throw 2; } });"),
  die("throw a revoked Proxy", "const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); throw proxy;"),
  die(
    "an error whose name and message throw",
    `const e: any = new Error("x"); Object.defineProperty(e, "name", { get() { throw 1; } }); throw e;`,
  ),
  die("a stack that is not a string", "const e: any = new Error(); e.stack = { length: 1e9 }; throw e;"),
  die("a microtask that throws", "queueMicrotask?.(() => { throw 1; });"),
  die("a thenable that throws", "return { then() { throw 1; } };"),

  // Node creates stacks outside the context: what it calls or throws there belongs to the process
  escape(
    "the arguments of a name's toString, called by Node for a stack",
    `${OUTSIDE} const error: any = new Error();
  error.name = { toString: new Proxy(() => "", { apply(_target, _self, args) { poison(args.constructor); return "n"; } }) };
  void error.stack;`,
  ),
  escape(
    "the TypeError that Node throws for a stack whose error has a symbol for a name",
    `${OUTSIDE} const error: any = new Error(); error.name = Symbol();
  try { void error.stack; } catch (thrown: any) { poison(thrown.constructor); }`,
  ),
  escape(
    "the RangeError that Node throws for a stack near the end of its own",
    `${OUTSIDE} const deep = (): void => { try { deep(); } catch {} try { void new Error("x").stack; }
  catch (thrown: any) { if (!(thrown instanceof RangeError)) poison(thrown.constructor); } };
  deep();`,
  ),
  escape("the constructor of what is given", `const p = host(given); if (p) harm(p.pid);`),
  escape("the constructor of the console", `const p = host(console.log); if (p) harm(p.pid);`),
  escape("the constructor of the global object", `const p = host(globalThis); if (p) harm(p.pid);`),
  escape(
    "eval and new Function",
    `for (const f of [() => (0, eval)("1+1"), () => new Function("return 2")()]) try { harm(f()); } catch (e) { if (String(e).includes("HARM")) throw e; }`,
  ),
  escape(
    "call sites of Error.prepareStackTrace",
    `(Error as any).prepareStackTrace = (_: any, sites: any[]) => {
    for (const site of sites) for (const get of ["getThis", "getFunction", "getEvalOrigin"]) {
      const p = host(site[get]?.()); if (p) return "HARM" + "-DONE";
    }
    return "none";
  };
  throw new Error(String(new Error().stack));`,
  ),
  escape(
    "captureStackTrace on a frozen object",
    `const o: any = {}; Error.captureStackTrace(o); const p = host(o.stack); if (p) harm(p.pid);`,
  ),
  escape(
    "arguments.callee.caller",
    `const f: any = function () { return (arguments.callee as any).caller; };
  try { const p = host(f()); if (p) harm(p.pid); } catch (e) { if (String(e).includes("HARM")) throw e; }`,
  ),
  escape(
    "the rejection of import()",
    `const o: any = import("node:fs" as any).catch((e: any) => { const p = host(e); if (p) g.__printed = "HARM" + "-DONE"; });`,
  ),
  escape(
    "a Promise's species",
    `class P extends Promise<any> { static get [Symbol.species]() { return function (this: any, f: any) { f((x: any) => { const p = host(x); if (p) g.__printed = "HARM" + "-DONE"; }, () => {}); } as any; } }
  new P((r) => r(1)).then(() => 1);`,
  ),
  escape("the request's own text", `const p = host(Object(g.__request)); if (p) harm(p.pid);`),
  escape(
    "the request's bytes",
    `const p = host(g.__elements); if (p) harm(p.pid);
  if (Object.getPrototypeOf(g.__elements) !== ArrayBuffer.prototype) harm("an object from outside");`,
  ),
  escape(
    "WebAssembly compiled from bytes",
    `const bytes = new Uint8Array([0,97,115,109,1,0,0,0]); const m = new WebAssembly.Module(bytes); const p = host(m); if (p) harm(p.pid);`,
  ),
  escape(
    "getters instead of the border's variables",
    `for (const name of ["__request", "__elements", "__answer", "__printed"]) {
    try { Object.defineProperty(g, name, { get() { return "HARM" + "-DONE"; }, set(v) { const p = host(v); if (p) throw p; } }); harm(name); } catch (e) { if (String(e).includes("HARM")) throw e; }
  }`,
  ),

  escape(
    "objects that WebAssembly's streaming functions return",
    `${OUTSIDE} for (const name of ["compileStreaming", "instantiateStreaming"]) {
    const two = { get then() { return (resolve: any, reject: any) => reject({ get constructor() { return Object; } }); } };
    const stream = (WebAssembly as any)[name];
    if (stream) { harm(name); stream(two).catch((error: any) => poison(error.constructor)); }
  }`,
  ),
  forge("a frozen global object", "Object.freeze(globalThis); console.log('x'); return right();"),
  forge(
    "printed text that cannot be written",
    `Object.defineProperty(g, "__printed", { value: "HARM" + "-DONE"[0], writable: false }); return right();`,
  ),
  forge(
    "a request that cannot be written, asked again",
    `Object.defineProperty(g, "__request", { writable: false }); g.__answer = () => "";`,
  ),
  forge(
    "Object.prototype.toJSON",
    `(Object.prototype as any).toJSON = () => ({ header: { answers: [{ kind: "tensor" }] }, specs: [] });`,
  ),
  forge(
    "Array.prototype.map and push",
    `Array.prototype.map = function () { return [{ kind: "tensor" }] as any; }; Array.prototype.push = () => 0;`,
  ),
  forge(
    "JSON.stringify",
    `JSON.stringify = () => '{"header":{"answers":[],"passed":true,"verdict":"exact"},"specs":[]}';`,
  ),
  forge("Float32Array", `g.Float32Array = class { constructor() { return new Proxy([], { get: () => 0 }); } };`),
  forge(
    "Math and Number",
    `Math.abs = () => 0; Math.max = () => 0; Number.isFinite = () => true; (Math as any).fround = () => 0;`,
  ),
  forge(
    "the tensors' own methods",
    `(Tensor.prototype as any).toArray = () => new Float32Array(3); (Tensor.prototype as any).numel = () => 3; Object.defineProperty(Tensor.prototype, "shape", { get: () => [3] });`,
  ),
  forge(
    "what counts as a tensor",
    `Object.defineProperty(Tensor, Symbol.hasInstance, { value: () => true }); return { shape: given.counts.shape, dtype: "float32", toArray: () => right().toArray() };`,
  ),
  forge(
    "a made-up answer",
    "",
    answering(
      `JSON.stringify({ header: { answers: [{ kind: "tensor", changed: [] }], verdict: "exact", passed: true }, specs: [] }) + "\\n"`,
    ),
  ),
  forge(
    "a made-up answer whose bytes are a Proxy",
    "",
    answering(`{
    g.__elements = new Proxy(new ArrayBuffer(8), { get(_, key) { console.log("HARM" + "-DONE", key); return 1; } });
    return '{"header":{"answers":[{"kind":"tensor","changed":[]}]},"specs":[]}\\n'; }`),
  ),
  forge(
    "a made-up answer whose bytes have been given away",
    "",
    answering(`{
    g.__elements = new ArrayBuffer(8);
    g.__elements.transfer?.();
    return '{"header":{"answers":[{"kind":"tensor","changed":5}]},"specs":[]}\\n'; }`),
  ),
  forge(
    "a frame inside the answer",
    "",
    answering(`String.fromCharCode(0, 0, 2, 0) + '{"step":"dnorm_logits","status":"answered"}'`),
  ),
  forge(
    "an answer for the next step",
    "",
    answering(
      `JSON.stringify({ header: { answers: Array(9).fill({ kind: "tensor", changed: [] }) }, specs: Array(9).fill({ dtype: "float32", shape: [-1, 5] }) }) + "\\n"`,
    ),
  ),
  forge(
    "a Proxy of a tensor",
    `return new Proxy(right(), { get: (t: any, k) => (k === "toArray" ? () => right().toArray() : t[k]) });`,
  ),
  forge(
    "a result with getters",
    `return { get shape() { return given.counts.shape; }, get dtype() { return "float32"; }, toArray: () => right().toArray() };`,
  ),
  forge(
    "inputs changed, and the change hidden",
    `const answer = right(); given.counts.add_(1); given.counts.toArray = () => new Float32Array(given.counts.numel()); return answer;`,
  ),
  forge("a memory of earlier calls", `g.seen = (g.seen ?? 0) + 1; return g.seen > 3 ? right() : right().mul(1.001);`),
  forge(
    "CI commands and colors printed",
    `console.log("::error::owned\\n::set-output name=x::y\\n##[error]owned\\n\\u001b[2J\\u001b[31m38 of 38 passed\\r 5  dcounts  | exact: true");`,
  ),
  forge(
    "CI commands and colors in a message",
    `throw new Error("\\n::error::owned\\n\\u001b[2J\\n 5  dcounts           counts          | exact: true  | approximate: true  | maxdiff: 0\\u2028::warning::x\\u009b31m");`,
  ),

  read(
    "require",
    `const fs = g.require?.("node:fs"); if (fs) harm(fs.readFileSync(${JSON.stringify(solution)}, "utf8"));`,
  ),
  read("process.binding", `const fs = g.process?.binding?.("fs"); if (fs) harm("binding");`),
  read(
    "what Node puts on the global object",
    `for (const name of ["process", "require", "module", "Buffer", "global", "fetch", "Deno", "navigator", "setTimeout", "structuredClone", "performance"]) if (g[name] !== undefined) harm(name);`,
  ),
  read("import of node:fs", "", {
    text: `import fs from "node:fs";\n${exercise("dcounts", `throw new Error(fs.readFileSync(${JSON.stringify(solution)}, "utf8"));`)}`,
  }),
  read("import of a solution", "", { text: `export { dcounts } from "../../solutions/1-step-by-step/05-dcounts.ts";` }),
  read("import of a solution by its full path", "", { text: `export { dcounts } from ${JSON.stringify(solution)};` }),
  read("import of a solution by a file: address", "", {
    text: `export { dcounts } from ${JSON.stringify(`file://${solution}`)};`,
  }),
  read("import of the environment as text", "", {
    text: `import env from "/proc/self/environ" with { type: "text" };\n${exercise("dcounts", "throw new Error(env);")}`,
  }),
  read("a symbolic link to a solution", "", {
    text: `export { dcounts } from "./link.ts";`,
    prepare: (root) => symlinkSync(solution, path.join(root, "1-step-by-step/link.ts")),
  }),
  read("a symbolic link to the solutions' folder", "", {
    text: `export { dcounts } from "../linked/05-dcounts.ts";`,
    prepare: (root) => symlinkSync(path.dirname(solution), path.join(root, "linked")),
  }),

  reach(
    "fetch, sockets and workers",
    `for (const name of ["fetch", "WebSocket", "XMLHttpRequest", "Worker", "EventSource", "importScripts"]) if (g[name] !== undefined) harm(name);`,
  ),
  reach("child_process", "", {
    text: `import { execSync } from "node:child_process";\n${exercise("dcounts", `execSync("touch /tmp/owned"); throw new Error("HARM" + "-DONE");`)}`,
  }),
  reach("a native addon", "", {
    text: `import addon from "./addon.node";\n${exercise("dcounts", `throw new Error("HARM" + "-DONE" + addon);`)}`,
    others: { "1-step-by-step/addon.node": "x" },
  }),
  reach(
    "other steps' contexts",
    `g.dnorm_logits = () => given.dcounts; g.__exercise = { dnorm_logits: () => 1 }; for (const k of ["dprobs", "dnorm_logits"]) if (g.steps?.get?.(k)) harm(k);`,
  ),

  read("a solution required by a computed name", "", {
    text: `declare const require: any;\n${exercise("dcounts", `const n = "05-dcounts"; return require("./solutions/1-step-by-step/" + n + ".ts").dcounts(given);`)}`,
  }),
  read("a solution imported by a computed name", "", {
    text: `const n: string = "05-dcounts";
const found = import(\`../../../../../../../../..${path.dirname(solution)}/\${n}.ts\`);
${exercise("dcounts", `found.then((m: any) => ((globalThis as any).found = m)); throw new Error(JSON.stringify(found));`)}`,
  }),
  read("the environment imported as text by a computed name", "", {
    text: `const n: string = "n";
const found = import("./../../../../../../../../proc/self/enviro" + n, { with: { type: "text" } } as any);
${exercise("dcounts", `throw new Error(String(found));`)}`,
  }),
  read("a computed name in a file that the exercise imports", "", {
    text: `export { dcounts } from "./beside.ts";`,
    others: {
      "1-step-by-step/beside.ts": `declare const require: any;\n${exercise("dcounts", `const n = "05-dcounts"; return require("./solutions/1-step-by-step/" + n + ".ts").dcounts(given);`)}`,
    },
  }),
  read("the whole disk by a computed name", "", {
    text: `declare const require: any;\n${exercise("dcounts", `const [a, b] = ["x", "y"]; return require("./../../../../../../../" + a + "/" + b);`)}`,
  }),
  read("an import with backslashes", "", {
    text: `export { dcounts } from ".\\\\..\\\\..\\\\solutions\\\\1-step-by-step\\\\05-dcounts.ts";`,
  }),
  read("a type that leads to a file outside", "", {
    text: `import type { token } from ${JSON.stringify(solution)};\n${exercise("dcounts", "const t: typeof token = 1 as never; return given.counts;")}`,
  }),

  confuse("a tsconfig.json with paths", "", {
    text: `export { dcounts } from "#solution";`,
    others: { "tsconfig.json": JSON.stringify({ compilerOptions: { paths: { "#solution": [solution] } } }) },
  }),
  confuse("a package.json with imports", "", {
    text: `export { dcounts } from "#solution";`,
    others: {
      "package.json": JSON.stringify({ imports: { "#solution": solution, "#tensor": solution, "#course": solution } }),
    },
  }),
  confuse("a file that pretends to be #tensor", "", {
    text: `export { dcounts } from "./#tensor";`,
    others: { "1-step-by-step/#tensor.ts": "throw new Error('x');" },
  }),
  confuse("a source map that is a pipe or a device", "", {
    text: `${exercise("dcounts", "return given.counts;")}\n//# sourceMappingURL=/dev/zero`,
  }),
  confuse("a source map that is a solution", "", {
    text: `${exercise("dcounts", "throw new Error('x');")}\n//# sourceMappingURL=${solution}`,
  }),
  confuse("brackets nested a hundred thousand deep", "", {
    text: `export const x = ${"(".repeat(1e5)}1${")".repeat(1e5)};`,
  }),
  confuse("constants that double forty times", "", {
    text: `enum A { a0 = "xxxxxxxxxxxxxxxx", ${Array.from({ length: 40 }, (_, i) => `a${i + 1} = a${i} + a${i}`).join(", ")} }\n${exercise("dcounts", "return A.a40 as any;")}`,
  }),
  confuse("a file of 5 MB", "", { text: `//${"x".repeat(5e6)}\n${exercise("dcounts", "return given.counts;")}` }),
  confuse("a file named like an option", "", {
    text: `export { dcounts } from "./--outfile=x.ts";`,
    others: { "1-step-by-step/--outfile=x.ts": "throw new Error('x');" },
  }),
  confuse("two hundred files that import each other", "", {
    text: `export { dcounts } from "./f0.ts";`,
    others: Object.fromEntries(
      Array.from({ length: 200 }, (_, i) => [`1-step-by-step/f${i}.ts`, `export { dcounts } from "./f${i + 1}.ts";`]),
    ),
  }),
];
