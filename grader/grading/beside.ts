import { limits } from "./limits.ts";

/** What an exercise may import besides #tensor and #course: files beside it, in the same tree, whatever bundles them. */

/** The files that can be imported, by the endings of their names. */
export const loadable = [".ts", ".mts", ".js", ".mjs", ".json"] as const;
export type Loadable = (typeof loadable)[number];

/** The ending of a file's name, if such files can be imported. */
export function endingOf(file: string): Loadable | undefined {
  const [, ending] = /[^/](\.[^./]*)$/.exec(file) ?? [];
  return loadable.find((known) => known === ending);
}

/**
 * The files that an import can mean, the first one that exists is meant; none if it leads out of the tree.
 *
 * @param wanted as it is written
 * @param importer the file that it is written in, from the tree's folder
 */
export function filesMeant(wanted: string, importer: string): readonly string[] {
  // a backslash separates folders on one system and is a character of a name on another
  if (!wanted.startsWith(".") || wanted.includes("\\")) return [];
  const file = joined(importer, wanted);
  if (file === undefined || file.length > limits.sourcePath) return [];
  const names = [file, file.replace(/\.js$/, ".ts"), `${file}.ts`, `${file}.js`, `${file}/index.ts`];
  return names.filter((name) => endingOf(name) !== undefined);
}

/** The path of a file as seen from another one's folder, without dots; undefined if it leads out of the tree. */
function joined(importer: string, wanted: string): string | undefined {
  const names = importer.split("/").slice(0, -1);
  for (const name of wanted.split("/")) {
    if (name === "..") {
      if (names.pop() === undefined) return undefined;
    } else if (name !== "." && name !== "") names.push(name);
  }
  return names.join("/") + (wanted.endsWith("/") ? "/" : "");
}

/** Which limit an exercise exceeds with what it imports, if any. */
export function beyondLimits(imports: number, files: number, characters: number): string | undefined {
  if (imports > limits.sourceImports) return `there are more than ${limits.sourceImports} imports`;
  if (files > limits.sourceFiles) return `more than ${limits.sourceFiles} files are imported`;
  return characters > limits.bundleCharacters ? TOO_LARGE : undefined;
}

export const TOO_LARGE = `it and the files it imports are more than ${limits.bundleCharacters / 1e6} million characters together`;

/** What is said of an import whose name is an expression. */
export const COMPUTED = 'the name of an import is computed; write it out, as in import { f } from "./beside.ts"';

export function cannotImport(wanted: string): string {
  return `cannot import "${wanted}"; an exercise may import #tensor, #course and files beside it`;
}

/** What is said of a file that has more bytes than are read. */
export function tooManyBytes(file: string, bytes: number, most: number = limits.sourceBytes): string {
  return `${file} has ${bytes} bytes, more than the ${most} that are read`;
}
