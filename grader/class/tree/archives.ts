import { moved, nameOf, type Handed, type HandedFile } from "../handed/handed.ts";
import { openZip } from "../handed/zip.ts";
import { handedLimits } from "../limits.ts";

/** What was handed in, with the files of its archives in their place. */
export interface Unpacked {
  files: HandedFile[];
  close(): void;
}

export function isZip(path: string): boolean {
  return /\.zip$/i.test(path);
}

/**
 * Opens the archives in what was handed in. Archives in these are left as they are.
 *
 * @throws SubmissionProblem if one of them cannot be read: a part of the work may be in it
 */
export async function unpacked({ files }: Pick<Handed, "files">): Promise<Unpacked> {
  const found: HandedFile[] = files.filter(({ path }) => !isZip(path));
  const close: (() => void)[] = [];
  const unpacked = { files: found, close: () => close.forEach((one) => one()) };
  let left: number = handedLimits.bytes;
  try {
    for (const file of files.filter(({ path }) => isZip(path))) {
      const bytes = await file.read(Math.min(left, handedLimits.archiveBytes));
      left -= bytes.length;
      const archive = await openZip(bytes, nameOf(file.path), handedLimits.archiveEntries);
      close.push(() => archive.close());
      const folder = file.path.replace(/\.zip$/i, "");
      found.push(...archive.files.map((one) => moved(one, `${folder}/${one.path}`)));
    }
    return unpacked;
  } catch (error) {
    unpacked.close();
    throw error;
  }
}
