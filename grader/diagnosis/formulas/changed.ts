import { tensor, type Tensor } from "#tensor";
import type { Case } from "../../kit/case.ts";
import { answerExtents, shapeOf, type FunctionStep } from "../../kit/step.ts";
import { sameExtents, type Extent } from "../../network/shape.ts";
import { changedBranch, joinedBranches, pickedCopies } from "./branches.ts";
import { calledLast, calledWithin, type Change } from "./change.ts";
import { changesOf, everywhere, inOnes } from "./changes.ts";
import { changed, combined, masked, orThrown, rightWith, type Formula } from "./formula.ts";
import { listed } from "../../kit/listed.ts";
import { givenFloats, ONE_THING, rightAnswer, severalIn, type About } from "../symptom.ts";

/**
 * The correct formula with one thing changed: a given tensor replaced by something else, or the correct answer by
 * something computed from it. If one matches, its sentence is true by construction, since it gives exactly these numbers.
 * Formulas with a tensor that the answer does not depend on come last, and say so.
 */
export function* changedFormulas({ step, unused, silent }: About, asked: Case): Generator<Formula> {
  const late: Formula[] = [];
  for (const formula of allChanged(step, asked)) {
    if (formula.holds?.some((name) => silent?.has(name))) continue;
    const absent = formula.holds?.filter((name) => unused.has(name)) ?? [];
    if (absent.length === 0) yield formula;
    else late.push({ ...formula, sentence: `${formula.sentence}; ${broughtIn(absent)}`, twins: undefined });
  }
  yield* late;
}

/** What is said of a tensor that is in the formula although the answer does not depend on it. */
function broughtIn(names: readonly string[]): string {
  return `the answer does not depend on ${listed(names)}, so this comes from another tensor`;
}

function* allChanged(step: FunctionStep, asked: Case): Generator<Formula> {
  const floats = givenFloats(step);
  yield* transposedAnswer(step);
  yield* floats.map(givenBack);
  yield* otherTensors(step);
  for (const change of changesOf(step, answerExtents(step))) yield changedAnswer(change);
  for (const name of floats)
    for (const change of changesOf(step, shapeOf(step, name))) yield changedInput(step, floats, name, change);
  for (const other of floats) yield* mixedAnswer(step, other);
  for (const name of floats) for (const other of floats) if (name !== other) yield* mixedInput(step, name, other);
  yield* pickedCopies(step);
  yield* changedBranch(step, asked);
  yield* joinedBranches(asked);
}

/** The correct formula with another tensor, or ones, instead of a given one: where the values are wrong adds nothing. */
export function* anotherTensor({ step, unused, silent }: About): Generator<Formula> {
  const isSaid = (name: string): boolean => !unused.has(name) && !silent?.has(name);
  for (const formula of otherTensors(step)) if (formula.holds?.every(isSaid) ?? true) yield formula;
}

function* otherTensors(step: FunctionStep): Generator<Formula> {
  const floats = givenFloats(step);
  for (const name of floats)
    for (const other of floats) if (alike(step, name, other)) yield exchanged(step, name, other);
  yield* swapped(step, floats);
  for (const name of floats) yield changedInput(step, floats, name, inOnes);
}

/** Whether two given tensors have the same shape. */
function alike(step: FunctionStep, name: string, other: string): boolean {
  return name !== other && sameExtents(shapeOf(step, name), shapeOf(step, other));
}

function* transposedAnswer(step: FunctionStep): Generator<Formula> {
  const extents = answerExtents(step);
  if (extents.length !== 2 || extents.includes(1)) return;
  yield {
    id: "transposed",
    sentence: "this is the correct answer, transposed",
    answer: (asked) => rightAnswer(asked).T,
  };
}

/** One of the given tensors, returned. */
function givenBack(name: string): Formula {
  return {
    id: "given",
    sentence: `this is ${name} itself, as it was given`,
    answer: ({ given }) => given[name]!,
    holds: [name],
  };
}

