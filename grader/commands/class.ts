import { merge, mergeHelp } from "./class/merge.ts";
import { UsageError } from "./usage.ts";

export const classHelp = mergeHelp;

/** Exit status 0. */
export async function classCommand([word, ...args]: string[]): Promise<number> {
  if (word === "merge") return merge(args);
  throw new UsageError(`class ${word ?? ""}: there is merge`);
}
