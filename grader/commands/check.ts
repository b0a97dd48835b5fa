import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { parts, steps } from "../course/steps.ts";
import { lessonLink } from "../kit/lesson.ts";
import { stepComment } from "../kit/stub.ts";
import { outside } from "../runner/outside/outside.ts";
import { exercisesFolder, graderFolder, solutionsFolder, stubsFolder } from "../runner/project.ts";
import { filesBelow, hasSolutions, NO_SOLUTIONS, stubOf, withStubs } from "../runner/workspace/stubs.ts";
import { drawPictures, isPicture, stalePictures } from "../runner/workspace/pictures.ts";
import type { Step } from "../kit/step.ts";
import { gradedAs } from "./check/graded.ts";
import { openTexts } from "./check/author.ts";
import { checkOutside } from "./check/outside.ts";
import { checkManySeeds } from "./check/thorough.ts";
import { glossaryPage } from "./glossary.ts";

export const checkHelp = `check [--stubs] [--thorough] [--draw]
    Checks the course itself: every solution passes, every stub is "not started", files and course table agree,
    and the lessons show the pictures that their numbers and lines give.
    --stubs            also checks that exercises/ holds the untouched stubs (for authors of the course)
    --draw             first draws the pictures of the lessons anew (for authors of the course)
    --thorough         also checks over 1,000 seeds that correct formulas of many forms are accepted, and that every
                       known mistake is rejected and named (about an hour)`;

/** The networks and rooms of our own course. */
const courseCode = path.join(graderFolder, "course");

/** The pages in exercises/ that belong to no part. */
export const pages = ["TENSORS.md", glossaryPage];

/** Exit status 0 if all checks succeed, 1 if one fails. */
export async function check(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      stubs: { type: "boolean", default: false },
      thorough: { type: "boolean", default: false },
      draw: { type: "boolean", default: false },
    },
  });
  if (outside.folder !== undefined) return checkOutside();
  const problems: string[] = [];
  const report = (what: string, found: string[]): void => {
    process.stdout.write(
      `${found.length === 0 ? "ok   " : "WRONG"} ${what}\n${found.map((line) => `      ${line}\n`).join("")}`,
    );
    problems.push(...found);
  };

  const source = hasSolutions() ? "solutions" : "stubs";
  const open = openTexts(
    courseCode,
    filesBelow(courseCode).filter((file) => file.endsWith(".ts")),
  );
  if (open.length > 0) report("nothing is left open in networks and rooms", open);
  report(`${source} and course table agree`, [...filesOfSteps(source), ...solutionTexts()]);
  if (problems.length > 0) return 1; // the other checks need them
  report("every part has its lesson", missingLessons());
  if (values.draw) for (const file of drawPictures()) process.stdout.write(`drawn ${file}\n`);
  report("the lessons' pictures are up to date", stalePictures());
  if (hasSolutions()) {
    report(`all ${steps.length} solutions pass`, await gradedAs(solutionsFolder, (result) => result.passed));
  } else process.stdout.write(`     ${NO_SOLUTIONS}\n`);
  const untouched = await withStubs((folder) => gradedAs(folder, (result) => result.verdict === "not-started"));
  report(`all ${steps.length} stubs are not started`, untouched);
  if (values.stubs) report("exercises/ holds the stubs", changedExercises());
  if (values.thorough) checkManySeeds(report);
  return problems.length === 0 ? 0 : 1;
}

/** Files of steps that are missing in solutions/ or stubs/, and files that belong to no step. */
function filesOfSteps(folder: "solutions" | "stubs"): string[] {
  const expected = new Set(steps.map((step) => step.file));
  const present = new Set(filesBelow(folder === "stubs" ? stubsFolder : solutionsFolder));
  return [
    ...[...expected].filter((file) => !present.has(file)).map((file) => `${folder}/${file} is missing`),
    ...[...present].filter((file) => !expected.has(file)).map((file) => `${folder}/${file} belongs to no step`),
  ];
}

/** Solutions with the wrong markers or the wrong comment. */
function solutionTexts(): string[] {
  if (!hasSolutions()) return [];
  return steps.flatMap((step) => {
    const file = path.join(solutionsFolder, step.file);
    if (!existsSync(file)) return [];
    const text = readFileSync(file, "utf8");
    if (step.kind === "function" && !text.includes(stepComment(step))) {
      return [`solutions/${step.file}: the comment should read\n${stepComment(step)}`];
    }
    if (!text.includes(`](${lessonLink(step)})`))
      return [`solutions/${step.file}: the link to ${lessonLink(step)} is missing`];
    return stubProblem(step);
  });
}

function stubProblem(step: Step): string[] {
  try {
    stubOf(step);
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

function missingLessons(): string[] {
  return [...Object.values(parts).map((part) => `${part}/README.md`), ...pages]
    .filter((file) => !existsSync(path.join(exercisesFolder, file)))
    .map((file) => `exercises/${file} is missing`);
}

/** The files in exercises/ that differ from the stubs. */
function changedExercises(): string[] {
  const lessons = Object.values(parts).map((part) => `${part}/README.md`);
  const expected = new Set([...steps.map((step) => step.file), ...lessons, ...pages, "tsconfig.json"]);
  const stray = filesBelow(exercisesFolder).filter((file) => !expected.has(file) && !isPicture(file));
  const changed = steps.filter((step) => {
    const file = path.join(exercisesFolder, step.file);
    return !existsSync(file) || readFileSync(file, "utf8") !== stubOf(step);
  });
  return [
    ...stray.map((file) => `exercises/${file} belongs to no step`),
    ...changed.map(({ file, id }) => `exercises/${file} is not the stub; npm run reset -- ${id} writes it`),
  ];
}
