import { todo, type Batch, type Binary, type Node, type Parameters, type TrainStepResult, type Unary } from "#course";
import { keepdim, oneHot, tensor, type Tensor } from "#tensor";
import { unbroadcast } from "./01-unbroadcast.ts";
import { arithmetic } from "./02-arithmetic.ts";
import { elementwise } from "./03-elementwise.ts";
import { reduction } from "./04-reduction.ts";
import { matrixProduct } from "./05-matrixProduct.ts";
import { maximum } from "./06-maximum.ts";
import { rearrangement } from "./07-rearrangement.ts";
import { topologicalOrder } from "./08-topologicalOrder.ts";
import { backward } from "./09-backward.ts";

/**
 * 6.10. trainStep
 *
 * One step of training by your own engine: the forward pass builds a graph (given), your functions go back through it
 * (yours).
 *
 * Given:
 *   parameters, batch, learningRate: as in part 4
 *   loss: a node; leaves: the nodes of the parameters, by name
 *
 * Return: { loss, gradients }: the loss before the update, a tensor, and the gradient of each parameter under its name. By
 * then each parameter has been updated in place: learningRate times its gradient has been subtracted from it.
 *
 * @see [the lesson](README.md#10-trainstep)
 */
export function trainStep(parameters: Parameters, batch: Batch, learningRate: number): TrainStepResult {
  const leaves = {
    C: leaf(parameters.C),
    W1: leaf(parameters.W1),
    b1: leaf(parameters.b1),
    W2: leaf(parameters.W2),
    b2: leaf(parameters.b2),
    bngain: leaf(parameters.bngain),
    bnbias: leaf(parameters.bnbias),
  };
  const loss = forward(leaves, batch);
  // solution
  backward(topologicalOrder(loss));
  const gradients = {} as Parameters;
  for (const name of Object.keys(leaves) as (keyof Parameters)[]) {
    gradients[name] = leaves[name].gradient!;
    parameters[name].sub_(gradients[name].mul(learningRate));
  }
  return { loss: loss.value, gradients };
  // end of solution
}

/** The lecture's network, line by line, as a graph. */
function forward({ C, W1, b1, W2, b2, bngain, bnbias }: Record<keyof Parameters, Node>, { Xb, Yb }: Batch): Node {
  const n = Xb.size(0);
  const embcat = view(gatherRows(C, Xb), n, -1);
  const hprebn = binary("add", matmul(embcat, W1), b1);
  const bndiff = binary("sub", hprebn, reduce("mean", hprebn, 0));
  const bnvar = binary("div", reduce("sum", unary("pow", bndiff, 2), 0), leaf(tensor(n - 1)));
  const bnvar_inv = unary("pow", binary("add", bnvar, leaf(tensor(1e-5))), -0.5);
  const bnraw = binary("mul", bndiff, bnvar_inv);
  const h = unary("tanh", binary("add", binary("mul", bngain, bnraw), bnbias));
  const logits = binary("add", matmul(h, W2), b2);
  const norm_logits = binary("sub", logits, max(logits, 1));
  const counts_sum = reduce("sum", unary("exp", norm_logits), 1);
  const logprobs = binary("sub", norm_logits, unary("log", counts_sum));
  const labels = leaf(oneHot(Yb, logprobs.value.size(1)));
  return binary("div", reduce("sum", binary("mul", logprobs, labels), null), leaf(tensor(-n)));
}

/** A node of the graph; what a rule returns for its inputs is brought back into their shapes. */
function node(value: Tensor, inputs: readonly Node[], rule: (upstream: Tensor) => readonly Tensor[]): Node {
  const pullback = (upstream: Tensor): Tensor[] =>
    rule(upstream).map((gradient, i) => unbroadcast(gradient, inputs[i]!.value.shape));
  return { value, inputs, pullback, gradient: undefined };
}

function leaf(value: Tensor): Node {
  return node(value, [], () => []);
}

function binary(name: Binary["name"], left: Node, right: Node): Node {
  const [a, b] = [left.value, right.value];
  const output = a[name](b);
  return node(output, [left, right], (upstream) => arithmetic({ name, a, b, output, upstream }));
}

function unary(name: Unary["name"], input: Node, exponent = 1): Node {
  const x = input.value;
  const output = name === "pow" ? x.pow(exponent) : x[name]();
  return node(output, [input], (upstream) => [elementwise({ name, x, exponent, output, upstream })]);
}

/** A sum or a mean that keeps its dimension; null for a sum or a mean of everything. */
function reduce(name: "sum" | "mean", input: Node, dim: number | null): Node {
  const x = input.value;
  const output = dim === null ? x[name]() : x[name](dim, keepdim);
  return node(output, [input], (upstream) => [reduction({ name, x, dim, keepdim, output, upstream })]);
}

function matmul(left: Node, right: Node): Node {
  const [a, b] = [left.value, right.value];
  const output = a.matmul(b);
  return node(output, [left, right], (upstream) => matrixProduct({ a, b, output, upstream }));
}

function max(input: Node, dim: number): Node {
  const x = input.value;
  const { values: output, indices } = x.max(dim, keepdim);
  return node(output, [input], (upstream) => [maximum({ x, dim, keepdim, indices, output, upstream })]);
}

function gatherRows(input: Node, index: Tensor): Node {
  const x = input.value;
  const output = x.gatherRows(index);
  return node(output, [input], (upstream) => [rearrangement({ name: "gatherRows", x, index, output, upstream })]);
}

function view(input: Node, ...shape: number[]): Node {
  const x = input.value;
  const output = x.view(...shape);
  return node(output, [input], (upstream) => [rearrangement({ name: "view", x, index: null, output, upstream })]);
}
