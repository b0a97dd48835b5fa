import { existsSync, readFileSync, readdirSync, realpathSync, renameSync } from "node:fs";
import path from "node:path";
import type { LastVerdict, LastVerdicts } from "../../grading/progress.ts";
import { projectRoot, withSlashes } from "../../runner/project.ts";
import { hashOfTexts, readableSource } from "../../runner/source.ts";
import { saveWhole } from "../../runner/whole.mjs";

/** Names of files, from the project's folder: by the one that a file had before, the one that it has now. */
export type Moves = ReadonlyMap<string, string>;

/**
 * Does what is left when files have other names: earlier versions beside them (.old, .new) get the same name, and imports
 * of them in the tree's files name them as they are called now.
 *
 * @param folder the tree's, in the project's folder
 */
export function takeAlong(folder: string, moves: Moves): void {
  if (moves.size === 0) return;
  for (const file of filesIn(folder)) {
    const [, stem, ending] = /^(.*?\.ts)(\.(?:old|new)\S*)$/.exec(file) ?? [];
    const moved = stem !== undefined && moves.get(stem);
    const wanted = moved && path.join(projectRoot, moved + ending);
    if (wanted && !existsSync(wanted)) renameSync(path.join(projectRoot, file), wanted);
  }
  for (const file of filesIn(folder).filter((file) => file.endsWith(".ts"))) {
    const text = readFileSync(path.join(projectRoot, file), "utf8");
    const changed = withImportsOf(file, text, moves);
    if (changed !== text) saveWhole(path.join(projectRoot, file), changed);
  }
}

/** The regular files below a folder of the project. */
function filesIn(folder: string): string[] {
  return readdirSync(path.join(projectRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => withSlashes(path.relative(projectRoot, path.join(entry.parentPath, entry.name))));
}

function withImportsOf(file: string, text: string, moves: Moves): string {
  return text.replaceAll(
    /(\bfrom\s*|\bimport\s*)(["'])(\.[^"'\n]*)\2/g,
    (whole, keyword: string, quote: string, wanted: string) => {
      const target = path.posix.join(path.posix.dirname(file), wanted);
      const ending = [".ts", ""].find((ending) => moves.has(target + ending));
      if (ending === undefined) return whole;
      const now = path.posix.relative(path.posix.dirname(file), moves.get(target + ending)!);
      const relative = now.startsWith(".") ? now : `./${now}`;
      return `${keyword}${quote}${relative.slice(0, relative.length - ending.length)}${quote}`;
    },
  );
}

/** The verdicts that are about a tree's files as they are now. */
export function currentVerdicts(folder: string, known: LastVerdicts): LastVerdicts {
  return new Map([...known].filter(([, { files, texts }]) => hashIn(folder, files) === texts));
}

/**
 * Verdicts from before an update, those that were about files which the update has changed or moved: they are about the
 * new texts now, as verdicts of a grader of the past. So a step that passed counts as one that the course has changed,
 * not the learner.
 */
export function verdictsAfter(folder: string, before: LastVerdicts, moves: Moves): LastVerdicts {
  const nameNow = (file: string): string => {
    const moved = moves.get(`${folder}/${file}`);
    return moved === undefined ? file : path.posix.relative(folder, moved);
  };
  return new Map(
    [...before].flatMap(([id, last]): [string, LastVerdict][] => {
      const files = last.files.map(nameNow);
      const texts = hashIn(folder, files);
      return texts === last.texts ? [] : [[id, { ...last, files, texts, grader: "" }]];
    }),
  );
}

function hashIn(folder: string, files: readonly string[]): string {
  const tree = realpathSync(path.join(projectRoot, folder));
  return hashOfTexts(files, (file) => readableSource(tree, file));
}
