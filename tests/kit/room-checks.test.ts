import { expect, it } from "vitest";
import { roomProblems } from "../../grader/commands/check/room-problems.ts";
import { workedProblem } from "../../grader/commands/check/worked.ts";
import { placeOf } from "../../grader/course/placement.ts";
import { checkVerdicts } from "../../grader/diagnosis/self-check.ts";
import type { HintLadder } from "../../grader/kit/hint.ts";
import type { Mistake } from "../../grader/kit/mistake.ts";
import type { FunctionRoom } from "../../grader/kit/room.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { functionStep } from "../../grader/kit/steps.ts";
import { rungLines } from "../../grader/report/hint/hint.ts";
import { dz } from "./course/1-gru/dz.ts";
import { gru } from "./course/gru/network.ts";

const room: FunctionRoom = dz;
const ladder = dz.hints as HintLadder;

/** The step of a room that its author wrote with a slip. */
function stepWith(change: Partial<FunctionRoom>): FunctionStep {
  const changed = { ...room, ...change };
  return functionStep(gru, changed, placeOf({ number: 1, folder: "1-gru", rooms: [changed] }, changed, 0));
}

/** The step with its second mistake changed. */
function withMistake(change: Partial<Record<keyof Mistake, unknown>>): FunctionStep {
  const [first, second, ...others] = room.mistakes;
  return stepWith({ mistakes: [first!, { ...second!, ...change } as Mistake, ...others] });
}

/** The step with another worked entry. */
function withWorked(worked: string): FunctionStep {
  return stepWith({ hints: { ...ladder, worked } });
}

it("a room as it should be has no problem", () => {
  expect(roomProblems(stepWith({}))).toEqual([]);
  expect(workedProblem(stepWith({}))).toBeUndefined();
  expect(checkVerdicts({ functionSteps: [stepWith({})] }, 1).problems).toEqual([]);
});

it("texts that are none are named, and an id that two mistakes have", () => {
  expect(roomProblems(withMistake({ look: () => "the sign" }))).toEqual([
    'the mistake "states-added": look should be a text, and is a function: call it',
  ]);
  expect(roomProblems(stepWith({ hints: { ...ladder, piece: " " } }))).toEqual(["hints: piece should be a text"]);
  expect(roomProblems(withMistake({ id: "states-swapped" }))).toEqual(['two mistakes have the id "states-swapped"']);
});

it("a worked entry is compared with the answer, and its numbers have to exist", () => {
  expect(workedProblem(withWorked("dz[0, 0] = ({h 0 0} + {n 0 0}) * {dhnext 0 0}"))).toBe(
    "the worked entry is wrong: dz[0, 0] = (2 + (-1)) * 1 = 3",
  );
  expect(workedProblem(withWorked("dz[0, 0] = the difference of two states"))).toBeUndefined();
  expect(() => rungLines(withWorked("dz[0, 0] = {m 0 0}"), 2)).toThrow("needs m: write its numbers under numbers");
  expect(() => rungLines(withWorked("dz[0, 0] = {h 0 9}"), 2)).toThrow("there is no h[0, 9] among the numbers");
});

it.each([
  ["right", withMistake({ answer: dz.forms[0] }), 'the mistake "states-added" passes: its answer is right'],
  [
    "broken",
    withMistake({
      answer: () => {
        throw new ReferenceError("m is not defined");
      },
    }),
    'the mistake "states-added" throws: m is not defined',
  ],
  [
    "no mistake but a form",
    stepWith({ forms: [dz.mistakes[0]!.answer] }),
    "correct form 1 is not accepted: its values differ from the reference",
  ],
  [
    "a form of another shape",
    stepWith({ forms: [({ dhnext }) => dhnext!.sum(0)] }),
    "correct form 1 is not accepted: its shape should be [batch, hidden]",
  ],
])("an answer that is %s is named", (_, step, problem) => {
  expect(checkVerdicts({ functionSteps: [step] }, 1).problems).toEqual([`dz: ${problem}`]);
});
