import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { functionSteps, steps as allSteps } from "../../course/steps.ts";
import { otherCourse, type TaughtCourse, type TaughtPart } from "../../course/taught.ts";
import { beyondParts } from "../../course/beyond-parts.ts";
import { placeOf } from "../../course/placement.ts";
import { gradientRow } from "../../kit/derive.ts";
import type { FunctionRoom } from "../../kit/room.ts";
import type { FunctionStep } from "../../kit/step.ts";
import { functionStep } from "../../kit/steps.ts";
import { gradedTensorsOf } from "../../network/network.ts";
import { outside } from "../../runner/outside/outside.ts";
import { displayPath, exercisesFolder, solutionsFolder } from "../../runner/project.ts";
import { saveWhole } from "../../runner/whole.mjs";
import { nearest, UsageError } from "../usage.ts";
import { addEntries } from "./entries.ts";
import { nextCommand, homeOf, writeNew } from "./home.ts";
import { lessonText, lessonWith } from "./lesson-text.ts";
import { renumber, type Moved } from "./renumber.ts";
import { roomText } from "./room-text.ts";
import { solutionText } from "./solution-text.ts";
import { newTypes } from "./types.ts";

type NumberedPart = TaughtPart & { readonly number: number };

/**
 * Writes a room and a solution for tensors, and the part's lesson if it has none.
 *
 * @param tensors all that have no room if undefined
 * @param number the part's, as typed
 * @returns what was done, in lines
 */
export function newSteps(tensors: readonly string[] | undefined, number: string | undefined): string[] {
  if (outside.problem) throw outside.problem;
  const part = partFor(tensors?.[0], number);
  const { network, folder, rooms } = part;
  const all = gradedTensorsOf(network);
  const links = new Set(rooms.filter((room) => room.network === network).map(({ tensor }) => tensor));
  const wanted = tensors ?? all.filter((name) => !links.has(name));
  for (const name of wanted) {
    if (all.includes(name)) continue;
    const near = nearest(name, all).slice(0, 2);
    throw new UsageError(
      `${network.name} has no tensor ${name} with a gradient; ${near.length > 0 ? `did you mean ${near.join(" or ")}?` : `it has ${all.join(", ")}`}`,
    );
  }
  if (wanted.length === 0) return [`every tensor of ${network.name} with a gradient has a step`];
  const added = wanted.map((tensor) => emptyRoom(part, tensor));
  const ordered = inOrder(rooms, added, all);
  const placed = ordered.map((room, i) =>
    functionStep(room.network ?? network, room, placeOf({ ...part, rooms: ordered }, room, i)),
  );
  const own = placed.filter(({ id }) => added.some((room) => room.id === id));
  const { code } = homeOf();
  const written = writeNew(
    new Map(
      own.flatMap((step): [string, string][] => [
        [path.join(code, folder, `${step.id}.ts`), roomText(step)],
        [path.join(solutionsFolder, step.file), solutionText(step)],
      ]),
    ),
  );
  const moved = placed.flatMap((to): Moved[] => {
    const from = functionSteps.find(({ id }) => id === to.id);
    return from ? [{ from, to }] : [];
  });
  const renamed = [solutionsFolder, exercisesFolder].flatMap((tree) => renumber(tree, moved));
  const lesson = writeLesson(path.join(exercisesFolder, folder, "README.md"), part, placed, moved);
  const listed = addEntries(path.join(code, folder, "part.ts"), {
    start: "rooms: [",
    end: "]",
    imports: own.map(({ id }) => `import { ${codeName(id)} } from "./${id}.ts";`),
    change: (before) => orderedNames(before, ordered),
  });
  const others = functionSteps.filter((step) => step.part !== part.number);
  const types = outside.folder === undefined ? [] : newTypes([...others, ...placed].sort((a, b) => a.part - b.part));
  return [...written, ...renamed, ...lesson, listed, ...types, `next: ${nextCommand("check")} says what is missing`];
}

/** Begins a part's lesson, or adds the sections of new steps to it. */
function writeLesson(
  file: string,
  part: TaughtPart,
  steps: readonly FunctionStep[],
  moved: readonly Moved[],
): readonly string[] {
  if (!existsSync(file)) return writeNew(new Map([[file, lessonText(part, steps)]]));
  saveWhole(file, lessonWith(readFileSync(file, "utf8"), steps, moved));
  return [`${displayPath(file)}: sections are added`];
}

/** @throws UsageError if it is not clear which part is meant */
function partFor(tensor: string | undefined, number: string | undefined): NumberedPart {
  const table = (otherCourse() ?? beyondParts) as TaughtCourse;
  const all = Object.entries(table).map(([key, part]) => ({ ...part, number: Number(key) }));
  if (number !== undefined) {
    const found = all.find((part) => String(part.number) === number);
    if (found) return found;
    throw new UsageError(
      `--part ${number}: there is no such part; there are ${all.map((part) => part.number).join(", ")}`,
    );
  }
  const having = all.filter(({ network, rooms }) => {
    const tensors = gradedTensorsOf(network);
    const isWithout = (name: string): boolean => !rooms.some((room) => room.tensor === name);
    return tensor === undefined ? tensors.some(isWithout) : tensors.includes(tensor);
  });
  const [only, ...more] = having.length === 0 ? all.slice(0, 1) : having;
  if (only && more.length === 0) return only;
  if (all.length === 0) throw new UsageError("there is no part yet: npm run new -- network NAME writes one");
  const found = having.map((part) => `--part ${part.number}`);
  throw new UsageError(`new step: which part is meant? write ${found.join(" or ")}`);
}

/** The room of a step as far as it follows from the lines. */
function emptyRoom({ network, number }: NumberedPart, tensor: string): FunctionRoom {
  const id = `d${tensor}`;
  const isTaken = allSteps.some((step) => step.id === id && step.part !== number);
  const row = gradientRow(network, tensor);
  const hints = { ask: "", rule: "", worked: "", piece: "" };
  return {
    ...row,
    ...(isTaken && { id: `${network.name}-${row.id}` }),
    kind: "function",
    export: row.id,
    network,
    hints,
    looks: {},
    mistakes: [],
    forms: [],
  };
}

/** The rooms of a part with others between them: those of one tensor's gradient in backward order, the rest behind. */
function inOrder(
  rooms: readonly FunctionRoom[],
  added: readonly FunctionRoom[],
  tensors: readonly string[],
): FunctionRoom[] {
  const rankOf = ({ tensor }: FunctionRoom): number => tensors.indexOf(tensor);
  const result = [...rooms];
  for (const room of added) {
    const at = result.findIndex((one) => rankOf(one) > rankOf(room));
    result.splice(at < 0 ? result.length : at, 0, room);
  }
  return result;
}

/** The names in the part's list: those that were there, whatever they are called, with the new ones at their places. */
function orderedNames(before: readonly string[], ordered: readonly FunctionRoom[]): string[] {
  const added = ordered.map(({ id }) => codeName(id)).filter((name) => !before.includes(name));
  if (before.length + added.length !== ordered.length) return [...before, ...added];
  const kept = [...before];
  return ordered.map(({ id }) => (added.includes(codeName(id)) ? codeName(id) : kept.shift()!));
}

/** What code calls a room: gru-dz is gruDz. */
export function codeName(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
