import type { Step } from "./step.ts";

/** The end of a part, or of a stretch of steps in it. */
export interface Milestone {
  /** Names it in a lesson: `head`, `part-2`. */
  readonly id: string;
  /** What was finished: "the softmax head". */
  readonly title: string;
  /** Its first step and its last; the part's own if left out. */
  readonly from?: string;
  readonly to?: string;
  /** What the learner can do now, in a sentence or two. */
  readonly can: string;
  /** What to run or read next, a sentence each, with commands in backquotes. */
  readonly next: readonly (string | Ahead)[];
  /** Whether milestones before it have had the recap of its steps. */
  readonly isRecapped?: true;
}

/** A sentence that leads to steps; once all of them pass, it is not said any more. */
export interface Ahead {
  readonly text: string;
  /** The steps, as a word on the command line names them: `part2`, `22-24`. */
  readonly to: string;
}

/** A sentence about what comes next, and the ids of the steps that it leads to: none if it does not depend on any. */
export interface Pointer {
  readonly text: string;
  readonly to: readonly string[];
}

/** What comes next, without what leads to steps that have all passed. */
export function stillAhead(next: readonly Pointer[], hasPassed: (id: string) => boolean): readonly Pointer[] {
  return next.filter(({ to }) => to.length === 0 || !to.every(hasPassed));
}

/** The steps that a milestone is at the end of, among those of its part in order. */
export function stepsUpTo({ from, to }: Milestone, ofPart: readonly Step[]): readonly Step[] {
  const at = (id: string): number => {
    const place = ofPart.findIndex((step) => step.id === id);
    if (place < 0) throw new Error(`no step of this part is called ${id}`);
    return place;
  };
  return ofPart.slice(from === undefined ? 0 : at(from), to === undefined ? ofPart.length : at(to) + 1);
}
