import { readFileSync } from "node:fs";
import path from "node:path";
import kleur from "kleur";
import { lessonFile, lessonSection } from "../kit/lesson.ts";
import type { Step } from "../kit/step.ts";
import type { Layable } from "../report/text.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";

/** The section of the lesson that explains a step, and where it is. */
export async function sectionText(step: Step): Promise<Layable> {
  const file = lessonFile(step);
  if (file === undefined) return () => [`${step.id}: no lesson explains it`];
  // the lessons are the course's own, whichever tree is watched
  const section = lessonSection(readFileSync(path.join(exercisesFolder, file), "utf8"), step);
  const place = displayPath(path.join(exercisesFolder, step.lesson!));
  if (section === undefined)
    return () => [`${step.id}: ${displayPath(path.join(exercisesFolder, file))} has no section on it`];
  // loaded here because every command starts from one script, and the parser of Markdown takes a while to set up
  const { lessonLines } = await import("../report/lesson/terminal.ts");
  return (columns) => [...lessonLines(section, columns), "", kleur.dim(`in ${place}`)];
}
