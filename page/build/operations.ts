import { readFileSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../../grader/runner/project.ts";
import type { Operation } from "../site.ts";

/** A row of the table of operations: | `x.size(dim)` | what it is | in PyTorch | */
const ROW = /^\| `(x\.)?(\w+)([^`]*)` +\| (.*?) +\|/gm;

/** What completion offers, from the page about tensors: its table is made from the class, and a test keeps it complete. */
export function operations(): Operation[] {
  const text = readFileSync(path.join(projectRoot, "exercises", "TENSORS.md"), "utf8");
  const [table] = /^<!-- operations -->\n[^]*?^<!-- end of operations -->$/m.exec(text) ?? [""];
  return [...table.matchAll(ROW)].map(([, x, name, signature, what]): Operation => {
    return { name: name!, signature: signature!, what: what!.replaceAll("`", ""), isMethod: x !== undefined };
  });
}
