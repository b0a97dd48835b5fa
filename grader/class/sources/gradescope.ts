import { parse } from "yaml";
import { below, topOf, type Handed } from "../handed/handed.ts";
import { classLimits } from "../limits.ts";
import type { Person } from "../record.ts";
import { person, timeOf, UNDATED, type Found, type Recognized } from "./found.ts";

const METADATA = "submission_metadata.yml";

/** What Gradescope says of one submission, in Ruby's symbols. */
interface Entry {
  ":submitters"?: unknown;
  ":created_at"?: unknown;
}

/** Gradescope's export of an assignment's submissions: a folder of each, and a file that says whose they are. */
export async function recognizeGradescope(handed: Handed): Promise<Recognized | undefined> {
  const { files, folders } = topOf(handed);
  const metadata = files.find(({ path }) => path === METADATA);
  if (!metadata) return undefined;
  const entries = entriesIn((await metadata.read(classLimits.tableBytes)).toString("utf8"));
  const found = [...folders.keys()].flatMap((name): Found[] => {
    const entry = entries[name];
    if (!entry) return [];
    const submitters = peopleIn(entry[":submitters"]);
    const people = submitters.length > 0 ? submitters : [person(name)];
    const received = timeOf(entry[":created_at"]);
    return [{ ...UNDATED, name, people, source: "gradescope", received, files: below(handed, name).files }];
  });
  if (found.length === 0) return undefined;
  const known = new Set(found.map(({ name }) => name));
  const others = files.filter((file) => file !== metadata).map(({ path }) => path);
  return {
    what: "a Gradescope export",
    found,
    passedOver: [...[...folders.keys()].filter((name) => !known.has(name)), ...others],
  };
}

/** The keys that are read; the rest, with every earlier result, is many times as long. */
const WANTED = /^ {2}:(?:submitters|created_at):/;

/** The entries by folder, of a file that Ruby has written: two spaces a level. */
function entriesIn(text: string): Readonly<Record<string, Entry | undefined>> {
  let isWanted = false;
  const lines = text.split("\n").filter((line) => {
    if (/^\S/.test(line)) isWanted = false;
    else if (/^ {2}:\w+:/.test(line)) isWanted = WANTED.test(line);
    return /^\S/.test(line) || isWanted;
  });
  try {
    const read: unknown = parse(lines.join("\n"), { maxAliasCount: 100 });
    return typeof read === "object" && read !== null ? { ...(read as Record<string, Entry>) } : {};
  } catch {
    return {};
  }
}

function peopleIn(submitters: unknown): Person[] {
  if (!Array.isArray(submitters)) return [];
  return submitters.flatMap((one: unknown): Person[] => {
    if (typeof one !== "object" || one === null) return [];
    const field = (name: string): string | null => {
      const value = (one as Record<string, unknown>)[`:${name}`];
      return typeof value === "string" || typeof value === "number" ? String(value) : null;
    };
    const [name, sid, email] = [field("name"), field("sid"), field("email")];
    const id = sid ?? email ?? name;
    return id === null || id === "" ? [] : [person(id, { name, email })];
  });
}