/** What is said of the correct formula in which a tensor is replaced. */
function inPlaceOf(name: string, words: string): string {
  return `${ONE_THING}it uses ${words} instead of ${name}`;
}

function exchanged(step: FunctionStep, name: string, other: string): Formula {
  return {
    id: step.roles[name] === "upstream" ? "other-upstream" : "other-tensor",
    sentence: inPlaceOf(name, other),
    answer: (asked) => rightWith(asked, { [name]: asked.given[other]! }),
    holds: [other],
  };
}

/** The correct formula with a given tensor clamped at a limit, from below or from above. */
export function limited(step: FunctionStep, name: string, side: "above" | "below", limit: number): Formula {
  const words = side === "below" ? `clamped to at least ${limit}` : `clamped to at most ${limit}`;
  const bound = side === "below" ? Math.max : Math.min;
  return {
    id: `${name}-limited`,
    sentence: inPlaceOf(name, `${name} ${words}`),
    answer: (asked) => {
      const x = asked.given[name]!;
      const values = x.toArray().map((value) => bound(value, limit));
      return rightWith(asked, { [name]: tensor(values, x.shape) });
    },
  };
}

/** Two given tensors of one shape, swapped. */
function* swapped(step: FunctionStep, names: readonly string[]): Generator<Formula> {
  for (const [i, a] of names.entries()) {
    for (const b of names.slice(i + 1).filter((b) => alike(step, a, b))) {
      yield {
        id: "swapped",
        sentence: `${ONE_THING}${a} and ${b} are swapped`,
        answer: (asked) => rightWith(asked, { [a]: asked.given[b]!, [b]: asked.given[a]! }),
        holds: [a, b],
      };
    }
  }
}

function changedInput(step: FunctionStep, floats: readonly string[], name: string, change: Change): Formula {
  const words = calledWithin(change, name);
  return {
    id: `${name}-${change.id}`,
    sentence: change.said?.(name) ?? inPlaceOf(name, words),
    answer: (asked) => orThrown(() => rightWith(asked, { [name]: changed(change, asked.given[name]!, asked) })),
    holds: change === inOnes ? [] : [name],
    twins: {
      all: () =>
        floats.flatMap((other) => {
          const same = changesOf(step, shapeOf(step, other)).find(({ id }) => id === change.id);
          if (other === name || !same) return [];
          return [{ name: other, formula: changedInput(step, floats, other, same) }];
        }),
      together: (names) => {
        const all = [name, ...names].join(" or ");
        if (change.said) return change.said(all);
        return `${inPlaceOf(name, words)}; ${listed(names.map((other) => calledLast(change, other)))} would give the same numbers`;
      },
    },
  };
}

function changedAnswer(change: Change): Formula {
  return {
    id: `answer-${change.id}`,
    sentence: change.ofAnswer ?? `this is ${calledLast(change, "the correct answer")}`,
    answer: (asked) => orThrown(() => change.of(rightAnswer(asked), asked)),
  };
}

/** The correct answer multiplied or divided by something computed from a given tensor. */
function* mixedAnswer(step: FunctionStep, other: string): Generator<Formula> {
  const asIs: Change = { id: "given", words: (name) => name, of: (x) => x };
  const along = [
    ...changesOf(step, shapeOf(step, other)).filter((change) => !everywhere.includes(change)),
    ...reductionsTo(step, shapeOf(step, other)),
  ];
  for (const change of [asIs, ...everywhere, ...along]) {
    const factor = calledLast(change, other);
    const of = (asked: Case): Tensor => change.of(asked.given[other]!, asked);
    yield {
      id: change === asIs ? "times-given" : `times-${other}-${change.id}`,
      sentence: `the correct answer is multiplied by ${factor}`,
      answer: (asked) => orThrown(() => combined(rightAnswer(asked), of(asked), (a, b) => a.mul(b))),
      holds: [other],
    };
    if (change.id === "inverse") continue;
    const what = change === asIs ? other : factor;
    yield {
      id: change === asIs ? "over-given" : `over-${other}-${change.id}`,
      sentence: `this is the correct answer divided by ${what}: one division by it is too many, or a multiplication is missing`,
      answer: (asked) => orThrown(() => combined(rightAnswer(asked), of(asked), (a, b) => a.div(b))),
      // if a factor is missing, the answer does not depend on it
      holds: along.includes(change) ? [other] : [],
    };
  }
}

