import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { exercise } from "../trees.ts";

/** An attack that ends soon and can replace any step: many of them are graded in one tree. */
export interface ShortAttack {
  family: string;
  name: string;
  /** The whole file of a step that should export a function of this name. */
  text: (step: string) => string;
  /** Other files in the step's own folder. */
  others?: Record<string, string>;
  /** What else the attack does in that folder. */
  prepare?: (folder: string) => void;
}

const many = (count: number, text: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => text(i)).join("");

const family =
  (family: string) =>
  (name: string, before: string, body = "return 1;", more: Partial<ShortAttack> = {}): ShortAttack => ({
    family,
    name,
    text: (step) => `${before}\n${exercise(step, body)}`,
    ...more,
  });
const confuse = family("confuse the bundler");
const exhaust = family("exhaust the bundler");
const mislead = family("mislead the report");
const idle = family("sleep");

const said = (what: string): string => `throw new Error(String(${what}));`;
const from =
  (specifier: string): ShortAttack["text"] =>
  (step) =>
    `export { ${step} } from ${JSON.stringify(specifier)};`;

/** A function of WebAssembly that sleeps for so many nanoseconds, on memory that is shared. */
const SLEEP = `const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true });
const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,5,1,96,1,126,0,2,9,1,1,109,1,109,2,3,1,1,3,2,1,0,7,5,1,1,119,0,0,10,15,1,13,0,65,0,65,0,32,0,254,1,2,0,26,11]);
const { w: sleep } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { m: { m: memory } }).exports as any;`;

