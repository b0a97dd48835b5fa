import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { otherCourse } from "../../course/taught.ts";
import { dojo, functionSteps, steps } from "../../course/steps.ts";
import { checkVerdicts } from "../../diagnosis/self-check.ts";
import { lessonFile, lessonSection } from "../../kit/lesson.ts";
import { stepComment } from "../../kit/stub.ts";
import type { Step } from "../../kit/step.ts";
import { rungLines } from "../../report/hint/hint.ts";
import { rungs } from "../../report/hint/piece.ts";
import { withOtherNumber } from "../../runner/other-number.ts";
import { outside } from "../../runner/outside/outside.ts";
import { isOfPart, linesWith, placeOfRoom, placeOfTensor, type Place } from "../../runner/outside/places.ts";
import { courseFolder, displayPath, exercisesFolder, solutionsFolder } from "../../runner/project.ts";
import { stubOf } from "../../runner/workspace/stubs.ts";
import { areTypesFresh } from "../new/types.ts";
import { roomProblems } from "./room-problems.ts";
import { workedProblem } from "./worked.ts";

/** What is to be done in a course folder, with the file and the line where there is one. */
export type Task = string;

/** One thing after another that a course needs before it can be taught. */
export interface Stage {
  /** What holds once nothing is left to do. */
  readonly holds: string;
  readonly tasks: () => readonly Task[] | Promise<readonly Task[]>;
}

/** What an author left open, in the words that `new` wrote. */
const OPEN = /\bTODO\b:? *(.*?)"?[,;)]*$/;

/** The networks and the rooms. */
const codeFiles = outside.files ?? [];

/** How many random seeds the forms and mistakes of the rooms are tried with. */
const SEEDS = 3;

/** The stages before anything is graded. */
export const stages: readonly Stage[] = [
  { holds: "the networks are complete", tasks: openInNetworks },
  { holds: "every part has steps", tasks: missingSteps },
  { holds: "their rooms are complete", tasks: openInRooms },
  { holds: "every step has its three hints", tasks: brokenHints },
  { holds: "every correct form is accepted, and every known mistake is named", tasks: verdictsOfRooms },
  { holds: "every step has a solution", tasks: solutionTasks },
  { holds: "the types of the exercises are those of the rooms", tasks: staleTypes },
  { holds: "every step has its section in a lesson", tasks: lessonTasks },
  { holds: "every step has its stub", tasks: missingStubs },
];

/** What is open in the networks, and in whatever else is in no part's folder. */
function openInNetworks(): Task[] {
  const open = openTexts(
    courseFolder,
    codeFiles.filter((file) => !isOfPart(file)),
  );
  return open.length > 0 ? open : unnamedInputs();
}

/** Lines whose text, which learners see, leaves out something that the line reads. */
function unnamedInputs(): Task[] {
  const networks = new Set(Object.values(otherCourse() ?? {}).map(({ network }) => network));
  return [...networks].flatMap(({ lines }) =>
    lines.flatMap(({ output, inputs, text, inWords }): Task[] => {
      const named: readonly string[] = text.match(/\w+/g) ?? [];
      const missing = inWords ? undefined : inputs.find((name) => !named.includes(name));
      const place = placeOfTensor(courseFolder, codeFiles, output);
      if (missing === undefined) return [];
      return [
        `${place ? shown(courseFolder, place) : output}: ${output} reads ${missing}, and its text has no ${missing}`,
      ];
    }),
  );
}

/** What is open in the rooms, in the order of the steps. */
function openInRooms(): Task[] {
  const files = codeFiles.filter(isOfPart);
  const rankOf = (file: string): number => steps.findIndex(({ id }) => path.basename(file, ".ts") === id);
  const open = openTexts(
    courseFolder,
    files.sort((a, b) => rankOf(a) - rankOf(b)),
  );
  return open.length > 0 ? open : steps.flatMap((step) => roomProblems(step).map((text) => `${atRoom(step)}: ${text}`));
}

function missingSteps(): Task[] {
  const parts = Object.entries(otherCourse() ?? {});
  if (parts.length === 0) return ["npm run new -- network NAME writes a network, and a part about it"];
  const empty = parts.filter(([, { rooms }]) => rooms.length === 0);
  return empty.map(([number]) => {
    const how = `npm run new -- step --all --part ${number} writes one for each tensor with a gradient`;
    return `part ${number} has no step: ${how}`;
  });
}

/** The texts of files that are left open. */
export function openTexts(folder: string, files: readonly string[]): Task[] {
  return linesWith(folder, files, OPEN).map((found) => {
    const [, left] = OPEN.exec(found.code)!;
    return `${shown(folder, found)}: ${left}`;
  });
}

function brokenHints(): Task[] {
  return steps.flatMap((step) => {
    try {
      for (const rung of rungs) rungLines(step, rung);
      const problem = workedProblem(step);
      return problem === undefined ? [] : [`${atRoom(step)}: ${problem}`];
    } catch (error) {
      return [`${atRoom(step)}: a hint cannot be shown: ${(error as Error).message}`];
    }
  });
}

function verdictsOfRooms(): Task[] {
  const { problems } = checkVerdicts(dojo, SEEDS, { nameOf: atRoom });
  return problems;
}

function solutionTasks(): Task[] {
  return functionSteps.flatMap((step): Task[] => {
    const file = path.join(solutionsFolder, step.file);
    if (!existsSync(file)) {
      const other = withOtherNumber(solutionsFolder, step.file);
      const how =
        other === undefined
          ? "write it"
          : `rename ${displayPath(path.join(solutionsFolder, other))}, its name before other steps came`;
      return [`${displayPath(file)} is missing: ${how}`];
    }
    const [open] = openTexts(solutionsFolder, [step.file]);
    if (open) return [open];
    const comment = stepComment(step);
    if (!readFileSync(file, "utf8").includes(comment)) {
      return [`${displayPath(file)}: the comment above ${step.export} should read\n${comment}`];
    }
    try {
      stubOf(step);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  });
}

function staleTypes(): Task[] {
  return areTypesFresh() ? [] : ["npm run new -- types writes the types of the exercises anew"];
}

function lessonTasks(): Task[] {
  const files = [...new Set(steps.flatMap((step) => lessonFile(step) ?? []))];
  const there = files.filter((file) => existsSync(path.join(exercisesFolder, file)));
  const missing = steps.flatMap((step): Task[] => {
    const file = path.join(exercisesFolder, lessonFile(step)!);
    if (!existsSync(file)) return [`${displayPath(file)} is missing: write the lesson of part ${step.part}`];
    const section = lessonSection(readFileSync(file, "utf8"), step);
    return section === undefined
      ? [`${displayPath(file)} has no section on ${step.id}: its heading begins "${step.number}. ${step.export}"`]
      : [];
  });
  return [...missing, ...openTexts(exercisesFolder, there)];
}

function missingStubs(): Task[] {
  const missing = steps.filter(({ file }) => !existsSync(path.join(exercisesFolder, file)));
  const parts = [...new Set(missing.map(({ part }) => `part${part}`))];
  return parts.map((part) => `npm run reset -- ${part} writes the stubs that learners begin with`);
}

/** The place of a step's room, or its name if that is not found. */
function atRoom(step: Step): string {
  const place = step.kind === "function" ? placeOfRoom(courseFolder, codeFiles, step.tensor) : undefined;
  return place ? shown(courseFolder, place) : step.id;
}

function shown(folder: string, { file, line }: Place): string {
  return `${displayPath(path.join(folder, file))}:${line}`;
}
