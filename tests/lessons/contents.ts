import { anchorOf, headingsOf, type Heading } from "../../grader/kit/lesson.ts";

/** Where a lesson lists its sections; what is between the two comments is generated. */
const CONTENTS = /^<!-- contents -->\n[^]*?^<!-- end of contents -->$/m;
const WIDTH = 120;

/** A lesson with its list of sections as it should be; unchanged if the lesson has no place for one. */
export function withContents(lesson: string): string {
  return lesson.replace(CONTENTS, () => `<!-- contents -->\n\n${contentsOf(lesson)}\n\n<!-- end of contents -->`);
}

/** Whether a lesson has a place for a list of its sections. */
export function hasContents(lesson: string): boolean {
  return CONTENTS.test(lesson);
}

/** A line for each section; the sections below it follow in the same line. */
export function contentsOf(lesson: string): string {
  const items: { section: Heading; below: Heading[] }[] = [];
  for (const heading of headingsOf(lesson)) {
    if (heading.level === 2) items.push({ section: heading, below: [] });
    else if (heading.level > 2) items.at(-1)!.below.push(heading);
  }
  return items
    .map(({ section, below }) => {
      const steps = below.map(linkTo).join(", ");
      return wrapped(`- ${linkTo(section)}${steps === "" ? "" : `: ${steps}`}`);
    })
    .join("\n");
}

function linkTo({ title }: Heading): string {
  return `[${title}](#${anchorOf(title)})`;
}

/** A list item in lines; a line ends only between two links. */
function wrapped(item: string): string {
  const lines: string[] = [];
  for (const piece of item.split(/(?<=\)[:,]) /)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + piece.length <= WIDTH) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(last === undefined ? piece : `  ${piece}`);
  }
  return lines.join("\n");
}
