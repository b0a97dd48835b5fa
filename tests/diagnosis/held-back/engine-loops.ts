/** Correct lines between the loss and the end of trainStep; an entry replaces some of them. */
const lines = {
  order: "const order = topologicalOrder(loss);",
  pass: "backward(order);",
  gradients: "const gradients: any = {};",
  each: "for (const name of Object.keys(leaves) as (keyof Parameters)[]) {",
  read: "gradients[name] = leaves[name].gradient!;",
  update: "parameters[name].sub_(gradients[name].mul(learningRate));",
  end: "}",
  answer: "return { loss: loss.value, gradients };",
};

/** Wrong ends of trainStep in 6.10, by somebody who had read the exercise and the lesson, and nothing else. */
export const wrongEngines: readonly { what: string; body: string }[] = [
  { what: "updates without the learning rate", changed: { update: "parameters[name].sub_(gradients[name]);" } },
  {
    what: "adds instead of subtracting",
    changed: { update: "parameters[name].add_(gradients[name].mul(learningRate));" },
  },
  { what: "forgets the update", changed: { update: "" } },
  { what: "updates a copy", changed: { update: "parameters[name].sub(gradients[name].mul(learningRate));" } },
  {
    what: "returns gradients multiplied by the learning rate",
    changed: {
      read: "gradients[name] = leaves[name].gradient!.mul(learningRate);",
      update: "parameters[name].sub_(gradients[name]);",
    },
  },
  { what: "forgets the backward pass", changed: { pass: "" } },
  { what: "gives backward the loss alone", changed: { pass: "backward([loss]);" } },
  { what: "gives backward the reversed order", changed: { pass: "backward(order.reverse());" } },
  {
    what: "goes backward twice",
    changed: {
      pass: "backward(order); backward(order);",
      update: "parameters[name].sub_(gradients[name].mul(2 * learningRate));",
    },
  },
  {
    what: "computes the loss anew after the update",
    changed: { answer: "return { loss: forward(leaves, batch).value, gradients };" },
  },
  { what: "returns the node of the loss", changed: { answer: "return { loss: loss as any, gradients };" } },
  {
    what: "returns the node of each parameter",
    changed: {
      read: "gradients[name] = leaves[name].gradient!;",
      answer: "return { loss: loss.value, gradients: leaves as any };",
    },
  },
  {
    what: "returns the parameters as gradients",
    changed: { answer: "return { loss: loss.value, gradients: parameters };" },
  },
  {
    what: "leaves out the table C",
    changed: { each: "for (const name of ['W1', 'b1', 'W2', 'b2', 'bngain', 'bnbias'] as (keyof Parameters)[]) {" },
  },
  {
    what: "updates the biases of batch normalization only if their shape is a list",
    changed: {
      update:
        "if (parameters[name].shape.length === 1 || parameters[name].size(0) > 1) parameters[name].sub_(gradients[name].mul(learningRate));",
    },
  },
  {
    what: "updates before the gradients of this step are there",
    changed: {
      order:
        "const order = topologicalOrder(loss); for (const name of Object.keys(leaves) as (keyof Parameters)[]) parameters[name].sub_((leaves[name].gradient ?? tensor(0)).mul(learningRate));",
      update: "",
    },
  },
  {
    what: "changes the node's value, a tensor of its own",
    changed: { update: "leaves[name] = leaf(parameters[name].sub(gradients[name].mul(learningRate)));" },
  },
  {
    what: "a new graph for each parameter, updated at once",
    changed: {
      order: "",
      pass: "",
      read: "const own = { ...leaves, [name]: leaf(parameters[name]) }; backward(topologicalOrder(forward(own, batch))); gradients[name] = own[name].gradient!;",
    },
  },
  {
    what: "divides the gradients by the batch once more",
    changed: { read: "gradients[name] = leaves[name].gradient!.div(batch.Xb.size(0));" },
  },
  { what: "uses a learning rate of its own", changed: { update: "parameters[name].sub_(gradients[name].mul(0.1));" } },
].map(({ what, changed }: { what: string; changed: Partial<typeof lines> }) => ({
  what,
  body: Object.values({ ...lines, ...changed }).join("\n  "),
}));
