import { existsSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../grader/runner/project.ts";

/** The lecture's 32,033 names, which the project cannot ship: they are next to the repository or missing. */
export const lectureNames = path.join(projectRoot, "..", "shared", "lecture", "names.txt");

/** If they are missing, the tests that need them are reported as skipped. */
export const withoutLectureNames = !existsSync(lectureNames);
if (withoutLectureNames) console.warn("SKIPPED: tests that need the lecture's names, ../shared/lecture/names.txt");
