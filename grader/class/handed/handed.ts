/** A file that was handed in. Its name can be anything. */
export interface HandedFile {
  /** From where it is looked at, with forward slashes; never absolute, without `..`. */
  path: string;
  /**
   * Its bytes.
   *
   * @throws SubmissionProblem if there are more than `most`, or if it cannot be read
   */
  read(most: number): Promise<Buffer>;
}

/** Files that were handed in together: in a folder, or in an archive. */
export interface Handed {
  /** By path, in order. */
  files: readonly HandedFile[];
  /** The folders that are git repositories. */
  repositories: ReadonlySet<string>;
  /** The folders in which no file can be read: they are empty, hold nothing but links, or may not be opened. */
  empty: ReadonlySet<string>;
}

/** What systems, browsers and tools add; nobody's work. */
const ADDED: ReadonlySet<string> = new Set([
  "__MACOSX",
  ".DS_Store",
  ".git",
  ".idea",
  ".svn",
  ".vscode",
  "Thumbs.db",
  "desktop.ini",
  "node_modules",
]);

/** Whether a file or folder of that name is passed over, with everything in it. */
export function isAdded(name: string): boolean {
  return ADDED.has(name) || name.startsWith("._");
}

/** Files by path, whatever order a system lists them in. */
export function inOrder(files: readonly HandedFile[]): HandedFile[] {
  return files.toSorted((a, b) => compare(a.path, b.path));
}

/** Of some folders, those in which there is no file, at any depth. */
export function emptyOf(folders: Iterable<string>, files: readonly HandedFile[]): Set<string> {
  const holding = new Set<string>();
  for (const { path } of files) {
    for (let folder = folderOf(path); folder !== "" && !holding.has(folder); folder = folderOf(folder)) {
      holding.add(folder);
    }
  }
  return new Set([...folders].filter((folder) => folder !== "" && !holding.has(folder)));
}

/** An order of texts that is the same on every machine. */
export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What is in a folder of what was handed in, seen from there. */
export function below({ files, repositories, empty }: Handed, folder: string): Handed {
  const prefix = `${folder}/`;
  const inside = (folders: ReadonlySet<string>): string[] =>
    [...folders].flatMap((one) => (one.startsWith(prefix) ? [one.slice(prefix.length)] : []));
  return {
    files: files.flatMap((file) => (file.path.startsWith(prefix) ? [moved(file, file.path.slice(prefix.length))] : [])),
    repositories: new Set([...(repositories.has(folder) ? [""] : []), ...inside(repositories)]),
    empty: new Set(inside(empty)),
  };
}

/** The same file under another path. */
export function moved(file: HandedFile, path: string): HandedFile {
  return { path, read: (most) => file.read(most) };
}

/** What is at the top: folders with what is in them, seen from there, and files. */
export interface Top {
  folders: ReadonlyMap<string, Handed>;
  files: readonly HandedFile[];
}

/** What is in a folder, as it is gathered. */
interface Gathered extends Handed {
  files: HandedFile[];
  repositories: Set<string>;
  empty: Set<string>;
}

export function topOf({ files, repositories, empty }: Handed): Top {
  const folders = new Map<string, Gathered>();
  const gatheredIn = (name: string): Gathered => {
    const found = folders.get(name) ?? { files: [], repositories: new Set(), empty: new Set() };
    folders.set(name, found);
    return found;
  };
  for (const file of files) {
    const end = file.path.indexOf("/");
    if (end >= 0) gatheredIn(file.path.slice(0, end)).files.push(moved(file, file.path.slice(end + 1)));
  }
  for (const kind of ["repositories", "empty"] as const) {
    for (const one of { repositories, empty }[kind]) {
      const [name = "", ...rest] = one.split("/");
      if (name !== "") gatheredIn(name)[kind].add(rest.join("/"));
    }
  }
  return { folders, files: files.filter(({ path }) => !path.includes("/")) };
}

/** A path's last name. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** The folder that a path is in; "" at the top. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
}
