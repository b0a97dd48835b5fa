import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { batchShapes, lines, parameterShapes, type TensorName } from "../../grader/course/makemore/lines.ts";
import { shapeText, type Extent } from "../../grader/network/shape.ts";
import { projectRoot } from "../../grader/runner/project.ts";

/** What each name of the forward pass stands for: a name that is added needs a line here. */
const meanings: Readonly<Record<TensorName, string>> = {
  C: "character table: a row of numbers, the embedding, for each character",
  Xb: "inputs of the batch: the characters that are read, by number",
  Yb: "labels of the batch: the character that follows, by number",
  W1: "weights of the first layer",
  b1: "bias of the first layer",
  W2: "weights of the second layer",
  b2: "bias of the second layer",
  bngain: "batchnorm's gain: what each neuron is multiplied by",
  bnbias: "batchnorm's bias: what is added to each neuron",
  emb: "embeddings of the characters that were read",
  embcat: "the same, concatenated: one row per example",
  hprebn: "hidden layer before batchnorm",
  bnmeani: "batchnorm: the mean of each neuron over the batch (i for the instance, this batch)",
  bndiff: "batchnorm: the difference from that mean",
  bndiff2: "batchnorm: the difference squared",
  bnvar: "batchnorm: the variance of each neuron",
  bnvar_inv: "batchnorm: the inverse root of the variance",
  bnraw: "batchnorm: the normalized numbers, before gain and bias",
  hpreact: "hidden layer before its activation, the tanh",
  h: "hidden layer: the output of tanh",
  logits: "a score for each character, not yet a probability",
  logit_maxes: "the largest logit of each row",
  norm_logits: "the logits minus that, so that exp cannot overflow",
  counts: "the exponentials, as if each character had been counted",
  counts_sum: "the sum of a row's counts",
  counts_sum_inv: "the inverse of that sum",
  probs: "probabilities: counts divided by their sum",
  logprobs: "their logarithms",
  loss: "minus the mean of the correct characters' logprobs",
};

const NAMES = /^<!-- names -->\n[^]*?^<!-- end of names -->$/m;
const lesson = path.join(projectRoot, "exercises/1-step-by-step/README.md");

/** The names in the order in which they appear in the forward pass, with what each stands for and its shape. */
function table(): string {
  const shapes: Record<string, readonly Extent[]> = { ...parameterShapes, ...batchShapes };
  const names: string[] = [];
  for (const { output, inputs, shape } of lines) {
    shapes[output] = shape;
    names.push(...[...inputs, output].filter((name) => !names.includes(name)));
  }
  const rows = names.map((name) => [`\`${name}\``, meanings[name as TensorName], `\`${shapeText(shapes[name]!)}\``]);
  const all = [["name", "what it stands for", "shape"], ...rows];
  const widths = [0, 1, 2].map((at) => Math.max(...all.map((row) => row[at]!.length)));
  const written = all.map((row) => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [written[0], rule, ...written.slice(1)].join("\n");
}

/** To bring the table up to date: `npx vitest run tests/lessons/names.test.ts --update`. */
it("part 1 lists every name of the forward pass with its shape", async () => {
  const text = readFileSync(lesson, "utf8");
  expect(text).toMatch(NAMES);
  const renewed = text.replace(NAMES, () => `<!-- names -->\n\n${table()}\n\n<!-- end of names -->`);
  await expect(renewed).toMatchFileSnapshot(lesson);
});
