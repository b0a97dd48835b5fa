import type { Course } from "../kit/course.ts";

/**
 * Why a number on the command line names no step: from where to where the numbers go. 99, 0.12, 6.1, part9.
 *
 * @returns undefined if the word is no number
 */
export function outOfRange({ parts, steps }: Course, word: string): string | undefined {
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
