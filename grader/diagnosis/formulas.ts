import { TensorError, tensor, type Tensor } from "#tensor";
import type { Case } from "../kit/case.ts";
import type { Mistake } from "../kit/mistake.ts";
import { answerExtents, shapeOf, upstreamsOf, type FunctionStep } from "../kit/step.ts";
import { truthOf } from "../kit/truth.ts";
import type { Named } from "../network/named.ts";
import { sameExtents, type Extent } from "../network/shape.ts";
import { sameShape } from "../tensor/shape.ts";
import { changesOf, everywhere, inOnes, where, type Change } from "./changes.ts";
import {
  givenFloats,
  list,
  ONE_THING,
  rightAnswer,
  wordIn,
  type About,
  type Diagnosis,
  type Thrown,
} from "./symptom.ts";

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

/**
 * The correct formula with one thing changed: a given tensor replaced by something else, or the correct answer by
 * something computed from it. If one matches, its sentence is true by construction, since it gives exactly these numbers.
 * Formulas with a tensor that the answer does not depend on come last, and say so.
 */
export function* changedFormulas({ step, unused }: About, asked: Case): Generator<Formula> {
  const late: Formula[] = [];
  for (const formula of allChanged(step, asked)) {
    const absent = formula.holds?.filter((name) => unused.has(name)) ?? [];
    if (absent.length === 0) yield formula;
    else late.push({ ...formula, sentence: `${formula.sentence}; ${broughtIn(absent)}`, twins: undefined });
  }
  yield* late;
}

/** What is said of a tensor that is in the formula although the answer does not depend on it. */
function broughtIn(names: readonly string[]): string {
  return `the answer does not depend on ${list(names)}, so this comes from another tensor`;
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
export function* anotherTensor({ step, unused }: About): Generator<Formula> {
  for (const formula of otherTensors(step)) if (!formula.holds?.some((name) => unused.has(name))) yield formula;
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
  const words = change.words(name);
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
        return `${inPlaceOf(name, words)}; ${list(names.map((other) => change.words(other).replace(/,$/, "")))} would give the same numbers`;
      },
    },
  };
}

