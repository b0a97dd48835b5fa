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

/** Steps of a tree in one learner. */
export interface OpenSteps {
  /**
   * Opens a step, together with all that are opened at the same time.
   *
   * @throws what the host throws if nothing can be bundled
   */
  of<S extends Step>(step: S): Promise<Opened<S>>;
  /** Ends the learner, whatever it is doing. */
  close(): void;
}

export function isOpen<S extends Step>(opened: Opened<S>): opened is OpenStep<S> {
  return "learner" in opened;
}

/**
 * Starts a learner for some steps of a tree, and bundles their files in the meantime. Close it when everything is done.
 *
 * @param now opened immediately
 * @param later opened together when the first of them is asked for; if there are no others, nothing is started before that
 */
export function openSteps(host: Host, now: readonly Step[], later: readonly Step[] = []): OpenSteps {
  let learner: Learner | undefined;
  const start = (steps: readonly Step[]): Promise<ReadonlyMap<string, Bundle | Failure>> => {
    learner ??= host.startLearner();
    const bundling = host.sources.bundle(steps);
    bundling.then(
      () => performance.mark("files bundled"),
      // the caller that asks for a step gets the error
      () => {},
    );
    return bundling;
  };
  const first = now.length > 0 ? start(now) : undefined;
  let second: typeof first;
  return {
    async of(step) {
      const bundles = await (now.includes(step) ? first : (second ??= start(later)));
      const bundle = bundles?.get(step.id);
      if (!bundle || !learner) throw new Error(`${step.id} is not among the steps to open`);
      return "kind" in bundle ? bundle : { step, bundle, texts: hashOfTexts(host, bundle.sources), learner };
    },
    close: () => learner?.close(),
  };
}

/**
 * Makes one step's code ready to be called, in a learner of its own: close it when everything is done.
 *
 * @returns a Failure if there is no code to run because it is missing or does not compile
 */
export async function openStep<S extends Step>(host: Host, step: S): Promise<Opened<S>> {
  const steps = openSteps(host, [step]);
  try {
    const opened = await steps.of(step);
    if (!isOpen(opened)) steps.close();
    return opened;
  } catch (error) {
    steps.close();
    throw error;
  }
}

/** A step opened, with a learner that remembers whether it answered everything it was asked. */
export function watched<S extends Step>(open: OpenStep<S>): { open: OpenStep<S>; answeredAll: () => boolean } {
  let answeredAll = true;
  const learner: Learner = {
    async ask(...question) {
      const answer = await open.learner.ask(...question);
      if (answer.status !== "answered") answeredAll = false;
      return answer;
    },
    apart: (...code) => open.learner.apart?.(...code) ?? false,
    close: () => open.learner.close(),
  };
  return { open: { ...open, learner }, answeredAll: () => answeredAll };
}
