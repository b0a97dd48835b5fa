import type { Shape, Tensor } from "#tensor";
import type { Dims } from "../tensor/shape.ts";
import type { Arithmetic } from "./operations.ts";
import * as rules from "./rules.ts";
import type { Rule } from "./rules.ts";

/** Thrown where a gradient would flow back through an operation that has no backward rule. */
export class NoGradientError extends Error {}

/**
 * A value that remembers how it was made. Computing with variables builds the graph; backward() walks it from the
 * output to the inputs and leaves every variable's gradient in `grad`, intermediate ones included.
 *
 * It has the operations of backward rules as well, so that a backward pass can itself be recorded and differentiated.
 *
 * @typeParam X the arithmetic: Tensor (float32), Measured (float64 and magnitudes), or another Variable
 */
export class Variable<X extends Arithmetic<X>> implements Arithmetic<Variable<X>> {
  /** The forward value. A caller may replace it before backward() by the same value rounded; see differentiate. */
  value: X;
  /** The gradient that reached this variable, once backward() ran; undefined where none did. */
  grad: X | undefined;
  readonly #parents: readonly Variable<X>[];
  readonly #backward: Rule<X>["backward"];

  constructor(value: X, parents: readonly Variable<X>[] = [], backward: Rule<X>["backward"] = []) {
    this.value = value;
    this.#parents = parents;
    this.#backward = backward;
  }

  get shape(): Shape {
    return this.value.shape;
  }

  /** Sends `upstream`, the gradient of this variable, to everything it was made from. */
  backward(upstream: X): void {
    this.grad = upstream;
    for (const variable of this.#downstreamFirst()) {
      const g = variable.grad;
      if (g === undefined) continue;
      for (const [i, parent] of variable.#parents.entries()) {
        const part = variable.#backward[i]!(g, variable.value);
        parent.grad = parent.grad === undefined ? part : parent.grad.add(part);
      }
    }
  }

  /** Every variable that this one depends on, each before those it was made from. */
  #downstreamFirst(): Variable<X>[] {
    const order: Variable<X>[] = [];
    const seen = new Set<Variable<X>>();
    const visit = (variable: Variable<X>): void => {
      if (seen.has(variable)) return;
      seen.add(variable);
      for (const parent of variable.#parents) visit(parent);
      order.push(variable);
    };
    visit(this);
    return order.reverse();
  }

  #record({ value, backward }: Rule<X>, ...others: Variable<X>[]): Variable<X> {
    return new Variable(value, [this, ...others], backward);
  }

  add(other: Variable<X> | number): Variable<X> {
    if (typeof other === "number") return this.#record(rules.addNumber(this.value, other));
    return this.#record(rules.add(this.value, other.value), other);
  }

  sub(other: Variable<X> | number): Variable<X> {
    if (typeof other === "number") return this.#record(rules.addNumber(this.value, -other));
    return this.#record(rules.sub(this.value, other.value), other);
  }

  mul(other: Variable<X> | number): Variable<X> {
    if (typeof other === "number") return this.#record(rules.mulNumber(this.value, other));
    return this.#record(rules.mul(this.value, other.value), other);
  }

  div(other: Variable<X> | number): Variable<X> {
    if (typeof other === "number") return this.#record(rules.divNumber(this.value, other));
    return this.#record(rules.div(this.value, other.value), other);
  }

  neg(): Variable<X> {
    return this.#record(rules.neg(this.value));
  }

  pow(exponent: number): Variable<X> {
    return this.#record(rules.pow(this.value, exponent));
  }

  exp(): Variable<X> {
    return this.#record(rules.exp(this.value));
  }

  log(): Variable<X> {
    return this.#record(rules.log(this.value));
  }

  tanh(): Variable<X> {
    return this.#record(rules.tanh(this.value));
  }

  sigmoid(): Variable<X> {
    return this.#record(rules.sigmoid(this.value));
  }

  softplus(): Variable<X> {
    return this.#record(rules.softplus(this.value));
  }

  relu(): Variable<X> {
    return this.#record(rules.relu(this.value));
  }

  sign(): Variable<X> {
    return new Variable(this.value.sign());
  }

  maskedFill(mask: Tensor, value: number): Variable<X> {
    return this.#record(rules.maskedFill(this.value, mask, value));
  }

  sum(dim?: Dims, keepdim?: boolean): Variable<X> {
    return this.#record(rules.sum(this.value, dim, keepdim));
  }

  mean(dim?: Dims, keepdim?: boolean): Variable<X> {
    return this.#record(rules.mean(this.value, dim, keepdim));
  }

  var(dim: Dims, keepdim?: boolean): Variable<X> {
    return this.#record(rules.variance(this.value, dim, keepdim));
  }

  max(dim: number, keepdim?: boolean): { values: Variable<X>; indices: Tensor } {
    const { indices, ...rule } = rules.max(this.value, dim, keepdim);
    return { values: this.#record(rule), indices };
  }

  softmax(dim: number): Variable<X> {
    return this.#record(rules.softmax(this.value, dim));
  }

  matmul(other: Variable<X>): Variable<X> {
    return this.#record(rules.matmul(this.value, other.value), other);
  }

  get T(): Variable<X> {
    return this.#record(rules.transpose(this.value, 0, 1));
  }

  transpose(dim0: number, dim1: number): Variable<X> {
    return this.#record(rules.transpose(this.value, dim0, dim1));
  }

  view(...shape: number[]): Variable<X> {
    return this.#record(rules.view(this.value, shape));
  }

  expand(...shape: number[]): Variable<X> {
    return this.#record(rules.expand(this.value, shape));
  }

  gatherRows(index: Tensor): Variable<X> {
    return this.#record(rules.gatherRows(this.value, index));
  }

  gather(dim: number, index: Tensor): Variable<X> {
    return this.#record(rules.gather(this.value, dim, index));
  }

  indexAdd(dim: number, index: Tensor, source: Variable<X>): Variable<X> {
    return this.#record(rules.indexAdd(this.value, dim, index, source.value), source);
  }

  scatterAdd(dim: number, index: Tensor, source: Variable<X>): Variable<X> {
    return this.#record(rules.scatterAdd(this.value, dim, index, source.value), source);
  }

  newTensor(values: Tensor): Variable<X> {
    return new Variable(this.value.newTensor(values));
  }

  newZeros(shape: Shape): Variable<X> {
    return new Variable(this.value.newZeros(shape));
  }

  each(): never {
    throw new NoGradientError(
      "each: no gradient flows back through a function of each element; it is for lines that compute values",
    );
  }
}

