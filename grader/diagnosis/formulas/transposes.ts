import type { Tensor } from "#tensor";
import type { Case } from "../../kit/case.ts";
import { shapeOf, type FunctionStep } from "../../kit/step.ts";
import { ratioOf } from "../factors/factors.ts";
import { orThrown, type Formula } from "./formula.ts";
import { givenFloats, ONE_THING, rightAnswer, type About } from "../symptom.ts";

/** A factor of a matrix product, as it is or transposed. Leading dimensions count the matrices. */
interface Side {
  readonly name: string;
  readonly isTransposed: boolean;
}

/** A matrix product of two given tensors. */
type Product = readonly [left: Side, right: Side];

/**
 * The correct formula, if that is a matrix product of two given tensors up to a factor, with one of them transposed that
 * should not be, or as it is although it should be transposed. Where a matrix is square, nothing throws.
 */
export function* otherTransposes({ step, unused }: About, asked: Case): Generator<Formula> {
  for (const correct of correctProducts(step, asked)) {
    for (const side of [0, 1] as const) {
      const { name, isTransposed } = correct[side];
      if (unused.has(name)) continue;
      const wrong = correct.with(side, { name, isTransposed: !isTransposed }) as unknown as Product;
      const [left, right] = correct.map(({ name }) => name);
      const how = shapeOf(step, name).length > 2 ? ": its last two dimensions should be swapped" : "";
      const should = isTransposed ? `${name} should be transposed${how}` : `${name} should not be transposed`;
      yield {
        id: isTransposed ? "not-transposed" : "needlessly-transposed",
        sentence: `${ONE_THING}in the matrix product of ${left} and ${right}, ${should}`,
        holds: [name],
        answer: (asked) =>
          orThrown(() => {
            const factor = ratioOf(rightAnswer(asked), valueOf(correct, asked));
            return valueOf(wrong, asked).mul(factor ?? NaN);
          }),
      };
    }
  }
}

/** Whether the correct answer is a matrix product of two given tensors, up to a factor. */
export function isProduct(step: FunctionStep, asked: Case): boolean {
  return correctProducts(step, asked).length > 0;
}

/** The products of two given tensors that are the correct answer up to a factor. */
function correctProducts(step: FunctionStep, asked: Case): Product[] {
  const right = rightAnswer(asked);
  const matrices = givenFloats(step).filter((name) => shapeOf(step, name).length >= 2);
  const sides = matrices.flatMap((name) => [false, true].map((isTransposed): Side => ({ name, isTransposed })));
  return sides.flatMap((left) =>
    sides.flatMap((other): Product[] => {
      const value = orThrown(() => valueOf([left, other], asked));
      return "shape" in value && ratioOf(right, value) !== undefined ? [[left, other]] : [];
    }),
  );
}

function valueOf([left, right]: Product, { given }: Case): Tensor {
  const of = ({ name, isTransposed }: Side): Tensor => (isTransposed ? swapped(given[name]!) : given[name]!);
  return of(left).matmul(of(right));
}

/** A tensor with its last two dimensions swapped. */
export function swapped(x: Tensor): Tensor {
  const last = x.shape.length - 1;
  return x.transpose(last - 1, last);
}
