import type { Shape, Tensor } from "#tensor";
import { sameShape } from "../tensor/shape.ts";
import { chainTo, judgeInChain, type ChainLink, type InChain } from "../verdict/chain.ts";
import { type FunctionStep, tensorOf, upstreamsOf } from "../kit/step.ts";
import type { Network } from "../network/network.ts";
import { oncePer } from "../network/once.ts";
import type { LectureBatch } from "./lecture.ts";

/** What a step returned on its own, on the lecture's batch or on its example. */
export interface OwnAnswer {
  step: FunctionStep;
  passed: boolean;
  /** Of any shape; undefined if it is not a tensor. */
  answer: Tensor | undefined;
}

/** Calls a step again on the lecture's batch, with other gradients, by name, instead of some of those it was given. */
export type AskAgain = (step: FunctionStep, gradients: Readonly<Record<string, Tensor>>) => Promise<Tensor | undefined>;

/**
 * Runs every step again with the learner's own earlier gradients instead of the reference's, on the lecture's batch.
 * A step whose earlier gradients equal the reference's has already been run that way.
 *
 * @param own every step of the chains in question, in the course's order; those that are not part of a network's backward
 *   pass are in no chain
 * @param batchOf a network's own batch
 */
export async function runChain(
  own: readonly OwnAnswer[],
  batchOf: (network: Network) => Pick<LectureBatch, "gradients" | "truths">,
  askAgain: AskAgain,
): Promise<Map<FunctionStep, InChain>> {
  const all = own.map(({ step }) => step);
  const links: ChainLink[] = [];
  const chains = oncePer((_network: Network) => new Map<string, Tensor>());
  const results = new Map<FunctionStep, InChain>();
  for (const one of own) {
    const { step, passed } = one;
    if (!step.chain) continue;
    const { gradients, truths } = batchOf(step.network);
    const chain = chains(step.network);
    const isAsked = (tensor: string): boolean =>
      all.some((other) => other.network === step.network && other.chain === "link" && other.tensor === tensor);
    const answer = await answerInChain(one, (tensor) => (isAsked(tensor) ? chain.get(tensor) : gradients[tensor]), {
      gradients,
      askAgain,
    });
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

/**
 * What a step returns in the chain; undefined if the chain does not reach it, or if it returns no gradient.
 *
 * @param inChain the gradient of a tensor: the learner's own or, where no step asks for it, the reference's
 */
async function answerInChain(
  { step, answer }: OwnAnswer,
  inChain: (tensor: string) => Tensor | undefined,
  { gradients, askAgain }: Pick<LectureBatch, "gradients"> & { askAgain: AskAgain },
): Promise<Tensor | undefined> {
  const { shape } = gradients[step.tensor]!;
  const own = gradientFrom(answer, shape);
  const upstream = upstreamsOf(step).map((name) => {
    const tensor = tensorOf(name);
    return { name, before: inChain(tensor), reference: gradients[tensor]! };
  });
  if (!own || upstream.some(({ before }) => before === undefined)) return undefined;
  if (upstream.every(({ before, reference }) => haveEqualElements(before!, reference))) return own;
  const again = await askAgain(step, Object.fromEntries(upstream.map(({ name, before }) => [name, before!])));
  return gradientFrom(again, shape);
}

/** An answer that can serve as a gradient: a tensor of the right shape, and finite. */
function gradientFrom(answer: Tensor | undefined, shape: Shape): Tensor | undefined {
  if (!answer || !sameShape(answer.shape, shape)) return undefined;
  return answer.toArray().every((x) => Number.isFinite(x)) ? answer : undefined;
}

/**
 * As exactness is judged: -0 is 0. Neither tensor has a NaN here. (Diagnosis compares answers in other ways: whether one
 * moved at all, where a NaN that stays has not.)
 */
function haveEqualElements(a: Tensor, b: Tensor): boolean {
  const other = b.toArray();
  return a.toArray().every((x, i) => x === other[i]);
}
