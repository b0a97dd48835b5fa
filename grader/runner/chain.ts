import type { Shape, Tensor } from "#tensor";
import type { Measured } from "../autograd/measured.ts";
import type { Case } from "../kit/case.ts";
import type { Named } from "../network/backward.ts";
import { sameShape } from "../tensor/shape.ts";
import { lectureAnswer, type Outcome } from "../verdict/judge.ts";
import { chainTo, judgeInChain, type ChainLink, type InChain } from "../verdict/chain.ts";
import type { Bundle } from "./bundle.ts";
import type { LearnerProcess } from "./process.ts";
import { runFunctionStep } from "./run.ts";
import { tensorOf, upstreamsOf, type FunctionStep } from "../kit/step.ts";

/** What a step gave by itself on the lecture's batch, or on its example. */
export interface OwnAnswer {
  step: FunctionStep;
  passed: boolean;
  bundle: Bundle | undefined;
  /** What the step was given. */
  asked: Pick<Case, "given">;
  /** Its gradient, where it gave one of the right shape. */
  answer: Tensor | undefined;
}

/** The reference on the lecture's batch: gradients by tensor, and the same in float64 when asked for. */
export interface ChainReference {
  gradients: Readonly<Named<Tensor>>;
  truths: () => Readonly<Named<Measured>>;
}

/**
 * Runs every step again with the learner's own earlier gradients in place of the reference's, on the lecture's batch.
 * A step whose earlier gradients equal the reference's in every bit has been run so already.
 *
 * @param own every step of the chains in question, in the course's order; those that ask for nothing of the model's
 *   backward pass are in no chain
 */
export async function runChain(
  learner: LearnerProcess,
  own: readonly OwnAnswer[],
  steps: readonly FunctionStep[],
  { gradients, truths }: ChainReference,
): Promise<Map<FunctionStep, InChain>> {
  const links: ChainLink[] = [];
  const chain = new Map<string, Tensor>();
  const results = new Map<FunctionStep, InChain>();
  for (const { step, passed, bundle, asked, answer } of own) {
    if (!step.chain) continue;
    const upstream = upstreamsOf(step).map(tensorOf);
    const reached = upstream.every((name) => chain.has(name));
    const same = upstream.every((name) => chain.has(name) && equal(chain.get(name)!, gradients[name]!));
    let given: Tensor | undefined;
    if (same) given = answer;
    else if (reached && bundle && answer)
      given = await runAgain(learner, step, bundle, asked, chain, gradients[step.tensor]!);
    if (given && step.chain === "link") chain.set(step.tensor, given);
    links.push({ step, passed, answer: given });
    const members = chainTo(step, steps);
    const relevant = links.filter((link) => members.includes(link.step));
    results.set(
      step,
      judgeInChain(step, relevant, gradients[step.tensor]!, () => truths()[step.tensor]!),
    );
  }
  return results;
}

async function runAgain(
  learner: LearnerProcess,
  step: FunctionStep,
  bundle: Bundle,
  asked: Pick<Case, "given">,
  chain: ReadonlyMap<string, Tensor>,
  reference: Tensor,
): Promise<Tensor | undefined> {
  const given = Object.fromEntries(
    Object.entries(asked.given).map(([name, value]) => [
      name,
      (step.roles[name] === "upstream" ? chain.get(tensorOf(name)) : undefined) ?? value,
    ]),
  );
  const { outcome } = await runFunctionStep(learner, step, bundle, [{ given }], [0]);
  return gradientFrom(outcome, reference.shape);
}

/** The answer on the lecture's batch, where it can stand for a gradient: a tensor of the right shape, and finite. */
export function gradientFrom(outcome: Outcome, shape: Shape): Tensor | undefined {
  const answer = lectureAnswer(outcome);
  if (!answer || !sameShape(answer.shape, shape)) return undefined;
  return answer.toArray().every((x) => Number.isFinite(x)) ? answer : undefined;
}

function equal(a: Tensor, b: Tensor): boolean {
  const other = b.toArray();
  return a.toArray().every((x, i) => x === other[i]);
}
