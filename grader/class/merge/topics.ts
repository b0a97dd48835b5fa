import { questionOf } from "../../kit/hint.ts";
import type { KnownMistake } from "../../kit/mistake.ts";
import { gradedRows, type CountedMistake, type Row, type StepCount, type Topic } from "../../report/class/view.ts";

/** How many questions fit into ten minutes. */
const MOST = 5;
/** A misunderstanding is the class's from so many students on: one student's is a matter for office hours. */
const LEAST = 2;
/** Where so much of the class stops is worth a question, although most of those who stop there were out of time. */
const STALL_SHARE = 0.1;

/**
 * What to ask in the next lecture: the misunderstandings that concern the most people. One that shows at several
 * steps, such as copies that are averaged, is one question. A step where many stall, although no known mistake of its
 * is common, is a question too.
 */
export function topicsOf(counts: readonly StepCount[], rows: readonly Row[]): Topic[] {
  const mistakes = mistakeTopics(counts)
    .filter(({ count }) => count >= LEAST)
    .sort((a, b) => b.count - a.count);
  const least = Math.max(LEAST, Math.ceil(gradedRows(rows).length * STALL_SHARE));
  const explained = new Set(mistakes.slice(0, MOST).map(({ at }) => at[0]!.count.step.id));
  const stalls = counts
    .filter(({ step, stalls }) => stalls.length >= least && !explained.has(step.id))
    .map((count): Topic => {
      const { step, stalls: rows } = count;
      const ask = questionOf(step.hints);
      const none = { idea: undefined, sentence: undefined, after: undefined, atStep: undefined };
      return { ...none, ask, at: [{ count, rows }], count: rows.length };
    });
  return [...mistakes, ...stalls].sort((a, b) => b.count - a.count).slice(0, MOST);
}

/** A mistake at a step, as it was counted, and what the course knows of it. */
interface Place {
  readonly count: StepCount;
  readonly mistake: CountedMistake;
  readonly known: KnownMistake;
}

/** A topic for each misunderstanding: mistakes of several steps are one if the idea behind them, or the advice, is the same. */
function mistakeTopics(counts: readonly StepCount[]): Topic[] {
  const places = counts.flatMap((count) =>
    count.mistakes.flatMap((mistake): Place[] => {
      const known = count.step.mistakes.find(({ id }) => id === mistake.id);
      return known ? [{ count, mistake, known }] : [];
    }),
  );
  return joined(places).map((own) => {
    const at = own.toSorted((a, b) => b.mistake.rows.length - a.mistake.rows.length);
    const { count, known } = at[0]!;
    return {
      idea: known.idea,
      sentence: known.sentence,
      ...questions(known.look, questionOf(count.step.hints)),
      at: at.map(({ count, mistake: { rows } }) => ({ count, rows })),
      count: new Set(at.flatMap(({ mistake: { rows } }): readonly Row[] => rows)).size,
    };
  });
}

/** The mistake's own question first: a step's question leads through the whole step. */
function questions(look: string, ask: string): Pick<Topic, "ask" | "after" | "atStep"> {
  return look.includes("?") ? { ask: look, after: undefined, atStep: ask } : { ask, after: look, atStep: undefined };
}

/** Places in groups, in the order of their first. */
function joined(places: readonly Place[]): Place[][] {
  return places.reduce<Place[][]>((groups, place) => {
    const isSame = ({ known }: Place): boolean => known.idea === place.known.idea || known.look === place.known.look;
    const same = groups.filter((group) => group.some(isSame));
    const [first] = same;
    if (!first) return [...groups, [place]];
    const all = [...same.flat(), place];
    return groups.flatMap((group) => (group === first ? [all] : same.includes(group) ? [] : [group]));
  }, []);
}
