import { TensorError, tensor, type Tensor } from "#tensor";
import { inScratch } from "../../autograd/float64-memory.ts";
import type { Case } from "../../kit/case.ts";
import type { Mistake } from "../../kit/mistake.ts";
import type { FunctionStep } from "../../kit/step.ts";
import { boundedTruthOf } from "../../kit/truth.ts";
import type { Named } from "../../network/named.ts";
import { sameShape } from "../../tensor/shape.ts";
import type { Change } from "./change.ts";
import type { Diagnosis, Thrown } from "../symptom.ts";

/** A formula that a wrong answer can be compared with. */
export interface Formula {
  id: string;
  /** What is said if it matches. */
  sentence: string;
  /** What it gives for a case, or throws. */
  answer: (asked: Case) => Tensor | Thrown;
  /** Whether it is a known mistake. */
  isKnown?: boolean;
  /** See Diagnosis. */
  namesBranch?: true;
  /** The given tensors that the sentence says are in the answer. */
  holds?: readonly string[];
  /** The same thing done to other tensors, and what is said if that gives the same numbers. */
  twins?: { all: () => { name: string; formula: Formula }[]; together: (names: readonly string[]) => string };
}

/** What is said if a formula matches. */
export function saidOf({ id, sentence, namesBranch }: Pick<Formula, "id" | "sentence" | "namesBranch">): Diagnosis {
  return { id, sentence, ...(namesBranch && { namesBranch }) };
}

/** The known mistakes of a step, the likeliest first. */
export function knownMistakes({ mistakes }: FunctionStep): Formula[] {
  return mistakes.map((mistake) => ({
    id: mistake.id,
    sentence: mistake.sentence,
    answer: ({ given }) => answerOf(mistake, given),
    isKnown: true,
    ...(mistake.namesBranch && { namesBranch: true }),
  }));
}

/** What a mistake gives, or throws, for some inputs. */
export function answerOf(mistake: Pick<Mistake, "answer">, given: Named<Tensor>): Tensor | Thrown {
  return orThrown(() => mistake.answer(given));
}

/** The correct answer for other given tensors. */
export function rightWith({ step, given }: Case, others: Named<Tensor>): Tensor {
  return inScratch(() => boundedTruthOf(step, { ...given, ...others }).toTensor());
}

/** A tensor with zeros at the positions whose values in another of the same shape are not to be kept. */
export function masked(a: Tensor, b: Tensor, keep: (value: number) => boolean): Tensor {
  if (!sameShape(a.shape, b.shape)) throw new TensorError("the mask has another shape");
  const values = b.toArray();
  return tensor(
    a.toArray().map((value, i) => (keep(values[i]!) ? value : 0)),
    a.shape,
  );
}

/**
 * A changed tensor.
 *
 * @throws TensorError if it does not keep its shape
 */
export function changed(change: Change, x: Tensor, asked: Case): Tensor {
  return combined(x, x, () => change.of(x, asked));
}

/**
 * Two tensors combined.
 *
 * @throws TensorError if the result does not have the first one's shape
 */
export function combined(a: Tensor, b: Tensor, combine: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const result = combine(a, b);
  if (!sameShape(result.shape, a.shape)) throw new TensorError("the result has another shape");
  return result;
}

/** A tensor, or the message of the error that its operations threw. */
export function orThrown(compute: () => Tensor): Tensor | Thrown {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TensorError) return { thrown: TensorError.faultOf(error) ?? null };
    throw error;
  }
}
