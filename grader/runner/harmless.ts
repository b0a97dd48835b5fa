import { stripVTControlCharacters } from "node:util";

/** How much of a line of learner's text is shown, in characters. */
export const LONGEST_LINE = 1000;

/**
 * A line of learner's text that can do no more than be read: without control and invisible characters, which could move
 * the cursor, colour or hide what follows, and without what CI systems take for their own commands.
 *
 * @param isTable whether its spaces are to stay as many as they are; elsewhere several become one
 */
export function harmless(text: string, isTable = false): string {
  // cut first: what removes control sequences takes the square of the time on a long line
  return stripVTControlCharacters(text.slice(0, 2 * LONGEST_LINE))
    .replace(isTable ? /[\s\u2800]/g : /[\s\u2800]+/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu, "")
    .replace(/:(?=:)/g, ": ")
    .replace(/#(?=#)/g, "# ")
    .slice(0, LONGEST_LINE);
}
