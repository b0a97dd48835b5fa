import type { Course, Part } from "../kit/course.ts";
import type { FunctionRoom, ProgramRoom, TrainRoom } from "../kit/room.ts";
import type { FunctionStep, Step } from "../kit/step.ts";
import { requiredOf } from "../kit/optional.ts";
import { functionStep } from "../kit/steps.ts";
import type { LoopMistake } from "../kit/training.ts";
import type { GivenNames } from "./given.ts";
import { beyondParts } from "./beyond-parts.ts";
import { course } from "./index.ts";
import { courseEnd, milestones } from "./milestones.ts";
import { MAIN, placeOf } from "./placement.ts";
import { milestonesOf, otherCourse } from "./taught.ts";

export type PartNumber = keyof typeof course;

const other = otherCourse();
// for the types of our own exercises and pictures, which another course does not have
const taught = (other ?? course) as typeof course;
const partNumbers = Object.keys(taught).map(Number) as PartNumber[];

/** The parts, by number; the names of their folders. */
export const parts = Object.fromEntries(partNumbers.map((part) => [part, taught[part].folder])) as {
  readonly [Number in PartNumber]: (typeof course)[Number]["folder"];
};

export type FunctionStepId = keyof GivenNames;

/** The names that a step is given, as a type. */
export type GivenName<Id extends FunctionStepId> = GivenNames[Id];

/** All steps, in the order in which they are worked through. */
export const steps: readonly Step[] = partNumbers.flatMap((part) => {
  const { network, folder, rooms } = taught[part];
  const isOptional = !other && part in beyondParts;
  return rooms.map((room: FunctionRoom | TrainRoom<LoopMistake> | ProgramRoom, i): Step => {
    const place = { ...placeOf({ number: part, folder, rooms }, room, i), ...(isOptional && { isOptional }) };
    if (room.kind === "program") return { ...room, ...place };
    if (room.kind === "train") return { ...room, ...place, network };
    return functionStep(room.network ?? network, room, place);
  });
});

/** Those of the parts that follow the lecture. */
export const requiredSteps = requiredOf(steps);

/** The steps that are functions from tensors to one tensor. */
export const functionSteps = steps.filter((step): step is FunctionStep => step.kind === "function");

/** The course as a value. */
export const dojo: Course = {
  parts: partNumbers.map((number): Part => {
    return {
      number,
      folder: taught[number].folder,
      ...(number === MAIN && { isMain: true }),
      milestones: other ? milestonesOf(number, other[number]!) : (milestones[number] ?? []),
    };
  }),
  steps,
  functionSteps,
  ...(!other && { end: courseEnd }),
};
