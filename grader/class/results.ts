import { readFileSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { jsonText } from "../report/json.ts";
import { makeFolder } from "../runner/folder.mjs";
import { saveWhole } from "../runner/whole.mjs";
import type { Shard } from "./shard.ts";
import type { ClassDocument, SubmissionRecord } from "./record.ts";

/** The name of the file with the settings of the class. */
const CLASS = "class.json";

/** A folder of result files, one for each submission. Each is complete or missing, whenever the process ends. */
export class Results {
  readonly folder: string;

  /** @throws the system's error if the folder cannot be made */
  constructor(folder: string) {
    this.folder = folder;
    makeFolder(folder);
  }

  /** The result of a submission; undefined if there is none, or if it is not one of ours. */
  read(id: string): SubmissionRecord | undefined {
    try {
      const read: unknown = JSON.parse(readFileSync(this.#fileOf(id), "utf8"));
      return isRecord(read) ? read : undefined;
    } catch {
      return undefined;
    }
  }

  /** @throws the system's error if it cannot be written */
  write(record: SubmissionRecord): void {
    saveWhole(this.#fileOf(record.submission.id), jsonText(record));
  }

  /**
   * Every shard writes it: the last one's stays.
   *
   * @param shard who writes it, undefined for a class that is not in shards
   * @throws the system's error if it cannot be written
   */
  writeClass(document: ClassDocument, shard: Shard | undefined): void {
    saveWhole(path.join(this.folder, CLASS), jsonText(document), writerOf(shard));
  }

  /**
   * Removes what was left when a process was killed while it wrote: of these submissions alone, and of what this shard
   * writes of the class, because other shards may be writing theirs.
   */
  tidy(ids: readonly string[], shard: Shard | undefined): void {
    const own = new Set(ids.map((id) => `${id}.json`));
    for (const name of readdirSync(this.folder)) {
      const [, file, writer] = /^(.+)\.(\w+)-[0-9a-f]+\.part$/.exec(name) ?? [];
      const isOwn = file === CLASS ? writer === writerOf(shard) : file !== undefined && own.has(file);
      if (isOwn) rmSync(path.join(this.folder, name), { force: true });
    }
  }

  #fileOf(id: string): string {
    return path.join(this.folder, `${id}.json`);
  }
}

function writerOf(shard: Shard | undefined): string {
  return shard ? `${shard.index}_of_${shard.count}` : "all";
}

/** Whether a file has what is read of it here: somebody may have put another there. */
function isRecord(read: unknown): read is SubmissionRecord {
  const { schema, submission, steps } = (read ?? {}) as Partial<SubmissionRecord>;
  return schema === "backprop-dojo/result/v1" && typeof submission?.key === "string" && Array.isArray(steps);
}
