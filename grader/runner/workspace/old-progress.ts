/**
 * The two files in which the course's first version kept what `.progress` holds now, so that no learner loses it:
 * `.progress` with a line per step, its fields separated by tabs, and `.hints` with lines like `dcounts 2`.
 */

/** A verdict as it was written; the reader must check it. */
export interface OldVerdict {
  verdict: string;
  passedOnce: boolean;
  grader: string;
  texts: string;
  files: readonly string[];
}

/** Verdicts by step id; lines that say something else are left out. */
export function oldVerdicts(text: string): ReadonlyMap<string, OldVerdict> {
  return new Map(
    text.split("\n").flatMap((line): [string, OldVerdict][] => {
      const [id = "", verdict = "", once = "", grader = "", texts = "", ...files] = line.split("\t");
      return once === "yes" || once === "no"
        ? [[id, { verdict, passedOnce: once === "yes", grader, texts, files }]]
        : [];
    }),
  );
}

/** How many hints were shown, by step id; lines that say something else are left out. */
export function oldHints(text: string): ReadonlyMap<string, number> {
  return new Map([...text.matchAll(/^([\w.-]+) (\d)\s*$/gm)].map(([, id, shown]) => [id!, Number(shown)]));
}
