import { moved, topOf, type Handed, type HandedFile } from "../handed/handed.ts";
import { namedFiles } from "./download.ts";
import { person, UNDATED, type Found, type Recognized } from "./found.ts";

/** A file of PrairieLearn's download: uid, further fields by kind of download, the submission's number, the file's name. */
const FILE = /^(?<uid>[^_/]+@[^_/]+)_(?:[^/]*_)?(?<number>\d+)_(?<rest>[^/]+)$/su;
/** The zip of files that PrairieLearn makes for manual grading, or of final, best or all submissions. */
export function recognizePrairieLearn(handed: Handed): Recognized | undefined {
  const { files, folders } = topOf(handed);
  const named = namedFiles(files, FILE, folders.size);
  if (!named) return undefined;
  // a download of all submissions has several of a person
  const found = new Map<string, Found & { files: HandedFile[] }>();
  for (const { file, parts } of named.fitting) {
    const { uid = "", number = "", rest = "" } = parts;
    const name = `${uid}_${number}`;
    const people = [person(uid, { email: uid })];
    const one = found.get(name) ?? {
      ...UNDATED,
      name,
      people,
      source: "prairielearn",
      order: Number(number),
      files: [],
    };
    one.files.push(moved(file, rest));
    found.set(name, one);
  }
  const passedOver = [...named.others, ...folders.keys()];
  return { what: "a PrairieLearn download", found: [...found.values()], passedOver };
}
