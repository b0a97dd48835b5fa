import yauzl, { type Entry, type ZipFile } from "yauzl";
import { tooManyBytes } from "../../grading/beside.ts";
import { SubmissionProblem } from "../problem.ts";
import { inOrder, isAdded, type Handed, type HandedFile } from "./handed.ts";

/** An open archive: nothing of it is unpacked before it is read, and nothing is written to the disk. */
export interface Archive extends Handed {
  close(): void;
}

const OPTIONS: yauzl.Options = {
  lazyEntries: true,
  autoClose: false,
  // names are checked here, one by one: a single bad one should not hide the others
  decodeStrings: false,
  // an entry ends with an error as soon as it is longer than it says
  validateEntrySizes: true,
};

/**
 * The files in a zip. Names that are absolute or lead elsewhere by `..`, links, and entries with a password are refused.
 *
 * @param from its file or its bytes
 * @param shown its name, for messages
 * @param most how many entries it may have
 * @throws SubmissionProblem if it is no zip, is damaged, or contains something that is refused
 */
export async function openZip(from: string | Buffer, shown: string, most: number): Promise<Archive> {
  const zip = await opened(from, shown);
  try {
    const entries = await entriesOf(zip, shown, most);
    const files: HandedFile[] = [];
    const repositories = new Set<string>();
    for (const { path, entry } of entries) {
      const names = path.split("/");
      const git = names.indexOf(".git");
      if (git >= 0) repositories.add(names.slice(0, git).join("/"));
      if (path.endsWith("/") || names.some(isAdded)) continue;
      files.push({ path, read: (most) => readEntry(zip, entry, { path, shown }, most) });
    }
    return { files: inOrder(unique(files)), repositories, close: () => zip.close() };
  } catch (error) {
    zip.close();
    throw error;
  }
}

function opened(from: string | Buffer, shown: string): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, zip?: ZipFile): void => {
      if (zip) resolve(zip);
      else reject(brokenOr(error, shown));
    };
    if (typeof from === "string") yauzl.open(from, OPTIONS, done);
    else yauzl.fromBuffer(from, OPTIONS, done);
  });
}

interface NamedEntry {
  path: string;
  entry: Entry;
}

function entriesOf(zip: ZipFile, shown: string, most: number): Promise<NamedEntry[]> {
  if (zip.entryCount > most) {
    const message = `${shown} has ${zip.entryCount} entries, more than the ${most} that are read; ask for one without node_modules and .git`;
    return Promise.reject(new SubmissionProblem("too-large", message));
  }
  return new Promise((resolve, reject) => {
    const found: NamedEntry[] = [];
    zip.on("error", (error: Error) => reject(brokenOr(error, shown)));
    zip.on("end", () => resolve(found));
    zip.on("entry", (entry: Entry) => {
      try {
        found.push(checked(entry, shown));
        zip.readEntry();
      } catch (error) {
        reject(error);
      }
    });
    zip.readEntry();
  });
}

/** The type of a file in the upper half of what Unix keeps of it. */
const TYPE = 0o170000;
const LINK = 0o120000;

/** @throws SubmissionProblem if the entry is refused */
function checked(entry: Entry, shown: string): NamedEntry {
  const { generalPurposeBitFlag, extraFields, externalFileAttributes } = entry;
  const raw = entry.fileName as unknown as Buffer;
  const refuse = (what: string): never => {
    throw new SubmissionProblem("unsafe-zip", `${shown} ${what}; ask for a zip of the exercises folder alone`);
  };
  // with / instead of \, as some programs on Windows write
  const path = yauzl.getFileNameLowLevel(generalPurposeBitFlag, raw, extraFields, false);
  if (path.length > LONGEST_PATH) refuse("has a file whose path is too long");
  if (yauzl.validateFileName(path) !== null || path.includes("\0")) {
    refuse("has a file whose path leads out of it");
  }
  if (((externalFileAttributes >>> 16) & TYPE) === LINK) refuse("has a link in it");
  return { path: path.split("/").filter(isName).join("/") + (path.endsWith("/") ? "/" : ""), entry };
}

const LONGEST_PATH = 1_000;

/** Whether a part of a path is a name: a//b and ./a/b are a/b. */
function isName(part: string): boolean {
  return part !== "" && part !== ".";
}

/** The last of several entries with one path: programs that update an archive append to it. */
function unique(files: readonly HandedFile[]): HandedFile[] {
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

/** @param names the entry's and the archive's, for messages */
async function readEntry(
  zip: ZipFile,
  entry: Entry,
  { path, shown }: { path: string; shown: string },
  most: number,
): Promise<Buffer> {
  if (entry.uncompressedSize > most) {
    throw new SubmissionProblem("too-large", tooManyBytes(path, entry.uncompressedSize, most));
  }
  if (entry.isEncrypted()) {
    throw new SubmissionProblem("broken-zip", `${shown} has a password; ask for a zip without one`);
  }
  try {
    const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
      zip.openReadStream(entry, (error, stream) => (stream ? resolve(stream) : reject(error)));
    });
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    return Buffer.concat(parts);
  } catch (error) {
    throw brokenOr(error as Error, shown);
  }
}

/** What is said of an archive that cannot be read; the system's own errors stay as they are. */
function brokenOr(error: Error | null, shown: string): Error {
  if (error && (error as NodeJS.ErrnoException).syscall !== undefined) return error;
  return new SubmissionProblem("broken-zip", `${shown} is no zip, or is damaged; ask for it again`);
}
