import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { steps } from "../../grader/course/steps.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { withoutUnread, type Unread } from "./lean.ts";
import { addTensors, giveTensors } from "./tensors.ts";

/**
 * The project's sources without what a part of the page never uses, as a tree to bundle from: rooms without some fields,
 * and the compiler without the languages that are not TypeScript.
 *
 * @param tensors the script of tensors, if the part runs it first, as its modules import it
 */
export function withLeanTree<R>(
  unread: Unread,
  tensors: string | undefined,
  use: (root: string, flags: readonly string[]) => R,
): R {
  return withTree((root) => {
    if (tensors !== undefined) giveTensors(root, tensors);
    const course = path.join(root, "grader", "course");
    rewrite(course, /^\d+-.*\.ts$/, (text) => withoutUnread(text, unread));
    keepBeyondApart(course);
    for (const name of unread.modules) change(path.join(course, name), emptied);
    writeFileSync(path.join(root, "page", "coach", "experiments.ts"), experiments(course));
    const modules = path.join("sucrase", "dist", "esm");
    for (const name of [modules, path.join("sucrase", "package.json")]) {
      cpSync(path.join(projectRoot, "node_modules", name), path.join(root, name), { recursive: true });
    }
    rewrite(path.join(root, modules), OTHER_LANGUAGES, emptied);
    rewrite(path.join(root, modules), /^Options\.js$/, unchecked);
    rewrite(path.join(root, modules), /^parser[/\\]tokenizer[/\\]readWordTree\.js$/, withGrownTree);
    rewrite(path.join(root, modules), /^computeSourceMap\.js$/, withEmptyTokens);
    rewrite(path.join(root, modules), /^HelperManager\.js$/, withoutOldEngines);
    return use(root, ["--alias:sucrase=./sucrase", ...(tensors === undefined ? [] : [`--external:*${tensors}`])]);
  });
}

/** The module with the parts beyond the lecture, which only workers of one name load. */
export const BEYOND_MODULE = "grader/course/beyond-parts-apart.ts";

function keepBeyondApart(course: string): void {
  const parts = path.join(course, "beyond-parts.ts");
  renameSync(parts, path.join(course, path.basename(BEYOND_MODULE)));
  writeFileSync(
    parts,
    `import { WHOLE } from "../../page/grader/whole-worker.ts";
export const beyondParts = globalThis.name === WHOLE ? (await import("./${path.basename(BEYOND_MODULE)}")).beyondParts : {};
`,
  );
}

/** The project's sources with the first file of the script of tensors. */
export function withTensors<R>(use: (root: string) => R): R {
  return withTree((root) => {
    addTensors(root);
    return use(root);
  });
}

/** The project's sources with tensors that are given by a script which has run before. */
export function withGivenTensors<R>(use: (root: string) => R): R {
  return withTree((root) => {
    giveTensors(root);
    return use(root);
  });
}