export const shortAttacks: readonly ShortAttack[] = [
  confuse("a file name that ends a comment", "", "", {
    text: from("./line\u2028;throw 'HARM' + '-DONE';.ts"),
    others: { "line\u2028;throw 'HARM' + '-DONE';.ts": "export {};" },
  }),
  confuse("a file name that has a CI command in an error's place", "", "", {
    text: from("./ci\n::error::owned\n.ts"),
    others: { "ci\n::error::owned\n.ts": "export const x = 1 +;" },
  }),
  confuse("a file name with the special characters of a URL", "", "", {
    text: from("./a?b#c%2e.ts"),
    others: { "a?b#c%2e.ts": "export const x = 1;" },
  }),
  confuse("folders named like namespaces", "", "", {
    text: from("./tree:/library:/<runtime>.ts"),
    others: { "tree:/library:/<runtime>.ts": "export const x = 1;" },
  }),
  confuse("the namespace of the tree in an import", "", "", { text: from("tree:1-step-by-step/02-dprobs.ts") }),
  confuse("the namespace of the library in an import", `import x from "library:#tensor"; export const y = x;`),
  confuse("#tensor as text", `import text from "#tensor" with { type: "text" };`, said("text")),
  confuse(
    "another step's file as text",
    `import text from "../1-step-by-step/02-dprobs.ts" with { type: "text" };`,
    said("text"),
  ),
  confuse("a data: URL", `import text from "data:text/javascript,export default 'HARM'+'-DONE'";`, said("text")),
  confuse(
    "an import that bundlers are told to ignore",
    `const found: any = import(/* webpackIgnore: true */ "node:fs" as any);`,
    said("found"),
  ),
  confuse("a deferred import", `import defer * as found from "../1-step-by-step/02-dprobs.ts";`, said("found")),
  confuse("import.source", `const found = import.source("../1-step-by-step/02-dprobs.ts");`, said("found")),
  confuse(
    "require.resolve",
    `declare const require: any; const found = require.resolve("/etc/passwd");`,
    said("found"),
  ),
  confuse(
    "require under another name",
    `declare const require: any; const other = require; const found = other("node:fs");`,
    said("found"),
  ),
  confuse(
    "a glob of import.meta",
    `const found = (import.meta as any).glob("/etc/*", { eager: true, as: "raw" });`,
    said("found"),
  ),
  confuse(
    "a legal comment that names the script",
    "//# sourceURL=step:dprobs:@license\n//! sourceURL=step:dprobs",
    said("1"),
  ),
  confuse("legal comments that end at other line ends", "//! x\u2028//! @preserve\u2029/*! \u2028 @license */"),
  confuse(
    "source maps in every kind of comment",
    "//@ sourceMappingURL=/dev/zero\n/*# sourceMappingURL=/dev/zero */\n//# source\\u004dappingURL=/dev/zero",
    said("1"),
  ),
  confuse(
    "names of the surrounding code",
    "export const __serve = 1, __exercise = 2, __failed = 3; var __export = 1, __toESM = 2, __defProp = 4;",
  ),
  confuse(
    "exports named like a prototype's",
    'const p: any = 1; export { p as __proto__, p as constructor, p as "a\\n::error::x" };',
  ),
  confuse("a module's exports that throw when read", "", "", {
    text: () =>
      `declare const module: any; Object.defineProperty(module, "exports", { get() { throw new Error("x"); } });`,
  }),
  confuse("code that serves itself", "", "", {
    text: () => `(globalThis as any).__failed = (globalThis as any).__serve = () => {}; throw 1;`,
  }),
  confuse("JSON that pollutes", `import found from "./j.json";`, said("({} as any).polluted ?? (found && 'clean')"), {
    others: { "j.json": `{ "__proto__": { "polluted": "HARM-DONE" }, "default": 2, "__esModule": true }` },
  }),
  confuse("a folder named like a file", "", "", {
    text: from("./folder.ts"),
    prepare: (folder) => mkdirSync(path.join(folder, "folder.ts")),
  }),
  confuse("a pipe named like a file", "", "", {
    text: from("./pipe.ts"),
    prepare: (folder) => execFileSync("mkfifo", [path.join(folder, "pipe.ts")]),
  }),
  confuse("a link to itself", "", "", {
    text: from("./self.ts"),
    prepare: (folder) => symlinkSync("self.ts", path.join(folder, "self.ts")),
  }),
  confuse("a link to the environment", "", "", {
    text: from("./env.json"),
    prepare: (folder) => symlinkSync("/proc/self/environ", path.join(folder, "env.json")),
  }),
  confuse("an import with a null character in its name", "", "", { text: from("./a\0b.ts") }),
  confuse("an import of a name that is too long for any system", "", "", { text: from(`./${"x".repeat(5000)}.ts`) }),
  confuse("an import of a file that is too large", `import "./large.ts";`, "return 1;", {
    others: { "large.ts": `//${"x".repeat(1.2e6)}` },
  }),

  exhaust(
    "50,000 imports of files that are not there",
    many(20_000, (i) => `import "./${i}";\n`),
  ),
  exhaust("missing files, in a folder a thousand deep", "", "", {
    text: from(`./${"d/".repeat(1000)}f.ts`),
    prepare: (folder) => {
      execFileSync("sh", [
        "-c",
        `cd "$0"; for i in 1 2 3 4 5 6 7 8 9 10; do d=$(printf 'd/%.0s' $(seq 100)); mkdir -p "$d"; cd -P "$d"; done`,
        folder,
      ]);
    },
  }),
  exhaust(
    "a hundred files of a megabyte",
    many(99, (i) => `import "./much${i}.ts";`),
    said("1"),
    {
      others: Object.fromEntries(Array.from({ length: 99 }, (_, i) => [`much${i}.ts`, `//${"x".repeat(990_000)}`])),
    },
  ),
  exhaust("a name of 900,000 letters", `const ${"a".repeat(900_000)} = 1;`),
  exhaust(
    "60,000 regular expressions",
    many(60_000, (i) => `/a{${i}}/u;`),
  ),
  exhaust("templates in templates", "`${".repeat(5000) + "1" + "}`".repeat(5000)),

  mislead(
    "a stack that points to another step",
    "",
    `const e: any = new Error("x"); e.stack = "Error\\n    at f (step:dprobs:1:1)\\n".repeat(1000); throw e;`,
  ),
  mislead(
    "a forged row in a message",
    "",
    `throw new Error("x\\n 5  dcounts           counts          | exact: true\\t| approximate: true  | maxdiff: 0\\n45 of 45 passed");`,
  ),
  mislead(
    "commands after every line end",
    "",
    `throw new Error("x\\n::error::a\\r::warning::b\\u0085::error::c\\v::d\\f##vso[x]\\u2028::e");`,
  ),
  mislead(
    "sequences that steer a terminal, printed",
    "",
    `console.log("\\u001b]8;;http://x\\u0007y\\u001b]8;;\\u0007\\n\\u001bP+q\\u001b\\\\ \\u009d0;t\\u009c\\u202e\\u2066"); return 1;`,
  ),
  mislead(
    "100,000 marks on a letter",
    "",
    `console.log("e" + "\\u0301".repeat(1e5)); throw new Error("e" + "\\u0301".repeat(1e5));`,
  ),
  mislead(
    "200,000 tensors that answer nothing",
    `void Promise.resolve().then(() => { (globalThis as any).__answer = () => JSON.stringify({ header: { answers: [] }, specs: Array(2e5).fill({ dtype: "float32", shape: [0] }) }) + "\\n"; });`,
  ),

  idle("by WebAssembly, in the call", "", `${SLEEP} sleep(-1n); return 1;`),
  idle("by WebAssembly, at import", `${SLEEP} sleep(-1n);`),
  idle(
    "by an atomic wait that answers later",
    "",
    `(Atomics as any).waitAsync(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1).value.then(() => { for (;;) {} }); return 1;`,
  ),
];
