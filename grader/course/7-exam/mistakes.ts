import type { KnownMistake } from "../../kit/mistake.ts";
import { looks } from "../looks.ts";

/** What is said of mistakes that can be made at many steps of the exam. Each step adds the wrong answer itself. */

/** The sign is flipped, where the forward lines contain no minus sign. */
export function sign(tensor: string): KnownMistake {
  return {
    id: "sign",
    idea: "a stray minus sign",
    sentence: "the sign is flipped",
    look: looks.signOfProduct(tensor),
  };
}

/** The tensor whose gradient is asked for is an extra factor. */
export function timesItself(tensor: string): KnownMistake {
  return {
    id: `times-${tensor}`,
    idea: "the tensor itself is an extra factor",
    sentence: `the answer is multiplied by ${tensor}: the local gradient of a factor is the other factor alone`,
    look: looks.ownFactor(tensor),
  };
}

/** A value is used where its gradient belongs. */
export function valueForGradient(tensor: string): KnownMistake {
  return {
    id: `${tensor}-for-d${tensor}`,
    idea: "the value is used instead of its gradient",
    sentence: `${tensor} itself is in the answer, instead of its gradient`,
    look: looks.valueForGradient,
  };
}

/** The mean of the loss is applied once more. */
export const overPositions: KnownMistake = {
  id: "over-positions",
  idea: "the mean of the loss is applied again",
  sentence: "divided by the number of positions: the mean is in the upstream gradient already",
  look: looks.divided,
};

/** A sum of a matrix product is taken as a mean. */
export function averaged(summed: string): KnownMistake {
  return {
    id: "averaged",
    idea: "a sum is taken as a mean",
    sentence: `divided by the number of ${summed}: each of them affects the loss, so their gradients add up`,
    look: looks.mean,
  };
}

/** A matrix is not transposed on the way back. */
export function notTransposed(names: string): KnownMistake {
  return {
    id: "not-transposed",
    idea: "the forward product is repeated",
    sentence: `the product does not fit as it is: compare the shapes of ${names}`,
    look: looks.notTransposed,
  };
}

/** A product with its factors in the wrong order. */
export const wrongOrder: KnownMistake = {
  id: "order",
  idea: "the factors are in the other order",
  sentence: "the factors are in the other order: the matrix stands on the right, as in the forward line",
  look: looks.outerSizes,
};
