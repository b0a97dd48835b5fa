import { graderFiles, packScript } from "./grader-files.ts";
import { inFolder, settings, type Asked, type Pack } from "./pack.ts";

/** The bundle of an assignment in Classroom 50: CLASSROOM/autograders/ASSIGNMENT in the teacher's repository. */
export async function classroom50Pack(asked: Asked): Promise<Pack> {
  return {
    files: new Map([
      ["autograder.py", packScript("classroom50/autograder.py")],
      ...settings(asked),
      ...inFolder("dojo", await graderFiles()),
    ]),
    next: [
      "In the classroom50 repository, this is the folder CLASSROOM/autograders/ASSIGNMENT: commit it there.",
      'The assignment\'s runtime needs Node: {"node": "24"}.',
    ],
  };
}
