import { tensor } from "#tensor";
import type { Case } from "../../kit/case.ts";
import { answerExtents, shapeOf, upstreamsOf, type FunctionStep } from "../../kit/step.ts";
import { calledLast, type Change } from "./change.ts";
import { changesOf } from "./changes.ts";
import { where } from "./entries.ts";
import { changed, combined, orThrown, rightWith, type Formula } from "./formula.ts";
import { listed } from "../../kit/listed.ts";
import { givenFloats, ONE_THING, rightAnswer, wordIn } from "../symptom.ts";

/** All branches correct except one, which has something else done to it. */
export function* changedBranch(step: FunctionStep, asked: Case): Generator<Formula> {
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
    const names = listed(which.map((i) => asked.branches[i]!.name));
    const isTerm = asked.branches[which[0]!]!.isTerm;
    const word = which.length > 1 ? "those terms" : isTerm ? "that term" : "that branch";
    for (const change of changes) {
      yield {
        id: `${names.replaceAll(" ", "-")}:${change.id}`,
        sentence: `${ONE_THING}instead of ${names}, it uses ${calledLast(change, word)}`,
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
export function* joinedBranches({ branches }: Case): Generator<Formula> {
  if (branches.length < 2) return;
  const names = listed(branches.map(({ name }) => name));
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
export function* pickedCopies(step: FunctionStep): Generator<Formula> {
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
