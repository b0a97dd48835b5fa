import { existsSync } from "node:fs";
import path from "node:path";
import { projectRoot } from "../grader/runner/project.ts";

/** The lecture's 32,033 names; not the project's to ship, so beside the repository or nowhere. */
export const lectureNames = path.join(projectRoot, "..", "shared", "lecture", "names.txt");

/** Where they are absent, the tests that need them are skipped, out loud. */
export const withoutLectureNames = !existsSync(lectureNames);
if (withoutLectureNames) console.warn("SKIPPED: tests that need the lecture's names, ../shared/lecture/names.txt");
