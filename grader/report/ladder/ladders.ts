import { lectureQuestion } from "../../grading/questions.ts";
import type { LectureBatch } from "../../grading/lecture.ts";
import type { FunctionStep } from "../../kit/step.ts";
import type { Evaluated } from "../../network/follow.ts";
import type { Network } from "../../network/network.ts";
import type { Ladder, Trace } from "./ladder.ts";
import { makeLadder, makeTrace } from "./make-ladder.ts";
import { caseSubject, evaluatedOf, networkSubject, spanSubject, type Subject } from "./subject.ts";

/** The ladders of a course, each made when it is first asked for. */
export interface Ladders {
  /**
   * The ladder that a step is on: its network's if it is one line of the backward pass, else that of its own lines.
   * Undefined if it has none.
   */
  readonly of: (step: FunctionStep) => NamedLadder | undefined;
  /** Follows an element of a ladder that has been made. */
  readonly follow: (ladder: string, tensor: string, place: number) => Trace;
}

export interface NamedLadder {
  /** A network's name or a step's id. */
  readonly id: string;
  readonly ladder: Ladder;
}

/**
 * @param steps the steps that ladders name
 * @param lectureOf a network's own batch
 */
export function makeLadders(steps: readonly FunctionStep[], lectureOf: (network: Network) => LectureBatch): Ladders {
  const made = new Map<string, { ladder: Ladder; evaluated: Evaluated } | undefined>();
  const subjectOf = (step: FunctionStep): Subject | undefined => {
    const lecture = lectureOf(step.network);
    if (step.chain === "link") return networkSubject(step.network, lecture, steps);
    if (step.chain === "end") return spanSubject(step, lecture);
    return caseSubject(lectureQuestion(step, lecture).cases[0]);
  };
  return {
    of: (step) => {
      const id = step.chain === "link" ? step.network.name : step.id;
      if (!made.has(id)) {
        const subject = subjectOf(step);
        made.set(id, subject && { ladder: makeLadder(subject), evaluated: evaluatedOf(subject) });
      }
      const found = made.get(id);
      return found && { id, ladder: found.ladder };
    },
    follow: (ladder, tensor, place) => {
      const found = made.get(ladder);
      if (!found) throw new Error(`there is no ladder ${ladder} yet`);
      return makeTrace(found.evaluated, tensor, place);
    },
  };
}
