import { moved, type Handed, type HandedFile } from "../handed/handed.ts";
import { person, timeOf, UNDATED, type Found, type Recognized } from "./found.ts";

/** The longest path that a pattern is tried on, in characters: some patterns take ever longer for longer ones. */
const LONGEST = 300;

/**
 * What an instructor's own pattern finds in paths. Its group `id` says whose a file is; `name`, `email`, `login` and `time`
 * may say more; what is behind the match, or the group `file`, is the file's path in the submission.
 */
export function recognizeByPattern({ files }: Handed, pattern: RegExp): Recognized {
  const found = new Map<string, Found & { files: HandedFile[] }>();
  const passedOver: string[] = [];
  for (const file of files) {
    const match = file.path.length <= LONGEST ? pattern.exec(file.path) : null;
    const { id, name, email, login, time, file: rest } = match?.groups ?? {};
    if (!match || id === undefined || id === "") {
      passedOver.push(file.path);
      continue;
    }
    const one = found.get(id) ?? {
      ...UNDATED,
      name: id,
      people: [person(id, { name: name ?? null, email: email ?? null, login: login ?? null })],
      source: /\.zip$/i.test(file.path) ? "zip" : "folder",
      received: timeOf(time),
      files: [],
    };
    const behind = file.path.slice(match.index + match[0].length).replace(/^\/+/, "");
    one.files.push(moved(file, rest ?? (behind === "" || behind.startsWith(".") ? file.path : behind)));
    found.set(id, one);
  }
  return { what: "the files that --id-pattern fits", found: [...found.values()], passedOver };
}
