import { readFileSync, statSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { tooManyBytes } from "../../grading/beside.ts";
import { SubmissionProblem } from "../problem.ts";
import { emptyOf, inOrder, isAdded, type Handed, type HandedFile } from "./handed.ts";

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

/** The largest archive that is read as a whole, in bytes: its entries are then read without a stream for each. */
const LARGEST_IN_MEMORY = 200_000_000;

/**
 * The files in a zip. Names that are absolute or lead elsewhere by `..`, links, and entries with a password are refused.
 *
 * @param from its file or its bytes
 * @param shown its name, for messages
 * @param most how many entries it may have
 * @throws SubmissionProblem if it is no zip, is damaged, or contains something that is refused
 */
export async function openZip(from: string | Buffer, shown: string, most: number): Promise<Archive> {
  const isSmall = typeof from === "string" && statSync(from).size <= LARGEST_IN_MEMORY;
  const source = isSmall ? readFileSync(from) : from;
  const zip = await opened(source, shown);
  const bytes = typeof source === "string" ? undefined : source;
  try {
    const entries = await entriesOf(zip, shown, most);
    const files: HandedFile[] = [];
    const repositories = new Set<string>();
    const folders = new Set<string>();
    for (const { path, entry } of entries) {
      const names = path.split("/");
      const git = names.indexOf(".git");
      if (git >= 0) repositories.add(names.slice(0, git).join("/"));
      if (names.some(isAdded)) continue;
      if (path.endsWith("/")) folders.add(path.slice(0, -1));
      else files.push({ path, read: (most) => readEntry({ zip, bytes, shown }, entry, path, most) });
    }
    return { files: inOrder(unique(files)), repositories, empty: emptyOf(folders, files), close: () => zip.close() };
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

/** An open archive, and its name for messages. */
interface Opened {
  zip: ZipFile;
  /** Undefined if they are not in memory. */
  bytes: Buffer | undefined;
  shown: string;
}

async function readEntry({ zip, bytes, shown }: Opened, entry: Entry, path: string, most: number): Promise<Buffer> {
  if (entry.uncompressedSize > most) {
    throw new SubmissionProblem("too-large", tooManyBytes(path, entry.uncompressedSize, most));
  }
  if (entry.isEncrypted()) {
    throw new SubmissionProblem("broken-zip", `${shown} has a password; ask for a zip without one`);
  }
  try {
    return await (bytes ? entryIn(zip, bytes, entry) : streamed(zip, entry));
  } catch (error) {
    throw brokenOr(error as Error, shown);
  }
}

async function streamed(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await new Promise<NodeJS.ReadableStream>((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => (stream ? resolve(stream) : reject(error)));
  });
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** The two ways to keep an entry that zips are made with. */
const STORED = 0;
const DEFLATED = 8;

/** @throws Error if the entry is longer or shorter than it says, or kept in another way */
async function entryIn(zip: ZipFile, bytes: Buffer, entry: Entry): Promise<Buffer> {
  const { compressionMethod, compressedSize, uncompressedSize } = entry;
  if (uncompressedSize === 0) return Buffer.alloc(0);
  const start = await new Promise<number>((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) => {
      if (header) resolve(header.fileDataStart);
      else reject(error);
    });
  });
  const kept = bytes.subarray(start, start + compressedSize);
  if (compressionMethod !== STORED && compressionMethod !== DEFLATED) throw new Error("another compression");
  const data = compressionMethod === STORED ? kept : inflateRawSync(kept, { maxOutputLength: uncompressedSize });
  if (data.length !== uncompressedSize) throw new Error("another length");
  return data;
}

/** What is said of an archive that cannot be read; the system's own errors stay as they are. */
function brokenOr(error: Error | null, shown: string): Error {
  if ((error as NodeJS.ErrnoException | null)?.syscall !== undefined) return error!;
  return new SubmissionProblem("broken-zip", `${shown} is no zip, or is damaged; ask for it again`);
}
