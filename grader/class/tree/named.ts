import type { Step } from "../../kit/step.ts";
import { nameOf, folderOf } from "../handed/handed.ts";

/**
 * What browsers and systems add to a name if there is such a file already: ` (1)`, `-1`, `_1`, ` - Copy`, ` copy 2`; and
 * the ending that editors on Windows add.
 */
const COPY = /(?: ?\(\d+\)|[-_]\d+| - Copy(?: \(\d+\))?| copy(?: \d+)?)$/i;

/** A file's name without its ending and without what was added, and which copy it is: 0 for the first. */
export function withoutCopy(name: string): { name: string; copy: number } {
  const stem = name.replace(/(?:\.ts)?\.txt$/i, ".ts");
  const ending = /\.[a-z]+$/i.exec(stem)?.[0] ?? "";
  const bare = stem.slice(0, stem.length - ending.length);
  const [added] = COPY.exec(bare) ?? [];
  if (added === undefined) return { name: stem, copy: 0 };
  return { name: bare.slice(0, bare.length - added.length) + ending, copy: Number(/\d+/.exec(added)?.[0] ?? 1) };
}

/** The steps that a loose file's name can mean: its file's name, with or without the number, or its id; and which copy. */
export function stepsNamedBy(path: string, steps: readonly Step[]): { steps: Step[]; copy: number } {
  const whole = meant(nameOf(path), folderOf(path), steps);
  if (whole.length > 0) return { steps: whole, copy: 0 };
  const { name, copy } = withoutCopy(nameOf(path));
  return { steps: meant(name, folderOf(path), steps), copy };
}

function meant(name: string, folder: string, steps: readonly Step[]): Step[] {
  const wanted = name.toLowerCase();
  const numbered = steps.filter(({ file }) => /^\d/.test(nameOf(file)) && nameOf(file).toLowerCase() === wanted);
  if (numbered.length > 0) return numbered;
  const alike = steps.filter(({ file, id }) => {
    return [withoutNumber(nameOf(file)), `${id}.ts`].some((one) => one.toLowerCase() === withoutNumber(wanted));
  });
  const inPart = alike.filter(({ file }) => folderOf(file) === nameOf(folder));
  return inPart.length > 0 ? inPart : alike;
}

function withoutNumber(name: string): string {
  return name.replace(/^\d+-/, "");
}
