import type { Tensor } from "#tensor";
import type { Arithmetic, Operations } from "../autograd/operations.ts";
import { Variable, differentiate } from "../autograd/tape.ts";
import type { Line, Values } from "./line.ts";
import type { Indices, Named } from "./named.ts";

/** One line's output from its inputs. A line names its tensors; its type knows which of them are index tensors. */
export function evaluate<X extends Operations<X>>(line: Line, inputs: Readonly<Named<X | Tensor>>): X {
  return line.expression<X>(inputs as Values<string, never, X>);
}

/** All forward values, including those that it starts from. */
export function forward<X extends Arithmetic<X>>(
  lines: readonly Line[],
  start: Readonly<Named<X>>,
  indices: Indices,
): Named<X> {
  const values: Named<X> = { ...start };
  const inputs: Named<X | Tensor> = { ...start, ...indices };
  for (const line of lines) {
    const output = evaluate<X>(line, inputs);
    values[line.output] = output;
    inputs[line.output] = output;
  }
  return values;
}

/**
 * One forward pass on the tape and the backward pass from the loss: every value and every gradient, by tensor name.
 *
 * @param start the parameters, and inputs that are not indices
 * @param settle applied to each line's output before anything uses it
 */
export function differentiateLoss<X extends Arithmetic<X>>(
  { lines, loss: lossName }: { readonly lines: readonly Line[]; readonly loss: string },
  start: Readonly<Named<X>>,
  indices: Indices,
  settle: (value: X, output: string) => X = (value) => value,
): { values: Named<X>; gradients: Named<X> } {
  const variables: Named<Variable<X>> = {};
  for (const [name, value] of Object.entries(start)) variables[name] = new Variable(value);
  const inputs: Named<Variable<X> | Tensor> = { ...variables, ...indices };
  for (const line of lines) {
    const variable = evaluate<Variable<X>>(line, inputs);
    variable.value = settle(variable.value, line.output);
    variables[line.output] = variable;
    inputs[line.output] = variable;
  }
  const loss = variables[lossName]!;
  loss.backward(loss.value.newZeros([]).add(1));
  const values: Named<X> = {};
  const gradients: Named<X> = {};
  for (const [name, variable] of Object.entries(variables)) {
    values[name] = variable.value;
    if (variable.grad !== undefined) gradients[name] = variable.grad;
  }
  return { values, gradients };
}

/**
 * The vector-Jacobian product of a run of lines: the gradients that reach each of their tensors.
 *
 * @param through the lines to go through, in forward order
 * @param values the lines' inputs, at which they are differentiated
 * @param upstream the gradients to start from, of outputs of these lines, by tensor name
 * @param outputs the lines' outputs as the backward rules should use them, if they are known in rounded form
 */
export function differentiateLines<X extends Arithmetic<X>>(
  through: readonly Line[],
  values: Readonly<Named<X>>,
  indices: Indices,
  upstream: Readonly<Named<X>>,
  outputs: Readonly<Named<X>> = values,
): Named<X> {
  const gradients: Named<X> = { ...upstream };
  for (const line of through.toReversed()) {
    const g = gradients[line.output];
    if (g === undefined) continue;
    const inputs = Object.fromEntries(
      line.inputs.filter((name) => !(name in indices)).map((name) => [name, values[name]!]),
    );
    const parts = differentiate(
      (variables) => evaluate<Variable<X>>(line, { ...variables, ...indices }),
      inputs,
      g,
      outputs[line.output],
    );
    for (const [name, part] of Object.entries(parts)) {
      if (part === undefined) continue;
      const sum = gradients[name];
      gradients[name] = sum === undefined ? part : sum.add(part);
    }
  }
  return gradients;
}