/** A tensor reduced over the dimensions that it does not share with the answer. */
function reductionsTo(step: FunctionStep, extents: readonly Extent[]): readonly Change[] {
  const own = answerExtents(step);
  const dims = extents.flatMap((extent, dim) => (extent !== 1 && own[dim] !== extent ? [dim] : []));
  const isSingle = extents.every((extent, dim) => extent === 1 || dims.includes(dim));
  const over = isSingle ? "" : ` over the ${listed(dims.map((dim) => severalIn(step, extents[dim]!)))}`;
  if (dims.length === 0 || extents.length !== own.length) return wholeReductions;
  const reduced = (x: Tensor, f: (x: Tensor, dim: number) => Tensor): Tensor => dims.reduce(f, x);
  return [
    ...(isSingle ? [] : wholeReductions),
    {
      id: "sum-over",
      words: (name) => `the sum of ${name}${over}`,
      of: (x) => reduced(x, (y, dim) => y.sum(dim, true)),
    },
    {
      id: "mean-over",
      words: (name) => `the mean of ${name}${over}`,
      of: (x) => reduced(x, (y, dim) => y.mean(dim, true)),
    },
    {
      id: "largest-over",
      words: (name) => `the maximum of ${name}${over}`,
      of: (x) => reduced(x, (y, dim) => y.max(dim, true).values),
    },
  ];
}

/** A whole tensor reduced to one number. */
const wholeReductions: readonly Change[] = [
  { id: "whole-sum", words: (name) => `the sum of all of ${name}`, of: (x) => x.sum() },
  { id: "whole-mean", words: (name) => `the mean of all of ${name}`, of: (x) => x.mean() },
  { id: "whole-norm", words: (name) => `the norm of ${name}`, of: (x) => x.pow(2).sum().sqrt() },
  {
    id: "whole-largest",
    words: (name) => `the maximum of ${name}`,
    of: (x) => tensor(Math.max(...x.toArray())),
  },
];

/** The correct formula with a given tensor combined with another one. */
function* mixedInput(step: FunctionStep, name: string, other: string): Generator<Formula> {
  const operations: [id: string, word: string, (a: Tensor, b: Tensor) => Tensor][] = [
    ["times", "times", (a, b) => a.mul(b)],
    ["over", "divided by", (a, b) => a.div(b)],
    ["plus", "plus", (a, b) => a.add(b)],
    ["minus", "minus", (a, b) => a.sub(b)],
  ];
  const masks: [id: string, keep: (value: number) => boolean][] = [
    ["positive", (value) => value > 0],
    ["negative", (value) => value < 0],
  ];
  for (const [id, keep] of masks) {
    yield {
      id: `${name}-where-${other}-${id}`,
      sentence: `${name} is used only where ${other} is ${id}`,
      answer: (asked) =>
        orThrown(() => rightWith(asked, { [name]: masked(asked.given[name]!, asked.given[other]!, keep) })),
    };
  }
  for (const [id, word, combine] of operations) {
    yield {
      id: `${name}-${id}-${other}`,
      sentence: inPlaceOf(name, `${name} ${word} ${other}`),
      holds: [name, other],
      answer: (asked) =>
        orThrown(() => rightWith(asked, { [name]: combined(asked.given[name]!, asked.given[other]!, combine) })),
    };
  }
}
