import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { dojo, steps } from "../../grader/course/steps.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { hashOf } from "../app/route.ts";
import type { Lesson } from "../site.ts";
import { htmlOf } from "./markdown.ts";
import { inBothThemes } from "./pictures.ts";

/** The texts of exercises/ as fragments of HTML. */

/**
 * The lessons of the parts, the page about tensors and the glossary.
 *
 * @param addPicture is told each picture and the file that shows it, and says under which name it is shown
 * @throws Error if a text has a formula that cannot be set, or a link or a picture that leads nowhere
 */
export function lessons(addPicture: (name: string, contents: string, file: string) => string): Lesson[] {
  const files = [...dojo.parts.map(({ folder }) => `${folder}/README.md`), "TENSORS.md", "GLOSSARY.md"];
  const isLesson = new Set(files);
  return files.map((file) => {
    const folder = path.posix.dirname(file);
    const from = (relative: string): string => path.posix.normalize(path.posix.join(folder, relative));
    const html = htmlOf(read(file).toString(), {
      link: (href) => placeOf(href, file, from, isLesson),
      command: commandPlace,
      picture: (light, dark) => {
        const [ofLight, ofDark] = [light, dark].map((source) => read(from(source)).toString()) as [string, string];
        return addPicture(path.posix.basename(light).replace("-light", ""), inBothThemes(ofLight, ofDark), file);
      },
    });
    return { file, html };
  });
}

/** Where the page does what a command does: a step's own page, a part's lesson, the scratch pad. */
function commandPlace(command: string): string | undefined {
  const [, name, on = ""] = /^npm run (\w+)(?: -- (\S+))?/.exec(command) ?? [];
  if (name === "play") return hashOf({ view: "scratch" });
  if (name === "train") return hashOf({ view: "step", id: "train" });
  if (steps.some(({ id }) => id === on)) return hashOf({ view: "step", id: on });
  const part = dojo.parts.find(({ folder }) => folder === on);
  if (part) return hashOf({ view: "read", file: `${part.folder}/README.md` });
  return name === "grade" ? hashOf({ view: "home" }) : undefined;
}

/** Where a link of a text leads on the page: another text, a step, or out of the page. */
function placeOf(
  href: string,
  file: string,
  from: (relative: string) => string,
  isLesson: ReadonlySet<string>,
): string | undefined {
  if (/^https?:/.test(href)) return href;
  const [relative, anchor] = href.split("#") as [string, string?];
  const target = relative === "" ? file : from(relative);
  if (isLesson.has(target)) return `#/read/${target}${anchor === undefined ? "" : `#${anchor}`}`;
  const step = steps.find((one) => one.file === target);
  if (step) return `#/step/${step.id}`;
  const beside = path.join(projectRoot, "exercises", target);
  if (!existsSync(beside)) throw new Error(`exercises/${file} has a link that leads nowhere: ${href}`);
  return undefined;
}

function read(file: string): Buffer {
  return readFileSync(path.join(projectRoot, "exercises", file));
}
