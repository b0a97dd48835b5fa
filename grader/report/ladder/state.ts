import type { StepResult, Verdict } from "../../verdict/result.ts";

/** Where a rung is on the way from the loss to the first line. */
export type RungState =
  /** No gradient is asked for: the loss, whose gradient is 1, and inputs. */
  | { readonly is: "given" }
  | { readonly is: "open" }
  | { readonly is: "passed"; readonly verdict: Verdict }
  /** The step passes on its own, but the learner's own chain does not reach it unbroken. */
  | {
      readonly is: "chain-broken";
      readonly verdict: Verdict;
      /** The step at which it first breaks. */
      readonly brokenAt: string;
      /** Whether it gets there at all: if not, a step before gives no gradient. */
      readonly isReached: boolean;
    }
  | {
      readonly is: "wrong";
      readonly verdict: Verdict;
      /** What is wrong, or what it looks like; null if there is nothing to say besides the verdict. */
      readonly sentence: string | null;
    };

/** What of a step's result its rung shows. */
export type RungResult = Pick<StepResult, "id" | "verdict" | "passed" | "inChain" | "mistake" | "message">;

/** @param result undefined if the step was not graded yet */
export function rungState(isAsked: boolean, result: RungResult | undefined): RungState {
  if (!isAsked) return { is: "given" };
  if (!result || result.verdict === "not-started" || result.verdict === "missing") return { is: "open" };
  const { id, verdict, passed, inChain, mistake, message } = result;
  if (!passed) return { is: "wrong", verdict, sentence: mistake?.sentence ?? message };
  if (inChain && inChain.brokenAt !== null && inChain.brokenAt !== id) {
    return { is: "chain-broken", verdict, brokenAt: inChain.brokenAt, isReached: inChain.verdict !== "not-started" };
  }
  return { is: "passed", verdict };
}

/** A state in a few words, which say all that its color and shape say. */
export function stateText(state: RungState): string {
  switch (state.is) {
    case "given":
      return "given";
    case "open":
      return "open";
    case "passed":
      return state.verdict === "exact" ? "passed, exact" : "passed";
    case "chain-broken":
      return state.isReached
        ? `passed on its own; your chain breaks at ${state.brokenAt}`
        : `passed on its own; your chain ends before ${state.brokenAt}`;
    case "wrong":
      return state.sentence === null ? state.verdict : `${state.verdict}: ${state.sentence}`;
  }
}
