import stripAnsi from "strip-ansi";

/** How many characters of a line of a learner's text are shown. */
export const LONGEST_LINE = 1000;

/**
 * A line of a learner's text that is safe to print: without control and invisible characters, which could move the
 * cursor, color or hide what follows; without skin tones, which some terminals draw next to an emoji instead of on it,
 * so that nobody knows the line's width; and without what CI systems take for their own commands.
 *
 * @param isTable whether runs of spaces keep their length; otherwise each becomes one space
 */
export function harmless(text: string, isTable = false): string {
  // cut first: removing control sequences from a long line takes quadratic time
  return stripAnsi(text.slice(0, 2 * LONGEST_LINE))
    .replace(isTable ? /[\s\u2800]/g : /[\s\u2800]+/g, " ")
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Emoji_Modifier}]/gu, "")
    .replace(/:(?=:)/g, ": ")
    .replace(/#(?=#)/g, "# ")
    .slice(0, LONGEST_LINE);
}
