import { moved, topOf, type Handed, type HandedFile } from "../handed/handed.ts";
import { namedFiles } from "./download.ts";
import { person, type Found, type Recognized } from "./found.ts";

/**
 * A file of a Canvas download: the name without spaces and signs, LATE, the student's id, the file's id, and the name that
 * it was uploaded under. Without names, the id is five letters behind anon_. A text or a link has no file's id.
 */
const FILE =
  /^(?:(?<name>.*?)_)?(?:(?<late>LATE)_)?(?<id>\d+|anon_[A-Za-z0-9]{5})_(?:(?<file>\d+)_(?<rest>.+)|(?<typed>(?:text|link)\.html))$/su;

/** The zip that Canvas makes of an assignment's submissions: files of all students side by side, none in a folder. */
export function recognizeCanvas(handed: Handed): Recognized | undefined {
  const { files, folders } = topOf(handed);
  const named = namedFiles(files, FILE, folders.size);
  if (!named) return undefined;
  const found = new Map<string, Found & { files: HandedFile[] }>();
  for (const { file, parts } of named.fitting) {
    const { name, late, id = "", file: number, rest, typed = "" } = parts;
    const one = found.get(id) ?? {
      name: name === undefined || name === "" ? id : `${name}_${id}`,
      people: [person(id, { name: name === undefined || name === "" ? null : name })],
      source: "canvas",
      received: null,
      late: false,
      order: 0,
      files: [],
    };
    one.late ||= late !== undefined;
    one.order = Math.max(one.order, Number(number ?? 0));
    one.files.push(moved(file, rest ?? typed));
    found.set(id, one);
  }
  const passedOver = [...named.others, ...folders.keys()];
  return { what: "a Canvas download", found: [...found.values()], passedOver };
}
