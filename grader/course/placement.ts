import { anchorOf } from "../kit/lesson.ts";
import type { FunctionRoom, ProgramRoom, TrainRoom } from "../kit/room.ts";
import type { Placement } from "../kit/step.ts";

/** The part whose steps are named by their number alone. */
export const MAIN = 1;

type Room =
  Pick<FunctionRoom | ProgramRoom, "kind" | "id" | "export" | "title"> | Pick<TrainRoom, "kind" | "id" | "export">;

/** A part of the course, as far as the places of its steps follow from it. */
export interface Placed {
  readonly number: number;
  readonly folder: string;
  readonly rooms: readonly Room[];
}

/** 1-step-by-step/05-dcounts.ts; without a number if the part has a single step. */
export function placeOf(
  { number: part, folder, rooms }: Placed,
  room: Room,
  i: number,
): Placement & { lesson: string } {
  const number = i + 1;
  const name = room.kind === "train" ? room.id : room.export;
  const file = `${folder}/${rooms.length > 1 ? `${String(number).padStart(2, "0")}-` : ""}${name}.ts`;
  const label = part === MAIN ? String(number) : `${part}.${number}`;
  // a lesson about a single step has no section for it
  const section = rooms.length > 1 ? `#${anchorOf(sectionTitle(room, number))}` : "";
  return { part, number, label, file, lesson: `${folder}/README.md${section}` };
}

/** The title of a step's section in its lesson: "12. dhpreact", "1. da: a sum". */
export function sectionTitle(room: Room, number: number): string {
  const title = room.kind === "train" ? undefined : room.title;
  return `${number}. ${room.export}${title === undefined ? "" : `: ${title}`}`;
}
