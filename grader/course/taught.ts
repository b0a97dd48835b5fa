import type { FunctionRoom } from "../kit/room.ts";
import type { Milestone } from "../kit/milestone.ts";
import type { Network } from "../network/network.ts";

/** A part of a course as its author writes it. */
export interface TaughtPart {
  /** Its folder in exercises/ and solutions/, such as `1-gru`. */
  readonly folder: string;
  /** The network that its steps are about. */
  readonly network: Network;
  /** Its steps, in the order in which they are worked through. */
  readonly rooms: readonly FunctionRoom[];
  /** Ends of stretches of its steps, its own end last; by default its end alone. */
  readonly milestones?: readonly Milestone[];
}

/** A course as its author writes it: the parts by number. Steps of part 1 are named by their number alone. */
export type TaughtCourse = Readonly<Record<number, TaughtPart>>;

let other: TaughtCourse | undefined;

/** Teaches another course instead of ours, from now on. What is derived from the course must not have been loaded yet. */
export function teach(course: TaughtCourse): void {
  other = course;
}

/** The course that is taught instead of ours; undefined if ours is. */
export function otherCourse(): TaughtCourse | undefined {
  return other;
}

/** Where something is finished in a part of another course. */
export function milestonesOf(number: number, { network, milestones }: TaughtPart): readonly Milestone[] {
  const can = `You have taken the gradients of ${network.name} by hand, one line at a time.`;
  return milestones ?? [{ id: `part-${number}`, title: `part ${number}`, can, next: [] }];
}
