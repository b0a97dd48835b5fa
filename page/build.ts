import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { requiredSteps, steps } from "../grader/course/steps.ts";
import { lessonFile } from "../grader/kit/lesson.ts";
import type { Step } from "../grader/kit/step.ts";
import { makeFolder } from "../grader/runner/folder.mjs";
import { bundleOwn } from "../grader/runner/program.mjs";
import { projectRoot } from "../grader/runner/project.ts";
import { graderSources, hashOfSources } from "../grader/runner/sources.mjs";
import { hasSolutions } from "../grader/runner/workspace/stubs.ts";
import { kilobytes, sizesOf, type SiteFile, type Sizes, type When } from "./build/budgets.ts";
import { courseDigest, languageNames, lectureData, names, stubsOf } from "./build/data.ts";
import { lessons } from "./build/lessons.ts";
import { minified } from "./build/minify.ts";
import { operations } from "./build/operations.ts";
import { frameDocument, pagePolicy, policyElement } from "./build/policies.ts";
import { workshopTexts } from "./build/texts.ts";
import { unreadByGrading, unreadByPeople, type Unread } from "./build/lean.ts";
import { TENSORS } from "./build/tensors.ts";
import { BEYOND_MODULE, withGivenTensors, withLeanTree, withTensors } from "./build/tree.ts";
import { typeScript } from "./build/types.ts";
import { packedLessons } from "./packed/lessons.ts";
import { packedNames } from "./packed/names.ts";
import { packedTexts } from "./packed/text.ts";
import { packed } from "./workshop/packed.ts";
import type { BeyondDigest, Lesson, Site, SiteTypes } from "./site.ts";
import type { CourseTexts } from "./workshop/texts.ts";

/** Builds the static site: its files, and their sizes. */

/** What every script is made with. */
const flags = ["--minify", "--target=es2023", "--platform=browser", "--main-fields=module,main"];
/** Next to learner code, functions and classes keep their names, which printed values show. */
const named = ["--keep-names"];

/** An empty file of each site, by which a folder is known to hold one; it also tells GitHub Pages to serve all files. */
const MARK = ".nojekyll";

/** What determines the site, from the project's root. */
export const pageSources = ["page", "exercises", hasSolutions() ? "solutions" : "stubs", ...graderSources];

/**
 * Writes the site into a folder, which is emptied first.
 *
 * @param main the module that the page begins with, from the project's root
 * @throws Error if a script does not compile
 */
