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
