import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * Tensors are a script of their own, which the grader and the library for learner code both begin with: it puts what each
 * module of grader/tensor exports on the global object, and whoever is made with given tensors takes it from there.
 */

/** What the script's first file is called, from a tree's root. */
export const TENSORS = "page/frame/tensors.ts";

const FOLDER = path.join("grader", "tensor");
/** What a module exports at run time. */
const EXPORTED = /^export (?:async )?(?:const|let|function|class) (\w+)/gm;

/** Writes the script's first file into a tree. */
export function addTensors(root: string): void {
  const modules = modulesIn(root);
  const imports = modules.map((name, i) => `import * as of${i} from "../../grader/tensor/${name}";`);
  const fields = modules.map((name, i) => `${JSON.stringify(name)}: of${i}`);
  const given = `Object.assign(globalThis, { TENSORS: { ${fields.join(", ")} } });`;
  writeFileSync(path.join(root, TENSORS), [...imports, given, ""].join("\n"));
}

/**
 * Replaces each module of tensors in a tree by one that takes the same from the global object.
 *
 * @param first what each of them imports first, if the script has not run before
 */
export function giveTensors(root: string, first?: string): void {
  for (const name of modulesIn(root)) {
    const file = path.join(root, FOLDER, name);
    const names = [...readFileSync(file, "utf8").matchAll(EXPORTED)].map(([, exported]) => exported!);
    const given = `export const { ${names.join(", ")} } = globalThis.TENSORS[${JSON.stringify(name)}];\n`;
    writeFileSync(file, `${first === undefined ? "" : `import ${JSON.stringify(first)};\n`}${given}`);
  }
}

/** The modules of tensors that export something of their own; index.ts only names it. */
function modulesIn(root: string): string[] {
  return readdirSync(path.join(root, FOLDER)).filter((name) => {
    const text = readFileSync(path.join(root, FOLDER, name), "utf8");
    return name !== "index.ts" && new RegExp(EXPORTED).test(text);
  });
}
