import type { Step } from "../course/steps.ts";
import type { KnownMistake } from "../kit/mistake.ts";
import { paragraph, proseWidth } from "../report/text.ts";
import { showOncePassed } from "./passing.ts";

export const mistakesHelp = `mistakes step ... [--anyway] [--from FOLDER]
    The other ways to be wrong at a step, once it passes (--anyway: before).`;

/** Exit status 0; 1 where a step does not pass yet. */
export function mistakes(args: string[]): Promise<number> {
  const lines = (step: Step, _root: string, columns: number | undefined): string[] => {
    return [`The other ways to be wrong at ${step.id}:`, ...mistakeLines(step, proseWidth(columns))];
  };
  return showOncePassed({ name: "mistakes", what: "the list of other ways to be wrong", lines }, args);
}

/**
 * The known mistakes of a step.
 *
 * @param width where lines are broken, between words; left out where whoever shows them breaks them
 */
export function mistakeLines({ mistakes }: Step, width = Infinity): string[] {
  const known: readonly KnownMistake[] = mistakes;
  return known.flatMap(({ idea, sentence }) => {
    const [first, ...others] = paragraph(`${idea}:`, width, SENTENCE);
    return [IDEA + first!.trimStart(), ...others, ...paragraph(sentence, width, SENTENCE)];
  });
}

/** What an idea begins with, and what stands before the lines below. */
const IDEA = "  - ";
const SENTENCE = " ".repeat(IDEA.length);
