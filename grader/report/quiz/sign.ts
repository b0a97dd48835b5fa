import { dependenceOn, plainCase, signsOf } from "../../kit/dependence.ts";
import { answerName, tensorOf, upstreamsOf } from "../../kit/step.ts";
import { once } from "../../network/once.ts";
import type { Kind } from "./candidate.ts";

const PLUS = "plus, whatever the values are";
const MINUS = "minus, whatever the values are";
const EITHER = "either sign: it depends on the values";

/** Does the output rise or fall with the tensor? */
export const signQuestion: Kind = (step, asked) => {
  if (step.asks === "value") return undefined;
  const above = upstreamsOf(step);
  const other = once(() => plainCase(step, 2));
  const found = above.map((name) => {
    const first = signsOf(dependenceOn(asked, name));
    // a second case is needed only if the first has one sign alone
    const signs = first.size > 1 ? first : new Set([...first, ...signsOf(dependenceOn(other(), name))]);
    return { name, answer: signs.size > 1 ? EITHER : signs.has(1) ? PLUS : MINUS, isKnown: signs.size > 0 };
  });
  const known = found.filter(({ isKnown }) => isKnown);
  const asks =
    known.find(({ answer }) => answer === MINUS) ?? known.find(({ answer }) => answer === EITHER) ?? known[0];
  if (!asks) return undefined;
  const { name, answer } = asks;
  const [gradient, output] = [answerName(step), tensorOf(name)];
  const reasons: Readonly<Record<string, string>> = {
    [PLUS]: `${output} rises when an entry of ${step.tensor} grows: the local gradients are positive.`,
    [MINUS]: `${output} falls when an entry of ${step.tensor} grows: the local gradients are negative.`,
    [EITHER]: `Depending on the values, an entry of ${output} rises or falls when an entry of ${step.tensor} grows.`,
  };
  return {
    id: "sign",
    ask: `One entry of ${name} is 1 and every other upstream entry is 0. Which sign do the nonzero entries of ${gradient} have?`,
    answer,
    others: [PLUS, MINUS, EITHER].filter((text) => text !== answer),
    why: reasons[answer]!,
    weight: answer === MINUS ? 1.9 : answer === EITHER ? 1.2 : 0.7,
  };
};
