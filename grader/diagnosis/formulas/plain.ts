import { TensorError, type Tensor } from "#tensor";
import type { Case } from "../../kit/case.ts";
import { answerExtents, shapeOf, upstreamsOf, type FunctionStep } from "../../kit/step.ts";
import { sameExtents, type Extent } from "../../network/shape.ts";
import { calledLast } from "./change.ts";
import { changesOf, everywhere, inOnes } from "./changes.ts";
import type { Formula } from "./formula.ts";
import { listed } from "../../kit/listed.ts";
import { givenFloats, severalIn, type About } from "../symptom.ts";
import { swapped } from "./transposes.ts";

type Combine = (a: Tensor, b: Tensor) => Tensor;

const operations: readonly [word: string, combine: Combine][] = [
  ["times", (a, b) => a.mul(b)],
  ["divided by", (a, b) => a.div(b)],
  ["plus", (a, b) => a.add(b)],
  ["minus", (a, b) => a.sub(b)],
];

/**
 * What an answer may be if it is no changed correct formula: something done to one of the given tensors, or two or three
 * of them combined, then summed or averaged if that gives the answer's shape. What matches is stated as a formula.
 */
export function* plainFormulas({ step, unused }: About, asked: Case): Generator<Formula> {
  const floats = givenFloats(step).filter((name) => !unused.has(name));
  const own = answerExtents(step);
  for (const name of floats) {
    if (sameExtents(shapeOf(step, name), own)) {
      yield formulaOf(name, [name], (given) => given(name));
      for (const change of changesOf(step, own)) {
        if (change === inOnes) continue;
        yield formulaOf(calledLast(change, name), [name], (given) => change.of(given(name), asked));
      }
    }
    yield* reduced(step, own, shapeOf(step, name), name, [name], (given) => given(name));
  }
  for (const [i, a] of floats.entries()) {
    for (const [j, b] of floats.entries()) {
      for (const [word, combine] of operations) {
        // one order is enough if both give the same
        if (j < i && (word === "times" || word === "plus")) continue;
        if (a === b && word !== "times") continue;
        const extents = together(step, a, b);
        if (!extents) continue;
        const words = a === b ? `the square of ${a}` : `${a} ${word} ${b}`;
        yield* reduced(step, own, extents, words, [a, b], (given) => combine(given(a), given(b)));
      }
    }
  }
  yield* slopes(asked, floats);
  yield* triples(step, floats);
  for (const a of floats) for (const b of floats) yield* matrixProducts(step, a, b);
}

/** An upstream gradient and a function of a given tensor, combined. */
function* slopes(asked: Case, floats: readonly string[]): Generator<Formula> {
  const { step } = asked;
  const own = answerExtents(step);
  for (const above of floats.filter((name) => step.roles[name] === "upstream")) {
    for (const name of floats.filter((name) => step.roles[name] === "value")) {
      const extents = together(step, above, name);
      if (!extents) continue;
      for (const change of everywhere) {
        if (change === inOnes) continue;
        const words = calledLast(change, name);
        for (const [word, combine] of operations) {
          yield* reduced(step, own, extents, `${above} ${word} ${words}`, [above, name], (given) =>
            combine(given(above), change.of(given(name), asked)),
          );
        }
      }
    }
  }
}

/** Two matrices, or as many pairs of them as the leading dimensions count, multiplied as they are or transposed. */
function* matrixProducts(step: FunctionStep, a: string, b: string): Generator<Formula> {
  if (shapeOf(step, a).length < 2 || shapeOf(step, b).length < 2) return;
  const sides: [words: string, of: (x: Tensor) => Tensor][] = [
    ["", (x) => x],
    [" transposed", swapped],
  ];
  for (const [first, left] of sides) {
    for (const [second, right] of sides) {
      yield formulaOf(`the matrix product of ${a}${first} and ${b}${second}`, [a, b], (given) =>
        left(given(a)).matmul(right(given(b))),
      );
    }
  }
}

/** Three given tensors multiplied, one of them a gradient, one of them possibly a divisor. */
function* triples(step: FunctionStep, floats: readonly string[]): Generator<Formula> {
  const own = answerExtents(step);
  const values = floats.filter((name) => step.roles[name] === "value");
  for (const above of upstreamsOf(step).filter((name) => floats.includes(name))) {
    for (const [i, a] of values.entries()) {
      for (const [j, b] of values.entries()) {
        const extents = together(step, above, a, b);
        if (!extents) continue;
        if (j >= i) {
          yield* reduced(step, own, extents, `${above} times ${a} times ${b}`, [above, a, b], (given) =>
            given(above).mul(given(a)).mul(given(b)),
          );
        }
        if (a !== b) {
          yield* reduced(step, own, extents, `${above} times ${a}, divided by ${b}`, [above, a, b], (given) =>
            given(above).mul(given(a)).div(given(b)),
          );
        }
      }
    }
  }
}

/** Something reduced to the answer's shape by a sum, a mean or a maximum. */
function* reduced(
  step: FunctionStep,
  own: readonly Extent[],
  extents: readonly Extent[],
  words: string,
  names: readonly string[],
  of: (given: (name: string) => Tensor) => Tensor,
): Generator<Formula> {
  if (sameExtents(own, extents)) {
    if (names.length > 1) yield formulaOf(words, names, of);
    return;
  }
  // an answer of another shape may be what was not summed
  if (names.length > 1) yield formulaOf(words, names, of);
  if (own.length !== extents.length) return;
  const dims = own.flatMap((extent, dim) => (extents[dim] === extent ? [] : [dim]));
  if (!dims.every((dim) => own[dim] === 1)) return;
  const over = listed(dims.map((dim) => severalIn(step, extents[dim]!)));
  const kinds: [word: string, reduce: (x: Tensor, dim: number) => Tensor][] = [
    ["the sum", (x, dim) => x.sum(dim, true)],
    ["the mean", (x, dim) => x.mean(dim, true)],
    ["the maximum", (x, dim) => x.max(dim, true).values],
  ];
  for (const [word, reduce] of kinds) {
    yield formulaOf(`${word} over the ${over} of ${words}`, names, (given) => dims.reduce(reduce, of(given)));
  }
}

function formulaOf(words: string, holds: readonly string[], of: (given: (name: string) => Tensor) => Tensor): Formula {
  return {
    id: "plain",
    sentence: `this is ${words}`,
    holds,
    answer: ({ given }) => {
      try {
        return of((name) => given[name]!);
      } catch (error) {
        if (error instanceof TensorError) return { thrown: TensorError.faultOf(error) ?? null };
        throw error;
      }
    },
  };
}

/** The extents of tensors broadcast together; undefined if they do not fit. */
function together(step: FunctionStep, ...names: readonly string[]): readonly Extent[] | undefined {
  const shapes = names.map((name) => shapeOf(step, name));
  const [first] = shapes;
  if (shapes.some((shape) => shape.length !== first!.length)) return undefined;
  const extents = first!.map((_, dim) => {
    const different = [...new Set(shapes.map((shape) => shape[dim]!))].filter((extent) => extent !== 1);
    return different.length > 1 ? undefined : (different[0] ?? 1);
  });
  return extents.every((extent) => extent !== undefined) ? (extents as Extent[]) : undefined;
}
