import { moved, topOf, type Handed, type HandedFile } from "../handed/handed.ts";
import { person, type Found, type Recognized } from "./found.ts";

/**
 * A file of a Canvas download: the name without spaces and signs, LATE, the student's id, the file's id, and the name that
 * it was uploaded under. Without names, the id is five letters behind anon_. A text or a link has no file's id.
 */
const FILE =
  /^(?:(?<name>.*?)_)?(?:(?<late>LATE)_)?(?<id>\d+|anon_[A-Za-z0-9]{5})_(?:(?<file>\d+)_(?<rest>.+)|(?<typed>(?:text|link)\.html))$/su;

/** The files at the top that have another name: a gradebook, say. */
const OTHERS = 0.2;

/** The zip that Canvas makes of an assignment's submissions: files of all students side by side, none in a folder. */
export function recognizeCanvas(handed: Handed): Recognized | undefined {
  const { files, folders } = topOf(handed);
  const named = files.map((file) => ({ file, parts: FILE.exec(file.path)?.groups }));
  const fitting = named.filter(({ parts }) => parts !== undefined);
  if (fitting.length === 0 || files.length - fitting.length + folders.size > OTHERS * fitting.length) return undefined;
  const found = new Map<string, Found & { files: HandedFile[] }>();
  for (const { file, parts } of fitting) {
    const { name, late, id = "", file: number, rest, typed = "" } = parts!;
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
  const passedOver = [...named.filter(({ parts }) => !parts).map(({ file }) => file.path), ...folders.keys()];
  return { what: "a Canvas download", found: [...found.values()], passedOver };
}
