import { argumentError } from "./error.ts";
import { kindOf } from "./shape.ts";

/** What arguments the operations take, and what they say of others. */

/** Throws where more is given than is taken: log(10) is not the logarithm to base 10. */
export function checkCount(operation: string, given: number, taken: number, instead = ""): void {
  if (given <= taken) return;
  const takes = ["no argument", "one argument", "two arguments"][taken];
  throw argumentError(operation, `takes ${takes}, got ${given}${instead}`);
}

/** Throws unless keepdim is true or false, and where more is given: PyTorch's further arguments have no place here. */
export function checkKeepdim(operation: string, keepdim: unknown, given: number, instead = ""): void {
  if (typeof keepdim !== "boolean") {
    const several = operation === "max" ? "" : `, or ${operation}([0, 1], keepdim) for several dimensions`;
    throw argumentError(
      operation,
      `keepdim is true or false, got ${whatIs(keepdim)}; write ${operation}(1, keepdim)${several}`,
    );
  }
  if (given > 2) checkCount(operation, given, 2, `; write ${operation}(1, keepdim)${instead}`);
}

/** What something is, for an error message. */
export function whatIs(value: unknown): string {
  return Array.isArray(value) ? "an array; tensor([...]) makes a Tensor of it" : kindOf(value);
}
