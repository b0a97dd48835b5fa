import { tensor, type Shape, type Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import { truthOf } from "../course/cases.ts";
import { givenShape, gradientOf, type FunctionStep } from "../course/steps.ts";
import type { Sizes } from "../model/lines.ts";
import { describe, sameShape } from "../tensor/shape.ts";
import type { Named } from "../model/backward.ts";
import { isSame, wrongElements } from "./compare.ts";
import type { Diagnosis, Symptom } from "./diagnose.ts";

/** An answer that is a tensor, with what it should be. */
interface Seen {
  answer: Tensor;
  right: Tensor;
  truth: Measured;
  sizes: Sizes;
  symptom: Symptom;
}

/** What a fingerprint finds in all answers, or null. Each is sure of what it says, and says no more. */
type Fingerprint = (step: FunctionStep, seen: readonly Seen[]) => Diagnosis | null;

const fingerprints: readonly Fingerprint[] = [
  transposed,
  droppedDimension,
  notSummed,
  givenTensor,
  otherUpstream,
  timesGiven,
  flipped,
  rearranged,
  smallVariance,
  oneColumnARow,
  edge,
];

/** What the numbers have in common, where no known mistake fits; null where nothing is sure. */
export function fingerprint(step: FunctionStep, symptoms: readonly Symptom[]): Diagnosis | null {
  const seen: Seen[] = [];
  for (const symptom of symptoms) {
    if (!("shape" in symptom.answer)) return null;
    const { truth, sizes } = symptom.case;
    seen.push({ answer: symptom.answer, right: truth.toTensor(), truth, sizes, symptom });
  }
  for (const find of fingerprints) {
    const found = find(step, seen);
    if (found) return found;
  }
  return null;
}

function transposed(_step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const matrices = seen.every(({ right }) => right.shape.length === 2 && right.size(0) !== 1);
  if (!matrices || !seen.every(({ answer, right }) => isSame(answer, right.T))) return null;
  return { id: "transposed", sentence: "this is the right answer, transposed" };
}

/** The right numbers under a shape without, or with, a dimension of extent 1; or under another shape altogether. */
function droppedDimension(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const reshaped = seen.every(({ answer, right }) => {
    return (
      answer.numel() === right.numel() &&
      !sameShape(answer.shape, right.shape) &&
      isSame(answer.view(right.shape), right)
    );
  });
  if (!reshaped) return null;
  const { answer, right } = seen[0]!;
  const missing = answer.shape.length < right.shape.length;
  const why = missing ? "a sum dropped its dimension; keepdim keeps it" : `${step.tensor} has another shape`;
  return {
    id: "reshaped",
    sentence: `the numbers are right, and their shape ${describe(answer.shape)} is to be ${describe(right.shape)}: ${why}`,
  };
}

/** An answer that has still to be summed: its sum over the dimensions that the tensor was copied along is right. */
function notSummed(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  for (const dim of [0, 1]) {
    const summed = seen.every(({ answer, right }) => {
      if (answer.shape.length !== 2 || answer.numel() === right.numel()) return false;
      const sum = answer.sum(dim, true);
      return sum.numel() === right.numel() && isSame(sum.view(right.shape), right);
    });
    const along = dim === 0 ? "down the batch" : "along the rows";
    if (summed) {
      return {
        id: "not-summed",
        sentence: `${step.tensor} was copied ${along}: its gradient is still to be summed over dimension ${dim}`,
      };
    }
  }
  return null;
}

/** One of the given tensors, handed back. */
function givenTensor(_step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const names = Object.keys(seen[0]!.symptom.case.given);
  const name = names.find((given) =>
    seen.every(({ answer, symptom }) => {
      const value = symptom.case.given[given]!;
      return value.dtype === "float32" && isSame(answer, value);
    }),
  );
  return name ? { id: "given", sentence: `this is ${name} as it was given: nothing has been done to it` } : null;
}

/** The right formula with a given tensor in place of the gradient from above. */
function otherUpstream(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  for (const upstream of step.given.filter((name) => gradientOf(name) !== undefined)) {
    const others = step.given.filter(
      (name) => name !== upstream && String(givenShape(name)) === String(givenShape(upstream)),
    );
    const other = others.find((name) =>
      seen.every(
        ({
          answer,
          symptom: {
            case: { given, batch },
          },
        }) => {
          return isSame(answer, truthOf(step, { ...given, [upstream]: given[name]! }, batch).toTensor());
        },
      ),
    );
    if (other) {
      return { id: "other-upstream", sentence: `this is the right formula with ${other} in place of ${upstream}` };
    }
  }
  return null;
}

/** The right answer times, or divided by, one of the given tensors. */
function timesGiven(step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const matches = (name: string, operation: "mul" | "div"): boolean =>
    seen.every(({ answer, right, symptom }) => {
      const factor = symptom.case.given[name]!;
      const fits =
        factor.shape.length <= right.shape.length &&
        factor.shape.every(
          (extent, d) => extent === 1 || extent === right.shape[d + right.shape.length - factor.shape.length],
        );
      return factor.dtype === "float32" && fits && isSame(answer, right[operation](factor));
    });
  for (const name of step.given) {
    if (matches(name, "mul")) return { id: "times-given", sentence: `this is the right answer multiplied by ${name}` };
    if (matches(name, "div")) return { id: "over-given", sentence: `this is the right answer divided by ${name}` };
  }
  return null;
}

/** The right numbers in other places. */
function rearranged(_step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const sorted = (t: Tensor): Tensor => tensor(t.toArray().sort());
  if (!seen.every(({ answer, right }) => answer.numel() === right.numel() && isSame(sorted(answer), sorted(right))))
    return null;
  return { id: "rearranged", sentence: "these are the right numbers, but not all in their places" };
}

/** Only the first or the last row, or column, is wrong. */
function edge(_step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const edges: [what: string, isThere: (place: [number, number], shape: Shape) => boolean][] = [
    ["first row", ([row]) => row === 0],
    ["last row", ([row], shape) => row === shape[0]! - 1],
    ["first column", ([, column]) => column === 0],
    ["last column", ([, column], shape) => column === shape[1]! - 1],
  ];
  for (const [what, isThere] of edges) {
    const confined = seen.every((one) => {
      const places = wrongPlaces(one);
      return (
        places &&
        places.length > 0 &&
        one.answer.shape.every((extent) => extent > 1) &&
        places.every((place) => isThere(place, one.answer.shape))
      );
    });
    if (confined) return { id: what.replace(" ", "-"), sentence: `only the ${what} is wrong; all others are right` };
  }
  return null;
}

/** Every value has the right size, and some have the wrong sign. */
function flipped(_step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const sizes = (t: Tensor): Tensor => tensor(t.toArray().map(Math.abs), t.shape);
  if (!seen.every(({ answer, right }) => isSame(sizes(answer), sizes(right)))) return null;
  return { id: "signs", sentence: "every value has the right size, but some have the wrong sign" };
}

/** The [row, column] of every wrong element; undefined where the answer is no matrix of the right shape. */
function wrongPlaces({ answer, truth }: Seen): [row: number, column: number][] | undefined {
  if (answer.shape.length !== 2 || !sameShape(answer.shape, truth.shape)) return undefined;
  const width = answer.size(1);
  return wrongElements(answer, truth).map((i) => [Math.floor(i / width), i % width]);
}

/** Only the first neuron is wrong, the one whose variance is of epsilon's size. */
function smallVariance(_step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const confined = seen.every((one) => {
    const places = wrongPlaces(one);
    return (
      places &&
      places.length > 0 &&
      one.answer.size(1) === one.sizes.hidden &&
      places.every(([, column]) => column === 0)
    );
  });
  if (!confined) return null;
  return {
    id: "small-variance",
    sentence: "only the neuron that hardly varies is wrong: there, epsilon is as large as the variance",
  };
}

/** One place in each row is wrong: the label's column, or the largest logit's. */
function oneColumnARow(_step: FunctionStep, seen: readonly Seen[]): Diagnosis | null {
  const onlyAt = (columnsOf: (given: Named<Tensor>) => Tensor | undefined): boolean =>
    seen.every((one) => {
      const places = wrongPlaces(one);
      const columns = columnsOf(one.symptom.case.given);
      return places && columns && places.length > 0 && places.every(([row, column]) => columns.get(row) === column);
    });
  if (onlyAt(({ Yb }) => Yb)) {
    return {
      id: "label-column",
      sentence: "every wrong value stands in the label's column of its row; all others are right",
    };
  }
  if (onlyAt(({ logits }) => logits?.max(1).indices)) {
    return {
      id: "maximum-column",
      sentence: "every wrong value stands in the column of its row's largest logit; all others are right",
    };
  }
  return null;
}
