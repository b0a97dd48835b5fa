import { moved, type Handed, type HandedFile } from "../handed/handed.ts";
import { namedFiles } from "./download.ts";
import { person, UNDATED, type Found, type Recognized } from "./found.ts";

/**
 * What a Moodle download has before a student's files: the name, the number of the participant, and which plugin took them;
 * a folder of each (an underscore at its end in old versions), or with that before each file's name. Groups without a number
 * are the default group.
 */
const PATH = /^(?<who>[^/]+?)(?:_(?<id>\d+))?_assignsubmission_(?<plugin>[a-z]+)(?:_?\/|_)(?<rest>.+)$/su;
/** The plugin of uploaded files; texts and comments are no code. */
const FILES = "file";

/** The zip that Moodle makes of an assignment's submissions. */
export function recognizeMoodle({ files }: Handed): Recognized | undefined {
  const named = namedFiles(files, PATH);
  if (!named) return undefined;
  const found = new Map<string, Found & { files: HandedFile[] }>();
  for (const { file, parts } of named.fitting) {
    const { who = "", id, plugin, rest = "" } = parts;
    const name = id === undefined ? who : `${who}_${id}`;
    const people = [person(id ?? who, { name: who })];
    const one = found.get(name) ?? { ...UNDATED, name, people, source: "moodle", files: [] };
    one.files.push(moved(file, plugin === FILES ? rest : `${plugin}.html`));
    found.set(name, one);
  }
  return { what: "a Moodle download", found: [...found.values()], passedOver: named.others };
}
