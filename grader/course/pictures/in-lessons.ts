import { escaped } from "../../report/escaped.ts";
import { fold } from "../../report/text.ts";
import type { ThemeName } from "../../report/picture/theme.ts";
import { lessonPictures, pictureFile } from "./index.ts";
import type { LessonPicture } from "./lesson-picture.ts";

/** A comment that names a picture, and the picture below it, which may still be missing. */
const MARKER = /^<!-- picture: (.+) -->\n(?:\n<picture>\n[^]*?\n<\/picture>\n)?/gm;

/** The names of the pictures that a lesson shows. */
export function namesOfPictures(lesson: string): string[] {
  return [...lesson.matchAll(MARKER)].map(([, name]) => name!);
}

/**
 * A lesson with the picture below each `<!-- picture: NAME -->` written anew.
 *
 * A `picture` element chooses between a file for each theme. On GitHub a reader's theme need not be the system's: GitHub
 * applies it to the media of `source` elements, and could not to a media query within an SVG. VS Code's preview resolves
 * both addresses against the lesson's folder. If a viewer chooses wrongly, the picture's own ground keeps it readable.
 *
 * @param folder the folder of the lesson's part
 * @throws Error if there is no such picture
 */
export function withPictures(lesson: string, folder: string): string {
  return lesson.replace(MARKER, (_, name: string) => {
    const picture = lessonPictures.find((picture) => picture.name === name);
    if (!picture) throw new Error(`no picture is called "${name}"; they are listed in grader/course/pictures/index.ts`);
    return `<!-- picture: ${name} -->\n\n${elementOf(picture, folder)}\n`;
  });
}

function elementOf(picture: LessonPicture, folder: string): string {
  const source = (theme: ThemeName): string => {
    const file = pictureFile(picture, theme);
    return file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : `../${file}`;
  };
  return [
    "<picture>",
    `  <source media="(prefers-color-scheme: dark)" srcset="${source("dark")}">`,
    `  <img src="${source("light")}"`,
    `    alt="${fold(escaped(picture.draw().title), COLUMNS).join("\n")}">`,
    "</picture>",
  ].join("\n");
}

/** The width of a lesson's lines, less what can be before and after a text. */
const COLUMNS = 108;
