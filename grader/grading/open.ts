import type { Failure } from "../verdict/judge.ts";
import type { Step } from "../kit/step.ts";
import type { Bundle, Host, Learner } from "./host.ts";
import { hashOfTexts } from "./texts.ts";

/** A step whose code is ready to be called. */
export interface OpenStep<S extends Step = Step> {
  step: S;
  bundle: Bundle;
  /** A hash of the texts that went into the bundle. */
  texts: string;
  learner: Learner;
}

/** A step of a tree: its code, or why there is none to run. */
export type Opened<S extends Step = Step> = OpenStep<S> | Failure;

/** Some steps of a tree, their learners running. */
export interface OpenSteps {
  /** One of the steps that were opened. */
  of<S extends Step>(step: S): Opened<S>;
  close(): void;
}

export function isOpen<S extends Step>(opened: Opened<S>): opened is OpenStep<S> {
  return "learner" in opened;
}

/**
 * Starts a learner for each group of steps, and bundles all files in the meantime. Close them when everything is done.
 *
 * @param groups an empty one starts nothing
 */
export async function openSteps(host: Host, ...groups: readonly (readonly Step[])[]): Promise<OpenSteps> {
  const learners = groups.map((steps) => (steps.length > 0 ? host.startLearner() : undefined));
  const close = (): void => learners.forEach((learner) => learner?.close());
  try {
    const made = new Map<string, Failure | Omit<OpenStep, "step">>();
    const bundles = await host.sources.bundle(groups.flat());
    for (const [i, learner] of learners.entries()) {
      for (const { id } of groups[i]!) made.set(id, withTexts(host, bundles.get(id)!, learner!));
    }
    const of = <S extends Step>(step: S): Opened<S> => {
      const opened = made.get(step.id);
      if (!opened) throw new Error(`${step.id} was not opened`);
      return "kind" in opened ? opened : { ...opened, step };
    };
    return { of, close };
  } catch (error) {
    close();
    throw error;
  }
}

function withTexts(host: Host, bundle: Bundle | Failure, learner: Learner): Failure | Omit<OpenStep, "step"> {
  return "kind" in bundle ? bundle : { bundle, texts: hashOfTexts(host, bundle.sources), learner };
}

/**
 * Makes one step's code ready to be called, in a learner of its own: close it when everything is done.
 *
 * @returns a Failure if there is no code to run because it is missing or does not compile
 */
export async function openStep<S extends Step>(host: Host, step: S): Promise<Opened<S>> {
  const steps = await openSteps(host, [step]);
  const opened = steps.of(step);
  if (!isOpen(opened)) steps.close();
  return opened;
}
