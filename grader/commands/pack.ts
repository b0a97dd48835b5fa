import { parseArgs } from "node:util";
import { displayPath } from "../runner/project.ts";
import { classroom50Pack } from "./pack/classroom50.ts";
import { coursePack } from "./pack/course.ts";
import { imagePack } from "./pack/image.ts";
import { gradescopePack } from "./pack/gradescope.ts";
import { prairielearnPack } from "./pack/prairielearn.ts";
import type { Asked, Pack } from "./pack/pack.ts";
import { placeFor, writePack } from "./pack/write.ts";
import { pointsFor, pointsHelp } from "./points-file.ts";
import { say } from "./tell.ts";
import { selectSteps, UsageError } from "./usage.ts";

export const packHelp = `pack gradescope | prairielearn | classroom50 DIR|FILE.zip [step ...] [--points FILE]
  pack image DIR|FILE.zip
  pack course DIR|FILE.zip [--without-solutions]
    Writes what a platform is given to grade submissions itself, with the steps that count (by default
    those that follow the lecture); what an
    image is built from that grades a class, recipes/Containerfile; or the learners' repository. The folder is new or
    empty (a .git in it stays); a zip that is there is replaced.
    ${pointsHelp}
    --without-solutions  the learners' repository has no solutions/ and none of the tests that contain answers`;

const packs: Readonly<Record<string, (asked: Asked) => Pack | Promise<Pack>>> = {
  gradescope: gradescopePack,
  prairielearn: prairielearnPack,
  classroom50: classroom50Pack,
  image: imagePack,
  course: coursePack,
};

/** Exit status 0 once the pack is written. */
export async function pack(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { points: { type: "string" }, "without-solutions": { type: "boolean", default: false } },
  });
  const [kind = "", typed, ...words] = positionals;
  const make = Object.hasOwn(packs, kind) ? packs[kind]! : undefined;
  const kinds = Object.keys(packs).join(", ");
  if (!make) throw new UsageError(`pack ${kind || "what"}? choose one of ${kinds}`);
  if (typed === undefined)
    throw new UsageError(`pack ${kind} to where? name a new folder, or a file that ends in .zip`);
  const withoutSolutions = values["without-solutions"];
  checkOptions(kind, words, values.points, withoutSolutions);
  const steps = selectSteps(words);
  const made = await make({ steps, points: pointsFor(values.points, steps), withoutSolutions });
  const place = placeFor(typed, made.into);
  writePack(place, made);
  const size = [...made.files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  const written = `${displayPath(place.path)}: ${made.files.size} files, ${(size / 1e6).toFixed(1)} MB`;
  for (const line of [written, ...made.next]) say(line);
  return 0;
}

function checkOptions(kind: string, words: readonly string[], points: string | undefined, without: boolean): void {
  if (without && kind !== "course") {
    throw new UsageError(`--without-solutions is for pack course; pack ${kind} never has them`);
  }
  if (kind !== "course" && kind !== "image") return;
  if (words.length > 0) throw new UsageError(`pack ${kind} has every step; leave out ${words.join(" ")}`);
  const later = kind === "image" ? "is for class, when it grades" : "grades nothing";
  if (points !== undefined) throw new UsageError(`pack ${kind} ${later}: leave out --points`);
}