/**
 * The vector-Jacobian product of one expression: what flows back to each input, given the gradient of its output.
 *
 * @param inputs the values the expression is evaluated at, by name
 * @param upstream the output's gradient, in the output's shape
 * @param output the output's value where it is known in rounded form; rules that use it then use this one
 */
export function differentiate<Name extends string, X extends Arithmetic<X>>(
  expression: (variables: Record<Name, Variable<X>>) => Variable<X>,
  inputs: Readonly<Record<Name, X>>,
  upstream: X,
  output?: X,
): Partial<Record<Name, X>> {
  const names = Object.keys(inputs) as Name[];
  const variables = Object.fromEntries(names.map((name) => [name, new Variable(inputs[name])])) as Record<
    Name,
    Variable<X>
  >;
  const result = expression(variables);
  if (output !== undefined) result.value = output;
  result.backward(upstream);
  return Object.fromEntries(names.map((name) => [name, variables[name].grad])) as Partial<Record<Name, X>>;
}

/**
 * The Jacobian-vector product of one expression: how its output changes when its inputs move along the tangents.
 *
 * A vector-Jacobian product is linear in the upstream gradient, so its own vector-Jacobian product with respect to the
 * upstream gradient is the product with the transpose: no rule is needed besides the backward rules.
 *
 * @param inputs the values the expression is evaluated at, by name
 * @param tangents the inputs' tangents, each in its input's shape; inputs without one stay where they are
 * @returns in the output's shape; undefined if the output depends on none of the inputs that move
 */
export function pushForward<Name extends string, X extends Arithmetic<X>>(
  expression: (variables: Record<Name, Variable<Variable<X>>>) => Variable<Variable<X>>,
  inputs: Readonly<Record<Name, X>>,
  tangents: Readonly<Partial<Record<Name, X>>>,
): X | undefined {
  const names = Object.keys(inputs) as Name[];
  const outer = Object.fromEntries(names.map((name) => [name, new Variable(new Variable(inputs[name]))])) as Record<
    Name,
    Variable<Variable<X>>
  >;
  const output = expression(outer);
  const upstream = new Variable(output.value.value.newZeros(output.shape));
  output.backward(upstream);
  // one number whose gradient with respect to the upstream gradient is the product
  let moved: Variable<X> | undefined;
  for (const name of names) {
    const gradient = outer[name].grad;
    const tangent: X | undefined = tangents[name];
    if (gradient === undefined || tangent === undefined) continue;
    const part = gradient.mul(new Variable<X>(tangent)).sum();
    moved = moved === undefined ? part : moved.add(part);
  }
  moved?.backward(moved.value.newZeros([]).add(1));
  return upstream.grad;
}
