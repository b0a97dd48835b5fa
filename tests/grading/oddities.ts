import { readFileSync } from "node:fs";
import path from "node:path";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { exercise, stepOf } from "../trees.ts";

/** Files by name, from texts by step id. */
export function treeOf(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([id, text]) => [stepOf(id).file, text]));
}

/** Trees whose functions return no right tensor, or print something, by what these do. */
export const oddities: Readonly<Record<string, Record<string, string>>> = {
  "throws, in the file, in a file beside it and in a tensor": treeOf({
    dprobs: exercise("dprobs", "return prob.mul(given.dlogprobs);"),
    dcounts_sum: exercise("dcounts_sum", "return given.counts_sum.add(given.counts.T);"),
    dcounts_sum_inv: exercise("dcounts_sum_inv", 'throw new Error("no idea");'),
    dlogit_maxes: `import { later } from "./later.ts";\n${exercise("dlogit_maxes", "return later(given);")}`,
    dlogits: `throw new TypeError("at once");\n${exercise("dlogits", "return given.logits;")}`,
    "fused-dlogits": exercise("dlogits", "return given.logits.get(1000, 1000);"),
  }),
  "is no tensor, or of another shape": treeOf({
    dprobs: exercise("dprobs", "return Promise.resolve(given.dlogprobs);"),
    dcounts_sum: exercise("dcounts_sum", "return [1, 2];"),
    dcounts_sum_inv: exercise("dcounts_sum_inv", "given.counts.mul(given.dprobs);"),
    dlogit_maxes: exercise("dlogit_maxes", "return given.dnorm_logits.sum(1);"),
    dlogits: exercise("dlogit", "return given.logits;"),
    dh: exercise("dh", 'throw todo("dh");'),
  }),
  "is not finite, not steady, or changes what it was given": treeOf({
    dprobs: exercise("dprobs", "return given.dlogprobs.div(given.probs.sub(given.probs));"),
    dcounts: exercise("dcounts", "given.dprobs.mul_(2); return given.counts;"),
    dlogit_maxes: `let calls = 0;\n${exercise("dlogit_maxes", "return given.dnorm_logits.sum(1, keepdim).mul(-calls++);")}`,
  }),
  prints: treeOf({
    dprobs: exercise(
      "dprobs",
      'console.log("a", 1, { b: [2] }, given.probs.sum()); console.trace("no");\n  return given.dlogprobs.div(given.probs);',
    ),
  }),
};
const [throwing] = Object.values(oddities);
throwing!["1-step-by-step/later.ts"] = "export function later(given: any): any {\n  return given.nothing.mul(2);\n}\n";

/** The training loop's solution with one piece replaced. */
export function loopWith(is: string, other: string): Record<string, string> {
  const { file } = stepOf("train");
  const solution = readFileSync(path.join(solutionsFolder, file), "utf8");
  const text = solution.replace(is, other);
  if (text === solution) throw new Error(`the solution has no ${is}`);
  return { [file]: text };
}

/** Wrong training loops: what each does, and which piece of the solution is replaced by what. */
export const wrongLoops: readonly [what: string, is: string, other: string][] = [
  ["forgets the mean", ".div_(n);\n  const dh", ";\n  const dh"],
  ["moves along its gradients", "mul(learningRate)", "mul(-learningRate)"],
  ["writes the learning rate as a number", "mul(learningRate)", "mul(0.1)"],
  ["throws at other sizes", "demb = dembcat.view(...emb.shape)", "demb = dembcat.view(n, 3, 10)"],
  ["returns nothing", "return { loss, gradients };", ""],
  ["grows beyond all bounds", "mul(learningRate)", "mul(-1e30)"],
];
