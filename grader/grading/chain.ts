import type { Shape, Tensor } from "#tensor";
import { sameShape } from "../tensor/shape.ts";
import { chainTo, judgeInChain, type ChainLink, type InChain } from "../verdict/chain.ts";
import { lectureAnswer, type Outcome } from "../verdict/judge.ts";
import { askFunction, type Asked } from "./answers.ts";
import { type FunctionStep, tensorOf, upstreamsOf } from "../kit/step.ts";
import type { LectureBatch } from "./course.ts";
import type { OpenStep } from "./open.ts";

/** What a step returned on its own, on the lecture's batch or on its example. */
export interface OwnAnswer {
  step: FunctionStep;
  passed: boolean;
  /** Its code; undefined if it is missing or does not compile. */
  open: OpenStep<FunctionStep> | undefined;
  /** What the step was given. */
  asked: Asked;
  /** Its gradient, if it returned one of the right shape. */
  answer: Tensor | undefined;
}

/**
 * Runs every step again with the learner's own earlier gradients instead of the reference's, on the lecture's batch.
 * A step whose earlier gradients are bit for bit the reference's has already been run that way.
 *
 * @param own every step of the chains in question, in the course's order; those that are not part of the model's backward
 *   pass are in no chain
 */
export async function runChain(
  own: readonly OwnAnswer[],
  { gradients, truths }: Pick<LectureBatch, "gradients" | "truths">,
): Promise<Map<FunctionStep, InChain>> {
  const all = own.map(({ step }) => step);
  const links: ChainLink[] = [];
  const chain = new Map<string, Tensor>();
  const results = new Map<FunctionStep, InChain>();
  for (const one of own) {
    const { step, passed } = one;
    if (!step.chain) continue;
    const answer = await answerInChain(one, chain, gradients);
    if (answer && step.chain === "link") chain.set(step.tensor, answer);
    links.push({ step, passed, answer });
    const members = chainTo(step, all);
    const relevant = links.filter((link) => members.includes(link.step));
    results.set(
      step,
      judgeInChain(step, relevant, gradients[step.tensor]!, () => truths()[step.tensor]!),
    );
  }
  return results;
}

/** What a step returns in the chain; undefined if the chain does not reach it, or if it returns no gradient. */
async function answerInChain(
  own: OwnAnswer,
  chain: ReadonlyMap<string, Tensor>,
  gradients: LectureBatch["gradients"],
): Promise<Tensor | undefined> {
  const { step, open, asked, answer } = own;
  const upstream = upstreamsOf(step).map(tensorOf);
  const before = upstream.map((name) => chain.get(name));
  if (before.some((gradient) => gradient === undefined)) return undefined;
  if (before.every((gradient, i) => gradient && haveEqualElements(gradient, gradients[upstream[i]!]!))) return answer;
  if (!open || !answer) return undefined;
  const given = Object.fromEntries(
    Object.entries(asked.given).map(([name, value]) => [
      name,
      (step.roles[name] === "upstream" ? chain.get(tensorOf(name)) : undefined) ?? value,
    ]),
  );
  const { outcome } = await askFunction(open, [{ given }], [0]);
  return gradientFrom(outcome, gradients[step.tensor]!.shape);
}

/** The answer on the lecture's batch, if it can serve as a gradient: a finite tensor of the right shape. */
export function gradientFrom(outcome: Outcome, shape: Shape): Tensor | undefined {
  const answer = lectureAnswer(outcome);
  if (!answer || !sameShape(answer.shape, shape)) return undefined;
  return answer.toArray().every((x) => Number.isFinite(x)) ? answer : undefined;
}

function haveEqualElements(a: Tensor, b: Tensor): boolean {
  const other = b.toArray();
  return a.toArray().every((x, i) => x === other[i]);
}
