import { Tensor } from "#tensor";
import { print } from "../tensor/print.ts";
import { describe } from "../tensor/shape.ts";
import { elementsOf } from "../tensor/tensor.ts";

/** A tensor as it prints itself, always with its shape: tensor([4.0000], shape [1]). */
export function tensorText(tensor: Tensor): string {
  return print(elementsOf(tensor), tensor.shape, tensor.dtype, true);
}

/** What several values are called and, of tensors, their shapes: counts [2, 3], learningRate. */
export function namesWithShapes(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value instanceof Tensor ? `${name} ${describe(value.shape)}` : name))
    .join(", ");
}

/** Values below each other, each with its name; a tensor's rows are below each other. */
export function namedLines(values: Readonly<Record<string, unknown>>, textOf: (value: unknown) => string): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const start = `${name} = `;
    return textOf(value)
      .split("\n")
      .map((line, i) => (i === 0 ? start : " ".repeat(start.length)) + line);
  });
}
