import { functionStep } from "../kit/steps.ts";
import { networkProblems } from "../kit/network-problems.ts";
import { gradedTensorsOf, type Network } from "../network/network.ts";
import type { FunctionRoom } from "../kit/room.ts";
import { placeOf } from "./placement.ts";
import type { TaughtCourse, TaughtPart } from "./taught.ts";

/** Why a course cannot be taught as it is written. */
export interface CourseProblem {
  readonly problem: string;
  /** The tensor or the size of a network that it is about. */
  readonly tensor?: string;
  /** The tensor whose room it is about. */
  readonly room?: string;
}

/** The first thing to change in a course before it can be taught; undefined if it can be. */
export function courseProblem(course: unknown): CourseProblem | undefined {
  if (typeof course !== "object" || course === null) {
    return { problem: "should export course, its parts by number: export const course = { 1: gruPart } as const;" };
  }
  const parts = Object.entries(course) as [string, Partial<TaughtPart> | undefined][];
  for (const [number, part] of parts) {
    if (!/^\d+$/.test(number)) return { problem: `${number} is not the number of a part: write 1, 2, ...` };
    const isPart = typeof part?.folder === "string" && part.network !== undefined && Array.isArray(part.rooms);
    if (!isPart) return { problem: `part ${number} should have a folder, a network and rooms` };
    if (!/^\d+-[\w-]+$/.test(part.folder!)) {
      return { problem: `part ${number}: the folder "${part.folder}" should be a number and a name, such as 1-gru` };
    }
  }
  const whole = course as TaughtCourse;
  return problemOfNetworks(whole) ?? problemOfRooms(whole);
}

function problemOfNetworks(course: TaughtCourse): CourseProblem | undefined {
  const all = Object.values(course).flatMap(({ network, rooms }) => [network, ...rooms.map((room) => room.network)]);
  for (const network of new Set(all.filter((one) => one !== undefined))) {
    const [first] = networkProblems(network);
    if (first) return { problem: `${first.about} ${first.problem}`, tensor: first.about };
  }
  return undefined;
}

function problemOfRooms(course: TaughtCourse): CourseProblem | undefined {
  const ids = new Map<string, string>();
  const folders = new Set<string>();
  for (const [number, { folder, network: ofPart, rooms }] of Object.entries(course)) {
    if (folders.has(folder)) return { problem: `two parts have the folder ${folder}; each needs one of its own` };
    folders.add(folder);
    for (const [i, room] of rooms.entries()) {
      const network = room.network ?? ofPart;
      const about = { room: room.tensor };
      const before = ids.get(room.id);
      ids.set(room.id, `part ${number}`);
      if (before !== undefined) {
        const how = `give this one another: id: "${network.name}-${room.id}"`;
        return { problem: `two steps have the id ${room.id}, in ${before} and in part ${number}; ${how}`, ...about };
      }
      const problem = problemOfRoom(network, room);
      if (problem !== undefined) return { problem: `${room.id}: ${problem}`, ...about };
      try {
        functionStep(network, room, placeOf({ number: Number(number), folder, rooms }, room, i));
      } catch (error) {
        return { problem: error instanceof Error ? error.message : String(error), ...about };
      }
    }
  }
  return undefined;
}

function problemOfRoom(network: Network, { tensor, runs, example }: FunctionRoom): string | undefined {
  if (runs.length > 0 || example) return undefined;
  return `${network.name} has no tensor ${tensor} with a gradient; it has ${gradedTensorsOf(network).join(", ")}`;
}
