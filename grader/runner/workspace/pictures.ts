import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { withPictures } from "../../course/pictures/in-lessons.ts";
import { pictureFiles } from "../../course/pictures/index.ts";
import { parts } from "../../course/steps.ts";
import { makeFolder } from "../folder.mjs";
import { displayPath, exercisesFolder } from "../project.ts";
import { saveWhole } from "../whole.mjs";
import { filesBelow } from "./stubs.ts";

/** Whether a file, named from the root of exercises/, is in a folder of pictures. */
export function isPicture(file: string): boolean {
  return file.split("/").at(-2) === "pictures";
}

/** What is wrong with the files of the lessons' pictures, and with what the lessons show of them. */
export function stalePictures(): string[] {
  const wanted = wantedFiles();
  const stale = [...wanted].filter(([file, text]) => readText(file) !== text);
  return [
    ...stale.map(([file]) => `${shown(file)} is not what the course draws now; npm run check -- --draw writes it`),
    ...strayPictures(wanted).map((file) => `${shown(file)} is a picture that no lesson has`),
  ];
}

/** Writes the pictures and what the lessons show of them, and removes pictures that no lesson has. Returns the files. */
export function drawPictures(): string[] {
  const wanted = wantedFiles();
  const stray = strayPictures(wanted);
  for (const file of stray) rmSync(path.join(exercisesFolder, file));
  const stale = [...wanted].filter(([file, text]) => readText(file) !== text);
  for (const [file, text] of stale) {
    const absolute = path.join(exercisesFolder, file);
    makeFolder(path.dirname(absolute));
    saveWhole(absolute, text);
  }
  return [...stale.map(([file]) => file), ...stray].map(shown);
}

/** A file, named from the root of exercises/, as a reader sees it. */
function shown(file: string): string {
  return displayPath(path.join(exercisesFolder, file));
}

/** The text of every picture and every lesson, by file, from the root of exercises/. */
function wantedFiles(): Map<string, string> {
  const lessons = Object.values(parts).flatMap((folder): [string, string][] => {
    const text = readText(`${folder}/README.md`);
    return text === undefined ? [] : [[`${folder}/README.md`, withPictures(text, folder)]];
  });
  return new Map([...pictureFiles(), ...lessons]);
}

function strayPictures(wanted: ReadonlyMap<string, string>): string[] {
  return filesBelow(exercisesFolder).filter((file) => isPicture(file) && !wanted.has(file));
}

/** A file's text, whatever line endings git has given it; undefined if there is none. */
function readText(file: string): string | undefined {
  const absolute = path.join(exercisesFolder, file);
  return existsSync(absolute) ? readFileSync(absolute, "utf8").replaceAll("\r\n", "\n") : undefined;
}
