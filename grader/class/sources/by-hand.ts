import type { Step } from "../../kit/step.ts";
import { moved, nameOf, topOf, type Handed, type HandedFile } from "../handed/handed.ts";
import { isZip } from "../tree/archives.ts";
import { stepsNamedBy, withoutCopy } from "../tree/named.ts";
import { rootOf } from "../tree/root.ts";
import { person, UNDATED, type Found, type Recognized } from "./found.ts";

/**
 * What one person handed in, where that is all there is: a checkout, the exercises folder, or some steps' files.
 *
 * @returns undefined if it is a class
 */
export function recognizeOne(handed: Handed, name: string, steps: readonly Step[]): Recognized | undefined {
  const root = rootOf(
    handed.files.map(({ path }) => path),
    steps,
  );
  const { files } = topOf(handed);
  const isTree = root !== undefined && (root.folder === "" || root.folder === "exercises");
  const isLoose = files.some(({ path }) => stepsNamedBy(path, steps).steps.length > 0);
  if (!isTree && !isLoose) return undefined;
  const found: Found = { ...UNDATED, name, people: [person(name)], source: "folder", files: handed.files };
  return { what: "one submission", found: [found], passedOver: [] };
}

/** A class by hand: a folder, a zip or some files for each person, called by the person's name. */
export function recognizeByHand(handed: Handed, steps: readonly Step[]): Recognized {
  const { files, folders } = topOf(handed);
  const found: Found[] = [];
  const passedOver: string[] = [];
  for (const [name, one] of folders) found.push({ ...ofPerson(name, folders), source: "folder", files: one.files });
  const loose = new Map<string, HandedFile[]>();
  for (const file of files) {
    if (isZip(file.path)) {
      const name = file.path.replace(/\.zip$/i, "");
      // beside a folder of that name, the folder is what somebody unpacked
      found.push({
        ...ofPerson(name, folders),
        name: file.path,
        source: "zip",
        order: orderOf(name) - 0.5,
        files: [file],
      });
      continue;
    }
    const split = personBefore(file.path, steps);
    if (split) loose.set(split.who, [...(loose.get(split.who) ?? []), moved(file, split.file)]);
    else if (/\.ts(?:\.txt)?$/i.test(file.path)) loose.set(file.path.replace(/\..*$/, ""), [file]);
    else passedOver.push(file.path);
  }
  for (const [name, of] of loose) found.push({ ...UNDATED, name, people: [person(name)], source: "file", files: of });
  return { what: whatIn(found), found, passedOver };
}

/** `ada (1)` is Ada's second; `group-1` is somebody else, unless there is a `group`. */
function ofPerson(name: string, folders: ReadonlyMap<string, Handed>): Omit<Found, "source" | "files"> {
  const bare = withoutCopy(name).name;
  const isCopy = bare !== name && bare !== "" && (name.endsWith(")") || folders.has(bare));
  return { ...UNDATED, name, people: [person(isCopy ? bare : name)], order: isCopy ? orderOf(name) : 0 };
}

function orderOf(name: string): number {
  return withoutCopy(name).copy;
}

/** Whose file it is, if a step's name is at its end: ada_train.ts, ada-05-dcounts.ts. */
function personBefore(path: string, steps: readonly Step[]): { who: string; file: string } | undefined {
  const { name } = withoutCopy(path);
  for (const { file } of steps) {
    const wanted = nameOf(file).toLowerCase();
    const before = name.slice(0, -wanted.length);
    if (!name.toLowerCase().endsWith(wanted) || !/^.+[ _-]$/su.test(before)) continue;
    // ada-05-dcounts.ts ends in dcounts.ts as well
    const [who, number = ""] = /^(.*?)[ _-]+(\d+-)?$/su.exec(before)?.slice(1) ?? [];
    if (who !== undefined && who !== "") return { who, file: number + nameOf(file) };
  }
  return undefined;
}

function whatIn(found: readonly Found[]): string {
  const kinds = { folder: "a folder", zip: "a zip", file: "loose files" } as const;
  const there = Object.entries(kinds).filter(([source]) => found.some((one) => one.source === source));
  return `${there.map(([, words]) => words).join(" or ")} for each person`;
}
