import type { Course, Part } from "../kit/course.ts";
import { anchorOf } from "../kit/lesson.ts";
import type { FunctionRoom, TrainRoom } from "../kit/room.ts";
import type { FunctionStep, Placement, Step } from "../kit/step.ts";
import { requiredOf } from "../kit/optional.ts";
import { functionStep } from "../kit/steps.ts";
import type { LoopMistake } from "../kit/training.ts";
import type { GivenNames } from "./given.ts";
import { beyondParts } from "./beyond-parts.ts";
import { course } from "./index.ts";
import { courseEnd, milestones } from "./milestones.ts";

export type PartNumber = keyof typeof course;

const partNumbers = Object.keys(course).map(Number) as PartNumber[];
/** The part whose steps are named by their number alone. */
const MAIN: PartNumber = 1;

/** The parts, by number; the names of their folders. */
export const parts = Object.fromEntries(partNumbers.map((part) => [part, course[part].folder])) as {
  readonly [Number in PartNumber]: (typeof course)[Number]["folder"];
};

export type FunctionStepId = keyof GivenNames;

/** The names that a step is given, as a type. */
export type GivenName<Id extends FunctionStepId> = GivenNames[Id];

/** All steps, in the order in which they are worked through. */
export const steps: readonly Step[] = partNumbers.flatMap((part) => {
  const { network, rooms } = course[part];
  return rooms.map((room: FunctionRoom | TrainRoom<LoopMistake>, i): Step => {
    const place = placeOf(part, room, i);
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
      folder: course[number].folder,
      ...(number === MAIN && { isMain: true }),
      milestones: milestones[number] ?? [],
    };
  }),
  steps,
  functionSteps,
  end: courseEnd,
};

/**
 * 1-step-by-step/05-dcounts.ts; without a number if the part has a single step. Where functions of a part have the same
 * name, files are named by the steps' ids: 7-exam/03-relu-dx.ts.
 */
function placeOf(part: PartNumber, room: FunctionRoom | TrainRoom, i: number): Placement {
  const { folder, rooms } = course[part];
  const number = i + 1;
  const isClear = new Set(rooms.map((one) => one.export)).size === rooms.length;
  const name = room.kind === "function" && isClear ? room.export : room.id;
  const file = `${folder}/${rooms.length > 1 ? `${String(number).padStart(2, "0")}-` : ""}${name}.ts`;
  const label = part === MAIN ? String(number) : `${part}.${number}`;
  // a lesson about a single step has no section for it
  const section = rooms.length > 1 ? `#${anchorOf(sectionTitle(room, number))}` : "";
  const lesson = `${folder}/README.md${section}`;
  return { part, number, label, file, lesson, ...(part in beyondParts && { isOptional: true }) };
}

/** The title of a step's section in its lesson: "12. dhpreact", "1. da: a sum", or that of several steps. */
function sectionTitle(room: FunctionRoom | TrainRoom, number: number): string {
  const { title, section }: Pick<FunctionRoom, "title" | "section"> = room.kind === "function" ? room : {};
  return section ?? `${number}. ${room.export}${title === undefined ? "" : `: ${title}`}`;
}
