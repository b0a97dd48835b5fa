import type { Tensor } from "#tensor";
import type { Measured } from "../../autograd/measured.ts";
import { positionsIn, type At } from "../../kit/dependence.ts";
import { isLadder } from "../../kit/hint.ts";
import { smallInstance } from "../../kit/instance.ts";
import type { Named } from "../../network/named.ts";
import type { Mistake } from "../../kit/mistake.ts";
import type { Option } from "../../kit/question.ts";
import type { FunctionStep } from "../../kit/step.ts";
import { short } from "../hint/numbers.ts";
import type { Candidate } from "./candidate.ts";

/** How many wrong numbers are offered. */
const MOST = 3;

/** One entry of the answer on small numbers; the wrong ones are what known mistakes give there. */
export function numberQuestion(step: FunctionStep): Candidate | undefined {
  const { hints } = step;
  // a single hint has no small numbers
  if (!isLadder(hints)) return undefined;
  const { values, given, answer } = smallInstance(step);
  const right = values[answer] as Measured;
  const wrong = step.mistakes.flatMap((mistake) => {
    const found = answerTo(mistake, given);
    return found && String(found.shape) === String(right.shape) ? [{ mistake, values: found.toArray() }] : [];
  });
  const [shown] = hints.worked.split(" = ");
  const numbers = positionsIn(right.shape).map((at, i) => {
    return { name: entryName(answer, at), own: short(right.value[i]!, right.value) };
  });
  const entries = numbers.map(({ name, own }, i) => {
    // nothing to work out where the answer is zero, and the hint works one entry out
    const isPlain = own === "0" || name === shown;
    const others = wrongNumbers(own, wrong, i, right.value).map((option): Option => {
      const elsewhere = numbers.find((one) => one.own === option.text)?.name;
      return elsewhere === undefined ? option : { ...option, elsewhere };
    });
    return { name, answer: own, others, isPlain };
  });
  const [best] = entries.toSorted((a, b) => b.others.length - a.others.length || Number(a.isPlain) - Number(b.isPlain));
  if (!best || best.others.length < 2) return undefined;
  return {
    id: "number",
    ask: `With these numbers, what is ${best.name}?`,
    withNumbers: true,
    answer: best.answer,
    others: best.others,
    why: step.idea ?? hints.rule,
    weight: 0,
  };
}

/** What a mistake returns on the small numbers; nothing if it throws there, or gives no finite numbers. */
function answerTo({ answer }: Mistake, given: Readonly<Named<Tensor>>): Tensor | undefined {
  try {
    const copies = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.clone()]));
    const found = answer(copies);
    return found.toArray().every(Number.isFinite) ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The different wrong numbers at an entry, the likeliest mistakes first. */
function wrongNumbers(
  right: string,
  wrong: readonly { mistake: Mistake; values: ArrayLike<number> }[],
  i: number,
  scale: ArrayLike<number>,
): Option[] {
  const found = new Map<string, Option>();
  for (const { mistake, values } of wrong) {
    const text = short(Math.abs(values[i]!) < Number.EPSILON ? 0 : values[i]!, scale);
    if (isNear(text, right) || [...found.keys()].some((other) => isNear(text, other))) continue;
    found.set(text, { text, mistake: mistake.sentence });
  }
  return [...found.values()].slice(0, MOST);
}

/** Whether two numbers are too near each other to be told apart by a rough calculation. */
function isNear(a: string, b: string): boolean {
  return Math.abs(Number(a) - Number(b)) <= 0.01 * Math.max(Math.abs(Number(a)), Math.abs(Number(b)));
}

function entryName(name: string, at: At): string {
  return at.length === 0 ? name : `${name}[${at.join(", ")}]`;
}
