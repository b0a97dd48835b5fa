import { endsOfRange, findSteps, type Course } from "../kit/course.ts";

/**
 * Why a number on the command line names no step, or a range no steps: from where to where the numbers go. 99, 0.12, 6.1,
 * part9, 1-99.
 *
 * @returns undefined if the word is neither, or if it does name steps
 */
export function outOfRange(course: Course, word: string): string | undefined {
  if (findSteps(course, word).length > 0) return undefined;
  const ends = endsOfRange(word);
  if (!ends) return numberOutOfRange(course, word);
  const [from, to] = ends;
  return outOfRange(course, from) ?? outOfRange(course, to) ?? `the range ${word} runs backwards: write ${to}-${from}`;
}

function numberOutOfRange({ parts, steps }: Course, word: string): string | undefined {
  const [, wholePart, ofMain, ofPart, inPart] = /^(?:part(\d+)|(\d+)|(\d+)\.(\d*))$/i.exec(word) ?? [];
  const main = parts.find(({ isMain }) => isMain);
  const number = wholePart ?? ofPart ?? (ofMain === undefined ? undefined : main?.number);
  if (number === undefined) return undefined;
  const part = parts.find((part) => part.number === Number(number));
  if (!part) {
    const numbers = parts.map((part) => part.number);
    return `there is no part ${number}: the parts go from ${numbers[0]} to ${numbers.at(-1)}`;
  }
  const own = steps.filter((step) => step.part === part.number);
  const meant = own.find((step) => step.number === Number(ofMain ?? (inPart || NaN)));
  if (meant) return `there is no step "${word}"; did you mean ${meant.label}?`;
  const range =
    own.length === 1 ? `has one step, ${own[0]!.label}` : `has steps ${own[0]?.label} to ${own.at(-1)?.label}`;
  const meantPart = ofMain === undefined ? undefined : parts.find((one) => one.number === Number(ofMain));
  const other = meantPart ? `; part ${meantPart.number} is part${meantPart.number}` : "";
  return `there is no step "${word}": part ${part.number} ${range}${other}`;
}
