import { Tensor } from "#tensor";
import { Measured } from "../../autograd/measured.ts";
import { smallInstance } from "../../kit/instance.ts";
import { functionSteps, type FunctionStepId } from "../steps.ts";

/**
 * Tensors of a step's small instance, by name, in float64: the numbers of its second hint and, in part 0, of its section
 * in the lesson.
 *
 * @throws Error if the instance lacks one
 */
export function smallNumbers<const Name extends string>(
  id: FunctionStepId,
  names: readonly Name[],
): Readonly<Record<Name, Measured>> {
  const step = functionSteps.find((step) => step.id === id)!;
  const { values } = smallInstance(step);
  const found = names.map((name): [Name, Measured] => {
    const value = values[name];
    if (value === undefined) throw new Error(`the small instance of ${id} has no ${name}`);
    return [name, value instanceof Tensor ? Measured.from(value) : value];
  });
  return Object.fromEntries(found) as Record<Name, Measured>;
}
