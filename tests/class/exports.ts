import { strToU8, zipSync, type Zippable } from "fflate";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { MadeUp } from "./made-up.ts";

/** What systems make of a class, as their own code makes it. Times in the archives are fixed, so that their bytes are. */
const OPTIONS = { level: 1, mtime: new Date("2026-11-20T12:00:00Z") } as const;

export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Uint8Array {
  const entries = Object.entries(files).map(([name, data]): [string, Uint8Array] => {
    return [name, typeof data === "string" ? strToU8(data) : data];
  });
  return zipSync(Object.fromEntries(entries) as Zippable, OPTIONS);
}

/** Canvas: files side by side; what has folders was uploaded as a zip, loose files one by one. */
export function canvasZip(learners: readonly MadeUp[]): Uint8Array {
  const files: Record<string, string | Uint8Array> = {};
  for (const { first, last, number, late, files: own } of learners) {
    // the sortable name in small letters, word characters only
    const name = `${last}, ${first}`.toLowerCase().replace(/[^\p{L}\p{N}_]/gu, "");
    const start = `${name}${late ? "_LATE" : ""}_${number}`;
    const paths = Object.keys(own);
    if (paths.some((file) => file.includes("/"))) files[`${start}_${9 * number}_exercises.zip`] = zipOf(own);
    else if (paths.length === 0) files[`${start}_text.html`] = "<p>nothing</p>";
    else for (const [i, file] of paths.entries()) files[`${start}_${9 * number + i}_${file}`] = own[file]!;
  }
  return zipOf(files);
}

/** Moodle: a folder for each, with the participant's number. */
export function moodleZip(learners: readonly MadeUp[]): Uint8Array {
  const files: Record<string, string> = {};
  for (const { first, last, number, files: own } of learners) {
    const who = `${first} ${last}`.replaceAll("_", " ").replaceAll(/[/\\:*?"<>|]/g, "");
    for (const [file, text] of Object.entries(own)) files[`${who}_${number}_assignsubmission_file/${file}`] = text;
  }
  return zipOf(files);
}

/** Gradescope: a folder for each submission, and a file in Ruby's YAML that says whose they are. */
export function gradescopeZip(learners: readonly MadeUp[]): Uint8Array {
  const files: Record<string, string> = {};
  const entries = learners.map(({ first, last, number, email, received }) => {
    const time = received.replace("T", " ").replace("Z", ".000000000 Z");
    return `submission_${number}:
  :submitters:
  - :name: ${JSON.stringify(`${first} ${last}`)}
    :sid: '${number}'
    :email: ${email}
  :created_at: ${time}
  :score: 3.0
  :status: processed
  :history:
  - :created_at: ${time}
    :results:
      :output: |
        :submitters:
        - :name: somebody else
`;
  });
  files["assignment_7_export/submission_metadata.yml"] = `---\n${entries.join("")}`;
  for (const { number, files: own } of learners) {
    const there = Object.entries(own);
    for (const [file, text] of there) files[`assignment_7_export/submission_${number}/${file}`] = text;
    files[`__MACOSX/assignment_7_export/._submission_${number}`] = "";
  }
  return zipOf(files);
}

/** PrairieLearn: the files of all, each with uid, number, question and submission before its name. */
export function prairieLearnZip(learners: readonly MadeUp[]): Uint8Array {
  const files: Record<string, string | Uint8Array> = {};
  for (const { email, number, files: own } of learners) {
    files[`hw7/${email}_${number}_dojo_${5 * number}_exercises.zip`] = zipOf(own);
  }
  return zipOf(files);
}

/** Clones of Classroom 50's repositories. */
export function classroom50Folder(root: string, learners: readonly MadeUp[]): void {
  for (const { login, files, received } of learners) {
    const whole = Object.entries(files).map(([file, text]) => [`exercises/${file}`, text]);
    writeFiles(path.join(root, `cs-dojo-${login}`), {
      ...(Object.fromEntries(whole) as Record<string, string>),
      ".classroom50.yaml": "classroom: cs\nassignment: dojo\n",
      ".git/HEAD": "ref: refs/heads/main\n",
      "package.json": "{}",
      "result.json": JSON.stringify({ schema: "classroom50/result/v1", datetime: received }),
    });
  }
}

/** Clones of GitHub Classroom's repositories, in the folder that its command makes. */
export function gitHubClassroomFolder(root: string, learners: readonly MadeUp[]): void {
  for (const { login, files } of learners) {
    const clone = path.join(root, "dojo-submissions", `dojo-${login}`);
    const whole = Object.entries(files).map(([file, text]) => [`exercises/${file}`, text]);
    writeFiles(clone, {
      ...(Object.fromEntries(whole) as Record<string, string>),
      ".git/HEAD": "x",
      "package.json": "{}",
    });
  }
}

/** By hand: a folder or a zip for each, called by the login. */
export function byHandFolder(root: string, learners: readonly MadeUp[]): void {
  mkdirSync(root, { recursive: true });
  for (const { login, files, number } of learners) {
    if (number % 2 === 0) writeFiles(path.join(root, login), files);
    else writeFileSync(path.join(root, `${login}.zip`), zipOf(files));
  }
}

/** A gradebook as Canvas exports it. */
export function canvasGradebook(learners: readonly MadeUp[]): string {
  const quoted = (cell: string): string => `"${cell.replaceAll('"', '""')}"`;
  const lines = learners.map(({ first, last, number, login }) =>
    [quoted(`${last}, ${first}`), number, `S${number}`, login, "Section 1", ""].join(","),
  );
  return ["Student,ID,SIS User ID,SIS Login ID,Section,Dojo (77)", "    Points Possible,,,,,45", ...lines, ""].join(
    "\n",
  );
}

/** A system, what its export is recognized as, and how it is written. */
export interface System {
  readonly name: string;
  /** As `class` says it. */
  readonly what: string;
  /** The name of the file or the folder. */
  readonly file: string;
  write(place: string, learners: readonly MadeUp[]): void;
  /** What the system tells people apart by. */
  idOf(learner: MadeUp): string;
}

const numberOf = ({ number }: MadeUp): string => String(number);
const loginOf = ({ login }: MadeUp): string => login;
const asFile =
  (make: (learners: readonly MadeUp[]) => Uint8Array): System["write"] =>
  (place, learners) =>
    writeFileSync(place, make(learners));

/** Everything that exports a class. */
export const systems: readonly System[] = [
  { name: "canvas", what: "a Canvas download", file: "submissions.zip", write: asFile(canvasZip), idOf: numberOf },
  { name: "moodle", what: "a Moodle download", file: "moodle.zip", write: asFile(moodleZip), idOf: numberOf },
  {
    name: "gradescope",
    what: "a Gradescope export",
    file: "assignment_7_export.zip",
    write: asFile(gradescopeZip),
    idOf: numberOf,
  },
  {
    name: "prairielearn",
    what: "a PrairieLearn download",
    file: "hw7_files_for_manual_grading.zip",
    write: asFile(prairieLearnZip),
    idOf: ({ email }) => email,
  },
  {
    name: "classroom50",
    what: "clones of Classroom 50",
    file: "classroom50",
    write: classroom50Folder,
    idOf: loginOf,
  },
  { name: "github", what: "clones of GitHub Classroom", file: "github", write: gitHubClassroomFolder, idOf: loginOf },
  { name: "hand", what: "a folder or a zip for each person", file: "by-hand", write: byHandFolder, idOf: loginOf },
];

function writeFiles(root: string, files: Readonly<Record<string, string>>): void {
  mkdirSync(root, { recursive: true });
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
}