/** A copy of what scripts of the page are made from, which may be changed; it is removed afterwards. */
function withTree<R>(use: (root: string) => R): R {
  const root = mkdtempSync(path.join(tmpdir(), "backprop-dojo-page-"));
  try {
    // a learners' repository may have no tests
    const names = ["grader", "page", "tests/page", "package.json"].filter((name) =>
      existsSync(path.join(projectRoot, name)),
    );
    for (const name of names) {
      cpSync(path.join(projectRoot, name), path.join(root, name), { recursive: true });
    }
    symlinkSync(path.join(projectRoot, "node_modules"), path.join(root, "node_modules"), "junction");
    return use(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Sucrase's files about JSX, Flow, React and Jest, about modules that stay modules, and about engines that are older. */
const OTHER_LANGUAGES =
  /^(parser[/\\]plugins[/\\](flow|jsx[/\\]\w+)|transformers[/\\](JSX|Flow|Jest|React|ESM|Numeric|Optional)\w*Transformer|Options-gen-types|util[/\\]getTSImportedNames)\.js$/;

/** A module that finds the experiments, which the rooms no longer have, by the functions that their steps export. */
function experiments(course: string): string {
  const files = readdirSync(course, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(EXPERIMENT));
  const known = steps.filter((step) => step.kind === "function" && step.experiment !== undefined);
  const found = files.map((file) => known.find((step) => step.export + EXPERIMENT === path.basename(file)));
  if (found.some((step) => !step) || found.length < known.length)
    throw new Error("an experiment has no step, or no file");
  const imports = files.map((file, i) => {
    const from = `../../grader/course/${file.replaceAll(path.sep, "/")}`;
    return `import { experiment as of${i} } from ${JSON.stringify(from)};`;
  });
  const fields = found.map((step, i) => `${JSON.stringify(step!.id)}: of${i}`);
  return `${imports.join("\n")}
const all: Record<string, unknown> = { ${fields.join(", ")} };
export const experimentOf = ({ id }: { id: string }): unknown => all[id];
`;
}

const EXPERIMENT = "-experiment.ts";

function rewrite(folder: string, names: RegExp, how: (text: string) => string): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (names.test(name)) change(path.join(folder, name), how);
  }
}

function change(file: string, how: (text: string) => string): void {
  writeFileSync(file, how(readFileSync(file, "utf8")));
}

/** A constant whose fields can be called: what writes a sentence with them gets an empty one. */
const NOTHING = 'new Proxy({}, { get: () => () => "" })';

/** A module whose functions and classes are there and do nothing: nobody needs what they do. */
function emptied(text: string): string {
  const functions = [...text.matchAll(/^export (?:default )?function (\w+)/gm)].map(([head]) => `${head}() {}`);
  const others = [...text.matchAll(/^export (?:default )?(?:class|const) (\w+)/gm)].map(([head, name]) =>
    head.includes("default") ? `export default class ${name} {}` : `export const ${name} = ${NOTHING};`,
  );
  return [...functions, ...others, ...(/^export default \w+;/m.test(text) ? ["export default {};"] : [])].join("\n");
}

/**
 * Sucrase's source maps lose their columns behind an empty piece of a template, as in `${x}`: a token without a character
 * begins where the next one does.
 */
function withEmptyTokens(text: string): string {
  const [before, after] = [
    "if (i === currentMapping) {\n      sourceColumns",
    "while (i === currentMapping) {\n      sourceColumns",
  ];
  if (!text.includes(before)) throw new Error("Sucrase computes source maps in another way: is it another version?");
  return text.replace(before, after);
}

/** Sucrase's functions for what older engines cannot do, which it writes only if it is asked for them. */
function withoutOldEngines(text: string): string {
  const helpers = /^ {2}(?:require|\w*(?:[nN]ullish|[oO]ptional)\w*): `[^`]*`,\n/gm;
  if ([...text.matchAll(helpers)].length !== 7) throw new Error("Sucrase has other helpers: is it another version?");
  return text.replaceAll(helpers, "");
}

/** Sucrase's tree of words, grown from its words when it is loaded: as numbers, it is as large as all other tables. */
function withGrownTree(text: string): string {
  const rows = [...text.matchAll(/^ *\/\/ "(\w*)"\n *(.*),$/gm)].map(
    ([, word, row]) => [word!, row!.split(", ")] as const,
  );
  const words = rows.flatMap(([word, [value]]) => (value === "-1" ? [] : [[word, value!] as const]));
  const asWritten = rows.flatMap(([, [, ...next]]) => next.map(Number));
  const asGrown = treeOf(words.map(([word]) => [word, 0] as const)).filter((_, i) => i % NODE > 0);
  if (words.length === 0 || asGrown.join() !== asWritten.join())
    throw new Error("Sucrase's tree of words has another form");
  return `import {ContextualKeyword} from "./keywords";
import {TokenType as tt} from "./types";
const NODE = ${NODE};
${treeOf}
export const READ_WORD_TREE = new Int32Array(treeOf([${words.map(([word, value]) => `["${word}", ${value}]`).join(",")}]));
`;
}

/** The numbers of a node: what is a word there, or -1, and where the node of each next letter begins. */
const NODE = 27;

function treeOf(words: readonly (readonly [string, number])[]): number[] {
  const tree: number[] = Array(NODE).fill(-1);
  for (const [word, value] of words) {
    let at = 0;
    for (const letter of word) {
      const next = at + letter.charCodeAt(0) - 96;
      if (tree[next]! < 0) {
        tree[next] = tree.length;
        tree.push(...Array(NODE).fill(-1));
      }
      at = tree[next]!;
    }
    tree[at] = value;
  }
  return tree;
}

/** Sucrase's options, which it checks at run time: ours are checked by their types. */
function unchecked(text: string): string {
  return `${text
    .replace(/^import .*$/gm, "")
    .replace(/^const \{.*createCheckers.*$/gm, "")
    .replace(/export function validateOptions[^]*$/, "")}
export function validateOptions() {}`;
}