function changedAnswer(change: Change): Formula {
  return {
    id: `answer-${change.id}`,
    sentence: change.ofAnswer ?? `this is ${change.words("the correct answer")}`.replace(/,$/, ""),
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
    const factor = change.words(other).replace(/,$/, "");
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
  const over = isSingle ? "" : ` over the ${list(dims.map((dim) => `${wordIn(step, extents[dim]!)}s`))}`;
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

/** All branches correct except one, which has something else done to it. */
function* changedBranch(step: FunctionStep, asked: Case): Generator<Formula> {
  if (asked.branches.length < 2) return;
  const changes = [
    ...changesOf(step, answerExtents(step)),
    ...givenFloats(step).flatMap((name): Change[] => [
      {
        id: `times-${name}`,
        words: (it) => `${it} times ${name}`,
        of: (x, { given }) => combined(x, given[name]!, (a, b) => a.mul(b)),
      },
      {
        id: `over-${name}`,
        words: (it) => `${it} divided by ${name}`,
        of: (x, { given }) => combined(x, given[name]!, (a, b) => a.div(b)),
      },
    ]),
    ...pairsOf(givenFloats(step).filter((name) => step.roles[name] === "value")).flatMap(([a, b]): Change[] => [
      {
        id: `over-${a}-${b}`,
        words: (it) => `${it} divided by ${a} and ${b}`,
        of: (x, { given }) => combined(x, given[a]!.mul(given[b]!), (x, y) => x.div(y)),
      },
    ]),
  ];
  for (const which of someOf(asked.branches.length)) {
    const names = list(which.map((i) => asked.branches[i]!.name));
    const isTerm = asked.branches[which[0]!]!.isTerm;
    const word = which.length > 1 ? "those terms" : isTerm ? "that term" : "that branch";
    for (const change of changes) {
      yield {
        id: `${names.replaceAll(" ", "-")}:${change.id}`,
        sentence: `${ONE_THING}instead of ${names}, it uses ${change.words(word).replace(/,$/, "")}`,
        ...(!isTerm && { namesBranch: true }),
        answer: (asked) =>
          orThrown(() => {
            const parts = asked.branches.map(({ gradient }) => gradient.toTensor());
            return parts
              .map((part, j) => (which.includes(j) ? changed(change, part, asked) : part))
              .reduce((sum, part) => sum.add(part));
          }),
      };
    }
  }
}

function pairsOf(names: readonly string[]): [string, string][] {
  return names.flatMap((a, i) => names.slice(i + 1).map((b): [string, string] => [a, b]));
}

/** The ways to choose one of so many, or two of three. */
function someOf(count: number): number[][] {
  const all = Array.from({ length: count }, (_, i) => i);
  return [...all.map((i) => [i]), ...(count > 2 ? all.map((i) => all.filter((j) => j !== i)) : [])];
}

/** The branches multiplied, or one of them chosen at each position, instead of added. */
function* joinedBranches({ branches }: Case): Generator<Formula> {
  if (branches.length < 2) return;
  const names = list(branches.map(({ name }) => name));
  const joined: [id: string, words: string, join: (a: number, b: number) => number][] = [
    ["multiplied", `${names} are multiplied; gradients that meet should be added`, (a, b) => a * b],
    ["larger", `each entry is the larger one of ${names}; gradients that meet should be added`, Math.max],
    ["smaller", `each entry is the smaller one of ${names}; gradients that meet should be added`, Math.min],
  ];
  for (const [id, sentence, join] of joined) {
    yield {
      id: `branches-${id}`,
      sentence,
      ...(!branches[0]!.isTerm && { namesBranch: true }),
      answer: ({ branches, truth }) => {
        const parts = branches.map(({ gradient }) => gradient.value);
        const values = Array.from(parts[0]!, (_, i) => parts.map((part) => part[i]!).reduce((a, b) => join(a, b)));
        return tensor(values, truth.shape);
      },
    };
  }
}

/** If the gradients of copies should be summed: the largest of them, and so on, instead of the sum. */
function* pickedCopies(step: FunctionStep): Generator<Formula> {
  if (step.asks === "value") return;
  const own = answerExtents(step);
  const picks: [words: string, pick: (values: number[]) => number][] = [
    ["one", (values) => Math.max(...values)],
    ["one", (values) => Math.min(...values)],
    ["one", (values) => values.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a))],
    ["the product", (values) => values.reduce((product, value) => product * value, 1)],
  ];
  for (const name of upstreamsOf(step)) {
    for (const [dim, extent] of shapeOf(step, name).entries()) {
      if (extent === 1 || own.includes(extent)) continue;
      const copies = (asked: Case): ArrayLike<number>[] => {
        const whole = asked.given[name]!;
        return Array.from({ length: whole.size(dim) }, (_, i) =>
          rightWith(asked, { [name]: where(whole, dim, (j) => j === i) }).toArray(),
        );
      };
      for (const [words, pick] of picks) {
        yield {
          id: `copies-${words.replaceAll(" ", "-")}`,
          sentence: `this is ${words} of the gradients of the copies, one copy per ${wordIn(step, extent)}; all of them should be summed`,
          answer: (asked) => {
            const all = copies(asked);
            const right = rightAnswer(asked);
            return tensor(
              right.toArray().map((_, i) => pick(all.map((values) => values[i]!))),
              right.shape,
            );
          },
        };
      }
    }
  }
}

/** The correct answer for other given tensors. */
function rightWith({ step, given }: Case, others: Named<Tensor>): Tensor {
  return truthOf(step, { ...given, ...others }).toTensor();
}

/** A tensor with zeros at the positions whose values in another of the same shape are not to be kept. */
function masked(a: Tensor, b: Tensor, keep: (value: number) => boolean): Tensor {
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
function changed(change: Change, x: Tensor, asked: Case): Tensor {
  return combined(x, x, () => change.of(x, asked));
}

/**
 * Two tensors combined.
 *
 * @throws TensorError if the result does not have the first one's shape
 */
function combined(a: Tensor, b: Tensor, combine: (a: Tensor, b: Tensor) => Tensor): Tensor {
  const result = combine(a, b);
  if (!sameShape(result.shape, a.shape)) throw new TensorError("the result has another shape");
  return result;
}

export function orThrown(compute: () => Tensor): Tensor | Thrown {
  try {
    return compute();
  } catch (error) {
    if (error instanceof TensorError) return { thrown: error.message };
    throw error;
  }
}
