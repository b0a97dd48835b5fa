import type { KnownMistake } from "../../kit/mistake.ts";
import type { Step } from "../../kit/step.ts";
import { gradedRows, type CountedMistake, type Row, type StepCount, type Topic } from "../../report/class/view.ts";

/** How many questions fit into ten minutes, and from how much of the class on one is worth asking. */
const MOST = 5;
const LEAST_SHARE = 0.1;
const LEAST = 2;

/**
 * What to ask in the next lecture: the misunderstandings that concern the most people. One that has the same name at
 * several steps, such as a sum that is missing, is one question. A step where many stall, although no known mistake of its
 * is common, is a question too.
 */
export function topicsOf(counts: readonly StepCount[], rows: readonly Row[]): Topic[] {
  const least = Math.max(LEAST, Math.ceil(gradedRows(rows).length * LEAST_SHARE));
  const mistakes = mistakeTopics(counts).filter(({ count }) => count >= least);
  const explained = new Set(mistakes.slice(0, MOST).map(({ at }) => at[0]!.step.id));
  const stalls = counts
    .filter(({ step, stalls }) => stalls.length >= least && !explained.has(step.id))
    .map(({ step, stalls, started }): Topic => {
      const { ask } = step.hints;
      const at = [{ step, rows: stalls, started }];
      return { idea: undefined, sentence: undefined, ask, look: undefined, at, count: stalls.length };
    });
  return [...mistakes, ...stalls].sort((a, b) => b.count - a.count).slice(0, MOST);
}

/** A topic for each known mistake; one that several steps have is one topic. */
function mistakeTopics(counts: readonly StepCount[]): Topic[] {
  const found = new Map<string, { count: StepCount; mistake: CountedMistake; known: KnownMistake }[]>();
  for (const count of counts) {
    for (const mistake of count.mistakes) {
      const known = count.step.mistakes.find(({ id }) => id === mistake.id);
      if (known) found.set(mistake.id, [...(found.get(mistake.id) ?? []), { count, mistake, known }]);
    }
  }
  return [...found.values()].map((places) => {
    const at = places.toSorted((a, b) => b.mistake.rows.length - a.mistake.rows.length);
    const { count, known } = at[0]!;
    return {
      idea: known.idea,
      sentence: known.sentence,
      ask: count.step.hints.ask,
      look: known.look,
      at: at.map(({ count: { step, started }, mistake: { rows } }) => ({ step, rows, started })),
      count: new Set(at.flatMap(({ mistake: { rows } }): readonly Row[] => rows)).size,
    };
  });
}

/** The steps of a topic other than the first. */
export function otherSteps({ at }: Topic): readonly Step[] {
  return at.slice(1).map(({ step }) => step);
}
