import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  byHandFolder,
  canvasGradebook,
  canvasZip,
  classroom50Folder,
  gitHubClassroomFolder,
  gradescopeZip,
  moodleZip,
  prairieLearnZip,
} from "./exports.ts";
import { madeUpClass } from "./made-up.ts";

/**
 * Writes a made-up class as each system would export it: `npx tsx tests/class/make.ts 1000 FOLDER [canvas ...]`. All of
 * them at once take 2 MB for every learner.
 */
const [count = "12", folder = "class", ...only] = process.argv.slice(2);
const learners = madeUpClass(Number(count));
const writers: Record<string, (root: string) => void> = {
  canvas: (root) => writeFileSync(path.join(root, "submissions.zip"), canvasZip(learners)),
  moodle: (root) => writeFileSync(path.join(root, "moodle.zip"), moodleZip(learners)),
  gradescope: (root) => writeFileSync(path.join(root, "assignment_7_export.zip"), gradescopeZip(learners)),
  prairielearn: (root) => writeFileSync(path.join(root, "hw7_files_for_manual_grading.zip"), prairieLearnZip(learners)),
  classroom50: (root) => classroom50Folder(path.join(root, "classroom50"), learners),
  github: (root) => gitHubClassroomFolder(path.join(root, "github"), learners),
  hand: (root) => byHandFolder(path.join(root, "by-hand"), learners),
  gradebook: (root) => writeFileSync(path.join(root, "gradebook.csv"), canvasGradebook(learners)),
};
mkdirSync(folder, { recursive: true });
for (const [name, write] of Object.entries(writers)) if (only.length === 0 || only.includes(name)) write(folder);
