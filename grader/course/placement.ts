import { anchorOf } from "../kit/lesson.ts";
import type { FunctionRoom, ProgramRoom, TrainRoom } from "../kit/room.ts";
import type { Placement } from "../kit/step.ts";

/** The part whose steps are named by their number alone. */
export const MAIN = 1;

type Room =
  | (Pick<FunctionRoom | ProgramRoom, "kind" | "id" | "export" | "title"> & Pick<FunctionRoom, "section">)
  | Pick<TrainRoom, "kind" | "id" | "export">;

/** A part of the course, as far as the places of its steps follow from it. */
export interface Placed {
  readonly number: number;
  readonly folder: string;
  readonly rooms: readonly Room[];
}

/**
 * 1-step-by-step/05-dcounts.ts; without a number if the part has a single step. Where functions of a part have the same
 * name, files are named by the steps' ids: 7-exam/03-relu-dx.ts.
 */
export function placeOf(
  { number: part, folder, rooms }: Placed,
  room: Room,
  i: number,
): Placement & { lesson: string } {
  const number = i + 1;
  const isClear = new Set(rooms.map((one) => one.export)).size === rooms.length;
  const name = room.kind !== "train" && isClear ? room.export : room.id;
  const file = `${folder}/${rooms.length > 1 ? `${String(number).padStart(2, "0")}-` : ""}${name}.ts`;
  const label = part === MAIN ? String(number) : `${part}.${number}`;
  // a lesson about a single step has no section for it
  const section = rooms.length > 1 ? `#${anchorOf(sectionTitle(room, number))}` : "";
  return { part, number, label, file, lesson: `${folder}/README.md${section}` };
}

/** The title of a step's section in its lesson: "12. dhpreact", "1. da: a sum", or that of several steps. */
export function sectionTitle(room: Room, number: number): string {
  const { title, section }: Pick<FunctionRoom, "title" | "section"> = room.kind === "train" ? {} : room;
  return section ?? `${number}. ${room.export}${title === undefined ? "" : `: ${title}`}`;
}
