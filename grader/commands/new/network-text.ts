/** The file of a network that is complete, and small: linear regression, with what its author replaces. */
export function networkText(name: string): string {
  return `import { lineWriter, networkOf, plainBatches, plainWords } from "#kit";

// TODO: replace the sizes by your network's; each with the word for one entry along it
const sizes = {
  samples: { one: "sample" },
  features: { one: "feature", count: "the number of features" },
  outputs: { one: "output", count: "the number of outputs" },
};

// TODO: replace the parameters, and what else the forward pass reads, with their shapes
const parameters = { weights: ["features", "outputs"] };
const inputs = { x: ["samples", "features"], target: ["samples", "outputs"] };

const line = lineWriter();

// TODO: replace the lines: output, what it reads, the line as learners see it, its shape, and the same over tensors
const lines = [
  line("predicted", ["x", "weights"], "x @ weights", ["samples", "outputs"], ({ x, weights }) => x.matmul(weights)),
  line("loss", ["predicted", "target"], "((predicted - target) ** 2).mean()", [], ({ predicted, target }) =>
    predicted.sub(target).pow(2).mean(),
  ),
] as const;

// TODO: say in a sentence what the network is
/** Linear regression. */
export const ${name} = networkOf({
  name: "${name}",
  lines,
  parameters,
  indices: {},
  inputs,
  loss: "loss",
  words: plainWords(sizes, "samples"),
  batches: plainBatches({ lines, parameters, inputs, sizes, examples: "samples" }),
});
`;
}
