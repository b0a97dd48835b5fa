import { moved, type Handed, type HandedFile } from "../handed/handed.ts";
import { person, UNDATED, type Found, type Recognized } from "./found.ts";

/**
 * What a Moodle download has before a student's files: the name, the number of the participant, and which plugin took them;
 * a folder of each (an underscore at its end in old versions), or with that before each file's name. Groups without a number
 * are the default group.
 */
const PATH = /^(?<who>[^/]+?)(?:_(?<id>\d+))?_assignsubmission_(?<plugin>[a-z]+)(?:_?\/|_)(?<rest>.+)$/su;
/** The plugin of uploaded files; texts and comments are no code. */
const FILES = "file";
const OTHERS = 0.2;

/** The zip that Moodle makes of an assignment's submissions. */
export function recognizeMoodle({ files }: Handed): Recognized | undefined {
  const named = files.map((file) => ({ file, parts: PATH.exec(file.path)?.groups }));
  const fitting = named.filter(({ parts }) => parts !== undefined);
  if (fitting.length === 0 || files.length - fitting.length > OTHERS * fitting.length) return undefined;
  const found = new Map<string, Found & { files: HandedFile[] }>();
  for (const { file, parts } of fitting) {
    const { who = "", id, plugin, rest = "" } = parts!;
    const name = id === undefined ? who : `${who}_${id}`;
    const people = [person(id ?? who, { name: who })];
    const one = found.get(name) ?? { ...UNDATED, name, people, source: "moodle", files: [] };
    one.files.push(moved(file, plugin === FILES ? rest : `${plugin}.html`));
    found.set(name, one);
  }
  const passedOver = named.flatMap(({ file, parts }) => (parts ? [] : [file.path]));
  return { what: "a Moodle download", found: [...found.values()], passedOver };
}