export function buildPage(folder: string, main = "page/app/main.ts"): Sizes {
  const files: SiteFile[] = [];
  const add = (name: string, when: When, contents: string | Uint8Array): string => {
    const bytes = typeof contents === "string" ? Buffer.from(contents) : contents;
    if (!files.some((file) => file.name === name)) files.push({ name, when, bytes });
    return name;
  };
  /** Adds a file with a hash of its contents in its name: it never changes, so that browsers may keep it for ever. */
  const addHashed = (name: string, when: When, contents: string | Uint8Array): string => {
    const { name: base, ext } = path.parse(name);
    return add(`${base}-${shortHash(contents)}${ext}`, when, contents);
  };

  const frameScript = script(projectRoot, "page/frame/inner.ts").trim();
  const ofNames = names();
  const beyond = steps.filter(isBeyond);
  const ofWorkshop = workshopTexts((step) => !isBeyond(step));
  const ofWorkshopBeyond = workshopTexts(isBeyond);
  const filesBeyond = new Set(beyond.map(lessonFile));
  const pictures: Record<string, string> = {};
  const picturesBeyond: typeof pictures = {};
  const ofLessons = lessons((name, drawing, file) => {
    const all = filesBeyond.has(file) ? picturesBeyond : pictures;
    if ((all[name] ??= drawing) !== drawing) throw new Error(`two pictures are called ${name}`);
    return name;
  });
  const [lessonsBeyond, lessonsOfLecture] = parted(ofLessons, ({ file }) => filesBeyond.has(file));
  const filesOf = (some: readonly Lesson[]): string[] => some.map(({ file }) => file);
  const parts = {
    tensors: addHashed(
      "tensors.js",
      "first",
      withTensors((root) => script(root, TENSORS, {}, named)),
    ),
    library: addHashed(
      "library.js",
      "first",
      withGivenTensors((root) => script(root, "page/frame/learner.ts", { LANGUAGE: languageNames() }, named)),
    ),
    lecture: addHashed("lecture.json", "first", JSON.stringify(lectureData())),
    names: addHashed("names.packed", "offline", packedNames(ofNames.toString())),
    namesSha256: createHash("sha256").update(ofNames).digest("hex"),
    stubs: addHashed("stubs.json", "first", JSON.stringify(stubsOf(requiredSteps))),
    operations: addHashed("operations.json", "editor", JSON.stringify(operations())),
    course: addHashed(
      "course.json",
      "first",
      JSON.stringify(courseDigest(requiredSteps, filesOf(lessonsOfLecture), ofWorkshop)),
    ),
    beyond: addHashed(
      "beyond.json",
      "beyond",
      JSON.stringify({
        course: courseDigest(beyond, filesOf(lessonsBeyond), ofWorkshopBeyond),
        stubs: stubsOf(beyond),
      } satisfies BeyondDigest),
    ),
  };
  const types = typesWith(addHashed);
  const identity = hashOfSources(projectRoot, ["page", ...graderSources]);
  const ofGrader = { SITE: parts, GRADER_IDENTITY: identity };
  const grader = addModules("page/grader/worker.ts", unreadByGrading, ofGrader, add, `./${parts.tensors}`);
  const textFile = (lessons: readonly Lesson[], ofWorkshop: CourseTexts): Uint8Array => {
    const [signs, packedOfLessons] = packedLessons(lessons);
    const texts = [signs, ...packedOfLessons, packed(ofWorkshop)];
    return packedTexts(texts.map((text) => JSON.stringify(text)));
  };
  const site: Site = {
    ...parts,
    types,
    grader,
    texts: addHashed("texts.packed", "offline", textFile(lessonsOfLecture, ofWorkshop)),
    textsBeyond: addHashed("beyond.packed", "beyond", textFile(lessonsBeyond, ofWorkshopBeyond)),
    // they repeat themselves so much that gzip packs them almost as well, and the browser unpacks that at once
    pictures: addHashed("pictures.json", "offline", alikeTogether(pictures)),
    picturesBeyond: addHashed("pictures.json", "beyond", alikeTogether(picturesBeyond)),
    unpacker: addHashed("unpacker.js", "offline", script(projectRoot, "page/packed/text-worker.ts")),
    workshopStyle: addHashed("workshop.css", "offline", styleSheet("page/workshop/workshop.css")),
    ladderStyle: addHashed("ladder.css", "offline", styleSheet("page/ladder/ladder.css")),
  };
  const mathFont = addHashed("math.woff2", "offline", readFileSync(path.join(projectRoot, "page/fonts/math.woff2")));
  const style = addHashed("page.css", "first", styleSheet("page/app/page.css").replace("MATH_FONT", mathFont));
  const ofPage = { SITE: site, FRAME_DOCUMENT: frameDocument(frameScript) };
  const begin = addModules(main, unreadByPeople, ofPage, add);
  const icon = addHashed("icon.svg", "offline", readFileSync(path.join(projectRoot, "page/icon.svg")));
  const manifest = addHashed("page.webmanifest", "offline", manifestOf(icon));
  add("index.html", "first", pageDocument(frameScript, { begin, style, icon, manifest }));
  add("offline.js", "offline", offlineScript(files));

  rmSync(folder, { recursive: true, force: true });
  makeFolder(folder);
  for (const { name, bytes } of files) writeFileSync(path.join(folder, name), bytes);
  writeFileSync(path.join(folder, MARK), "");
  return sizesOf(files);
}

/** Drawings by name as JSON, those next to each other that begin alike: gzip sees no further than 32 kB back. */
function alikeTogether(drawings: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(drawings).toSorted(([, a], [, b]) => (a < b ? -1 : 1));
  return JSON.stringify(Object.fromEntries(sorted));
}

function isBeyond({ isOptional }: Step): boolean {
  return isOptional === true;
}

/** Those that are, and those that are not. */
function parted<X>(all: readonly X[], is: (one: X) => boolean): [X[], X[]] {
  return [all.filter(is), all.filter((one) => !is(one))];
}

/** Adds the type checker. */
function typesWith(add: (name: string, when: When, contents: string) => string): SiteTypes | undefined {
  const made = typeScript();
  if (!made) return undefined;
  return {
    worker: add("types.js", "types", made.worker),
    library: add("types.json", "types", made.library),
    megabytes: ((kilobytes(made.worker) + kilobytes(made.library)) / 1000).toFixed(1),
  };
}

/** One of our own files and all that it imports, as a classic script. */
function script(
  root: string,
  entry: string,
  defined: Readonly<Record<string, unknown>> = {},
  more: readonly string[] = [],
): string {
  const code = bundleOwn(root, entry, ["--format=iife", ...flags, ...more, ...defines(defined)]);
  return minified(`${path.basename(entry, ".ts")}.js`, code, "script");
}

function defines(defined: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(defined).map(([name, value]) => `--define:${name}=${JSON.stringify(value)}`);
}

