import { parse } from "yaml";
import { topOf, type Handed } from "../handed/handed.ts";
import type { SourceKind } from "../record.ts";
import { person, timeOf, UNDATED, type Found, type Recognized } from "./found.ts";

/** What Classroom 50 puts into each repository, and what its download puts beside. */
const MARK = ".classroom50.yaml";
const RESULT = "result.json";
/** The largest of these files, in bytes. */
const LARGEST = 1_000_000;

/** Clones of Classroom 50's repositories: `<classroom>-<assignment>-<username>`. */
export async function recognizeClassroom50(handed: Handed): Promise<Recognized | undefined> {
  const { files, folders } = topOf(handed);
  const marked = [...folders].filter(([, { files }]) => files.some(({ path }) => path === MARK));
  if (marked.length === 0) return undefined;
  // a learner can edit the mark in their own repository: what most of them say counts
  const prefix = mostFrequent(await Promise.all(marked.map(([, one]) => prefixIn(one))));
  const found = await Promise.all(
    marked.map(async ([name, one]): Promise<Found> => {
      const login = prefix !== undefined && name.startsWith(prefix) ? name.slice(prefix.length) : name;
      return { ...cloned(name, login, one, "classroom50"), received: await receivedIn(one) };
    }),
  );
  const others = [...folders.keys()].filter((name) => !marked.some(([known]) => known === name));
  return { what: "clones of Classroom 50", found, passedOver: [...others, ...files.map(({ path }) => path)] };
}

async function prefixIn(handed: Handed): Promise<string | undefined> {
  const { classroom, assignment } = fieldsOf(parsed(await textOf(handed, MARK), parse));
  return typeof classroom === "string" && typeof assignment === "string" ? `${classroom}-${assignment}-` : undefined;
}

/** When the newest submission was made, as the download says. */
async function receivedIn(handed: Handed): Promise<string | null> {
  return timeOf(fieldsOf(parsed(await textOf(handed, RESULT), JSON.parse))["datetime"]);
}

async function textOf({ files }: Handed, path: string): Promise<string> {
  try {
    return (await files.find((file) => file.path === path)?.read(LARGEST))?.toString("utf8") ?? "";
  } catch {
    return "";
  }
}

function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function fieldsOf(read: unknown): Readonly<Record<string, unknown>> {
  return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
}

function mostFrequent(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** The folder that `gh classroom clone` makes is called like the assignment, with this behind it. */
const CLONES = "-submissions";

/** Clones of GitHub Classroom's repositories: `<assignment>-<username>`. */
export function recognizeGitHubClassroom(handed: Handed, name: string): Recognized | undefined {
  const { files, folders } = topOf(handed);
  const clones = [...folders].filter(([, { repositories }]) => repositories.has(""));
  const names = clones.map(([name]) => name);
  const called = name.endsWith(CLONES) ? `${name.slice(0, -CLONES.length)}-` : undefined;
  const prefix = called !== undefined && names.every((one) => one.startsWith(called)) ? called : commonPrefix(names);
  if (prefix === "" || clones.length < (called === undefined ? 2 : 1)) return undefined;
  const found = clones.map(([name, one]) => cloned(name, name.slice(prefix.length), one, "github-classroom"));
  const others = [...folders.keys()].filter((one) => !names.includes(one));
  return { what: "clones of GitHub Classroom", found, passedOver: [...others, ...files.map(({ path }) => path)] };
}

/** What all names begin with, up to a hyphen. */
function commonPrefix(names: readonly string[]): string {
  const [first = "", ...others] = names;
  let length = first.length;
  for (const other of others) while (!other.startsWith(first.slice(0, length))) length -= 1;
  // a name that is all prefix has nobody behind it
  const most = Math.min(length, ...names.map((name) => name.length - 1));
  return first.slice(0, first.lastIndexOf("-", most - 1) + 1);
}

function cloned(name: string, login: string, { files }: Handed, source: SourceKind): Found {
  return { ...UNDATED, name, people: [person(login, { login })], source, files };
}
