import type { Case } from "../../kit/case.ts";
import { dependenceOn, leavesOf, neededBy, signsOf, sourcesOf } from "../../kit/dependence.ts";
import { answerName, upstreamsOf, type FunctionStep } from "../../kit/step.ts";
import { others, type Kind } from "./candidate.ts";
import { listed } from "./words.ts";

/** More tensors than this make a list that nobody compares. */
const MOST = 4;

/** Which of the given tensors does the answer depend on? Sizes aside. */
export const needsQuestion: Kind = (step, asked) => {
  const leaves = leavesOf(step);
  const needed = neededBy(asked);
  if (needed === undefined || leaves.length > MOST) return undefined;
  const text = (names: readonly string[], withUpstream = true): string => choiceText(asked, names, withUpstream);
  const answer = text(needed);
  const own = leaves.filter((name) => name === step.tensor);
  const rest = leaves.filter((name) => !needed.includes(name));
  const wrong = [
    rest.length === 0 ? [] : rest,
    own,
    [...new Set([...needed, ...rest.slice(0, 1)])],
    [],
    ...leaves.map((name) => [name]),
    leaves,
  ].map((names) => text(names));
  const upstreamLess = upstreamsOf(step).length > 0 && needed.length > 0 ? [text(needed, false)] : [];
  const options = others(answer, leaves.length === 1 ? [...wrong, ...upstreamLess] : [...wrong, ...upstreamLess]);
  if (options.length < 2) return undefined;
  return {
    id: "needs",
    ask: `Which of the given tensors does ${answerName(step)} depend on, apart from their sizes?`,
    answer,
    others: options,
    why: reason(step, needed, rest),
    weight: rest.length > 0 && leaves.length > 1 ? 1.7 : 1,
  };
};

/** dlogits and W2; counts, or norm_logits with the same right. */
function choiceText(asked: Case, names: readonly string[], withUpstream: boolean): string {
  const { step } = asked;
  const above = step.asks === "gradient" && withUpstream ? upstreamsOf(step) : [];
  const all = [...above, ...names.map((name) => named(asked, name))];
  if (all.length === 0) return "none of them";
  if (all.length === 1) return `${all[0]} alone`;
  return listed(all);
}

/**
 * A tensor, and the given output that tells as much: that of an elementwise function which rises everywhere, or falls.
 * No other function can be undone.
 */
function named(asked: Case, name: string): string {
  const { step } = asked;
  const [line, ...more] = step.runs.flat();
  if (!line || more.length > 0 || !step.given.includes(line.output)) return name;
  const isAlone = line.inputs.length === 1 && line.inputs[0] === name && name === step.tensor;
  const upstream = `d${line.output}`;
  if (!isAlone || !step.given.includes(upstream)) return name;
  const dependence = dependenceOn(asked, upstream);
  const isUndone = sourcesOf(dependence) === "same" && signsOf(dependence).size === 1;
  return isUndone ? `${name} (or ${line.output})` : name;
}

function reason(step: FunctionStep, needed: readonly string[], rest: readonly string[]): string {
  const answer = answerName(step);
  const unused = rest.length === 0 ? "" : ` Changing ${listed(rest, "or")} alone does not change ${answer}.`;
  if (step.asks === "value") return `${answer} is computed from ${listed(needed)}.${unused}`;
  if (needed.length === 0) return `The local gradients are constants, whatever the values are.${unused}`;
  const what = upstreamsOf(step).length === 0 ? `${answer} depends on` : "The local gradients depend on";
  return `${what} ${listed(needed)}.${unused}`;
}