/** The service worker: it keeps everything at once, but what is fetched only when it is wanted. */
function offlineScript(files: readonly SiteFile[]): string {
  const namesOf = (wanted: boolean): string[] =>
    files.filter(({ when }) => (when === "types") === wanted).map(({ name }) => name);
  const version = shortHash(JSON.stringify(files.map(({ name, bytes }) => [name, shortHash(bytes)])));
  return script(projectRoot, "page/offline.ts", { FILES: namesOf(false), WANTED: namesOf(true), VERSION: version });
}

/** What a system needs to show the page as a program of its own. Paths are relative, so that it works at any address. */
function manifestOf(icon: string): string {
  return JSON.stringify({
    name: "Backprop Dojo",
    short_name: "Backprop Dojo",
    description: "Write the backward pass of a small neural network by hand.",
    start_url: "./",
    scope: "./",
    display: "standalone",
    background_color: "#0d1117",
    theme_color: "#0d1117",
    icons: [{ src: icon, sizes: "any", type: "image/svg+xml" }],
  });
}

/** What esbuild says of the files that it wrote. */
interface Metafile {
  outputs: Record<string, { entryPoint?: string; imports: { path: string; kind: string }[] }>;
}

/**
 * Adds a module and those that it imports. What is imported by import() is a file of its own, which is not needed for the
 * first grade: those of page/editor are the editor's.
 *
 * @param tensors the script of tensors, if the module computes with them
 * @returns the name of the module
 */
function addModules(
  main: string,
  unread: Unread,
  defined: Readonly<Record<string, unknown>>,
  add: (name: string, when: When, contents: Uint8Array) => void,
  tensors?: string,
): string {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-page-"));
  try {
    const metafile = path.join(folder, "metafile.json");
    const out = path.join(folder, "out");
    const made = [
      "--format=esm",
      "--splitting",
      `--outdir=${out}`,
      "--entry-names=[name]-[hash]",
      "--chunk-names=[name]-[hash]",
      `--metafile=${metafile}`,
      ...flags,
      ...defines(defined),
    ];
    withLeanTree(unread, tensors, (root, more) => bundleOwn(root, main, [...made, ...more]));
    const { outputs } = JSON.parse(readFileSync(metafile, "utf8")) as Metafile;
    const begin = Object.keys(outputs).find((file) => outputs[file]!.entryPoint === main)!;
    const first = withImports(outputs, begin);
    const editor = Object.keys(outputs).filter((file) => outputs[file]!.entryPoint?.startsWith("page/editor/"));
    const ofEditor = new Set(editor.flatMap((file) => [...withImports(outputs, file)]));
    const ofCourse = reached(outputs, begin, (to) => outputs[to]!.entryPoint !== BEYOND_MODULE);
    for (const file of Object.keys(outputs)) {
      const when = first.has(file)
        ? "first"
        : ofEditor.has(file)
          ? "editor"
          : ofCourse.has(file)
            ? "offline"
            : "beyond";
      const name = path.basename(file);
      add(name, when, Buffer.from(minified(name, readFileSync(path.join(out, name), "utf8"), "module")));
    }
    return path.basename(begin);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file and those that it imports by statements, directly or indirectly. */
function withImports(outputs: Metafile["outputs"], file: string): ReadonlySet<string> {
  return reached(outputs, file, (_, kind) => kind === "import-statement");
}

/** A file and those that it imports, directly or indirectly, as far as imports are followed. */
function reached(
  outputs: Metafile["outputs"],
  file: string,
  isFollowed: (to: string, kind: string) => boolean,
): ReadonlySet<string> {
  const found = new Set([file]);
  for (const one of found) {
    for (const { path, kind } of outputs[one]?.imports ?? []) {
      if (path in outputs && isFollowed(path, kind)) found.add(path);
    }
  }
  return found;
}

/** A style sheet and those that it imports. */
function styleSheet(entry: string): string {
  return bundleOwn(projectRoot, entry, ["--minify", "--external:MATH_FONT"]);
}

/** The names of the files that the document names. */
type Named = Readonly<Record<"begin" | "style" | "icon" | "manifest", string>>;

function pageDocument(frameScript: string, { begin, style, icon, manifest }: Named): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
${policyElement(pagePolicy(frameScript))}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Backprop Dojo</title>
<link rel="icon" type="image/svg+xml" href="${icon}">
<link rel="manifest" href="${manifest}">
<link rel="stylesheet" href="${style}">
<body><noscript>The course runs in your browser: allow JavaScript for this page.</noscript></body>
<script type="module" src="${begin}"></script>
</html>
`;
}

/** Whether a folder can be replaced by the site: it is new or empty, or holds an earlier one. */
export function isOfPage(folder: string): boolean {
  if (!existsSync(folder)) return true;
  const names = readdirSync(folder);
  return names.length === 0 || names.includes(MARK);
}

function shortHash(contents: string | Uint8Array): string {
  return createHash("sha256").update(contents).digest("hex").slice(0, 10);
}
