import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { headingsOf } from "../kit/lesson.ts";
import type { Glossary } from "../report/hint/glossary.ts";
import { displayPath, exercisesFolder } from "../runner/project.ts";

export const glossaryPage = "GLOSSARY.md";

/** The course's glossary: the headings below "Terms" on its page; undefined if the learner has deleted the page. */
export function glossary(): Glossary | undefined {
  const file = path.join(exercisesFolder, glossaryPage);
  if (!existsSync(file)) return undefined;
  const headings = headingsOf(readFileSync(file, "utf8"));
  const first = headings.findIndex(({ title }) => title === "Terms") + 1;
  const behind = headings.findIndex(({ level }, i) => i >= first && level < 3);
  const terms = headings.slice(first, behind < 0 ? undefined : behind).map(({ title }) => title);
  return { terms, page: displayPath(file) };
}
