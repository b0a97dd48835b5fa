import { graderFiles, packScript } from "./grader-files.ts";
import { inFolder, settings, type Asked, type Pack } from "./pack.ts";

/** The zip that Gradescope is given as an autograder: its files are at the root, not in a folder. */
export async function gradescopePack(asked: Asked): Promise<Pack> {
  return {
    files: new Map([
      ["setup.sh", packScript("gradescope/setup.sh")],
      ["run_autograder", packScript("gradescope/run_autograder")],
      ...settings(asked),
      ...inFolder("dojo", await graderFiles()),
    ]),
    next: [
      "On Gradescope: Configure Autograder, choose this zip (of a folder: zip its files, not the folder), Ubuntu 22.04.",
      "Learners hand in the exercises folder as a zip, some of its files, or a repository.",
    ],
  };
}
