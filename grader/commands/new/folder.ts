import { readFileSync } from "node:fs";
import path from "node:path";
import { checkerOptions, importPaths } from "../../grading/type-notes.ts";
import { COURSE_FILE, KIT_TYPES, TYPES_FILE } from "../../runner/outside/files.ts";
import { graderFolder, projectRoot, withSlashes } from "../../runner/project.ts";
import type { NewFiles } from "./home.ts";
import { typesText } from "./types.ts";

/** The commands that are typed most, as scripts of the course's folder. */
const commands = "grade watch list quiz hint mistakes diff solution recap play debug reset class check new help".split(
  " ",
);

/** How tensors are computed with: errors name it. Here it has no links to the lessons of our own course. */
const TENSORS = "exercises/TENSORS.md";

/** The files that a folder of a course begins with. */
export function folderFiles(folder: string): NewFiles {
  const files = {
    [COURSE_FILE]: COURSE,
    [TYPES_FILE]: typesText([]),
    "package.json": json(packageOf(folder)),
    "tsconfig.json": json(configuration(folder)),
    ".gitignore": ".progress\n*.old\n*.old-*\nresults/\nplay/\n",
    [TENSORS]: readFileSync(path.join(projectRoot, TENSORS), "utf8").replace(/\[([^\]]*)\]\(\w+\.md[^)]*\)/g, "$1"),
  };
  return new Map(Object.entries(files).map(([name, text]) => [path.join(folder, name), text]));
}

const COURSE = `/** The parts of the course, by number. */
export const course = {} as const;
`;

/** The scripts start the grader from here: the two folders are moved together. */
function packageOf(folder: string): object {
  const start = `node ${withSlashes(path.relative(folder, path.join(graderFolder, "start.cjs")))}`;
  const scripts = Object.fromEntries(commands.map((name) => [name, `${start} ${name} --course .`]));
  return { name: path.basename(folder).toLowerCase(), private: true, type: "module", scripts };
}

/** For editors: where the names come from that code and exercises import. */
function configuration(folder: string): object {
  const grader = withSlashes(path.relative(folder, graderFolder));
  const paths = { ...importPaths(grader), "#kit": [`${grader}/${KIT_TYPES}`], "#course": [`./${TYPES_FILE}`] };
  return { compilerOptions: { ...checkerOptions, paths }, exclude: ["node_modules", "results"] };
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
