import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { parts, steps } from "../../course/steps.ts";
import { projectRoot } from "../../runner/project.ts";
import { filesBelow, hasSolutions, stubOf } from "../../runner/workspace/stubs.ts";
import { isPicture } from "../../runner/workspace/pictures.ts";
import { pages } from "../check.ts";
import { attempt } from "../git.ts";
import { textFile, type Asked, type Pack, type PackedFile } from "./pack.ts";

/** What the course consists of, from its root. Whatever else is there is the instructor's own. */
export const ofTheCourse = [
  ".devcontainer",
  ".editorconfig",
  ".gitattributes",
  ".github",
  ".gitignore",
  ".npmrc",
  ".oxlintrc.json",
  ".prettierignore",
  ".prettierrc.json",
  ".vscode",
  "CONTRIBUTING.md",
  "LICENSE",
  "README.md",
  "data",
  "docs",
  "exercises",
  "grader",
  "package-lock.json",
  "package.json",
  "page",
  "recipes",
  "simd",
  "tools",
  "tsconfig.json",
] as const;

/** The solutions, and what contains answers or needs them: tests, benches, and the workflow that runs both. */
export const withSolutions = [
  ".ci",
  ".github/workflows/ci.yml",
  "bench",
  "solutions",
  "tests",
  "vitest.config.ts",
] as const;

const EXERCISES = "exercises/";

/** The learners' repository: the course with untouched exercises, whatever the instructor's own exercises hold. */
export function coursePack(asked: Asked): Pack {
  const withoutSolutions = asked.withoutSolutions || !hasSolutions();
  const files = new Map<string, PackedFile>();
  for (const file of courseFiles()) {
    const isOfSolutions = withSolutions.some((entry) => isIn(file, entry));
    if (isOfSolutions ? !withoutSolutions : ofTheCourse.some((entry) => isIn(file, entry))) {
      files.set(file, packed(file));
    }
  }
  for (const step of steps) {
    const stub = textFile(stubOf(step));
    files.set(`${EXERCISES}${step.file}`, stub);
    if (withoutSolutions) files.set(`stubs/${step.file}`, stub);
  }
  if (withoutSolutions) {
    change(files, "package.json", scriptsWithoutTests);
    change(files, "README.md", commandsWithoutTests);
  }
  return { files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))), next: NEXT };
}

const NEXT = [
  "This is the learners' repository: git init and commit it there, and mark it as a template on GitHub.",
  "To update it, empty it (git rm -r .), write the next pack into it, and commit; learners then run npm run update.",
];

function isIn(file: string, entry: string): boolean {
  return file === entry || file.startsWith(`${entry}/`);
}

/** The course's files: those that git knows or, in a copy without git, those that are there. Exercises are only their lessons. */
function courseFiles(): string[] {
  const tracked = attempt("ls-files", "-z")
    ?.split("\0")
    .filter((file) => existsSync(path.join(projectRoot, file)));
  const all = tracked && tracked.length > 1 ? tracked : [...ofTheCourse, ...withSolutions].flatMap(filesOf);
  return all.filter((file) => file !== "" && (!file.startsWith(EXERCISES) || isOfLesson(file.slice(EXERCISES.length))));
}

function filesOf(entry: string): string[] {
  const found = statSync(path.join(projectRoot, entry), { throwIfNoEntry: false });
  if (!found) return [];
  if (found.isFile()) return [entry];
  const files = filesBelow(path.join(projectRoot, entry)).map((file) => `${entry}/${file}`);
  return files.filter((file) => !/(?:^|\/)(?:node_modules|\.git)\/|\.(?:old|new)(?:-\d+)?$/.test(file));
}

/** Whether a file of exercises/ is a lesson, a page, a picture or the editor's setting. */
function isOfLesson(file: string): boolean {
  const lessons = Object.values(parts).map((part) => `${part}/README.md`);
  return [...lessons, ...pages, "tsconfig.json"].includes(file) || isPicture(file);
}

function packed(file: string): PackedFile {
  const whole = path.join(projectRoot, file);
  const isProgram = (statSync(whole).mode & 0o111) !== 0 || file.endsWith(".sh");
  return { bytes: readFileSync(whole), isProgram };
}

function change(files: Map<string, PackedFile>, file: string, how: (text: string) => string): void {
  const { bytes, isProgram } = files.get(file)!;
  files.set(file, textFile(how(new TextDecoder().decode(bytes)), isProgram));
}

/** The scripts of package.json where there are no tests: npm test lets the course check itself. */
function scriptsWithoutTests(text: string): string {
  const manifest = JSON.parse(text) as { scripts: Record<string, string> };
  const { bench: _bench, "test:thorough": _thorough, ...scripts } = manifest.scripts;
  const typecheck = scripts["typecheck"]!.replace(/ && [^&]* --project tests\/page$/, "");
  return `${JSON.stringify({ ...manifest, scripts: { ...scripts, test: scripts["check"], typecheck } }, null, 2)}\n`;
}

/** The README's table of commands, without those that are not there. */
function commandsWithoutTests(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^\| `npm (?:run bench|test)`/.test(line))
    .join("\n");
}
