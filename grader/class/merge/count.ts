import type { Step } from "../../kit/step.ts";
import { isStarted, type CountedMistake, type Mistake, type Row, type StepCount } from "../../report/class/view.ts";
import { isSeenId } from "../../report/mistake-label.ts";
import type { Verdict } from "../../verdict/result.ts";

/** What a class made of each step: how many pass, who made which mistake, who stalls there. */
export function countSteps(steps: readonly Step[], rows: readonly Row[]): StepCount[] {
  return steps.map((step) => {
    const own = rows.flatMap((row) => {
      const cell = row.cells.get(step.id);
      return cell ? [{ row, cell }] : [];
    });
    const open = own.filter(({ cell }) => !cell.passed && isStarted(cell));
    const unexplained = new Map<Verdict, number>();
    for (const { cell } of open) {
      if (cell.mistake === null) unexplained.set(cell.verdict, (unexplained.get(cell.verdict) ?? 0) + 1);
    }
    return {
      step,
      graded: own.length,
      started: own.filter(({ cell }) => isStarted(cell)).length,
      passed: own.filter(({ cell }) => cell.passed).length,
      mistakes: countMistakes(
        step,
        open.flatMap(({ row, cell }) => (cell.mistake ? [{ row, mistake: cell.mistake }] : [])),
      ),
      unexplained,
      stalls: rows.filter(({ stallsAt }) => stallsAt === step.id),
    };
  });
}

/** The mistakes of a step by how many made them; equally many are in the order of the course's list. */
function countMistakes(step: Step, made: readonly { row: Row; mistake: Mistake }[]): CountedMistake[] {
  const found = new Map<string, { sentences: Map<string, number>; rows: Row[] }>();
  for (const { row, mistake } of made) {
    for (const { id, sentence } of singleMistakes(step, mistake)) {
      const entry = found.get(id) ?? { sentences: new Map<string, number>(), rows: [] };
      found.set(id, entry);
      entry.rows.push(row);
      entry.sentences.set(sentence, (entry.sentences.get(sentence) ?? 0) + 1);
    }
  }
  const order = (id: string): number => {
    const at = step.mistakes.findIndex((known) => known.id === id);
    return at < 0 ? Infinity : at;
  };
  return [...found]
    .map(([id, { sentences, rows }]) => ({ id, sentence: mostCommon(sentences), isSeen: isSeenId(id), rows }))
    .sort((a, b) => b.rows.length - a.rows.length || order(a.id) - order(b.id) || (a.id < b.id ? -1 : 1));
}

/** Two known mistakes at once count for each of them. */
export function singleMistakes(step: Step, mistake: Mistake): readonly Mistake[] {
  const parts = mistake.id.split("+").map((id) => step.mistakes.find((known) => known.id === id));
  const known = parts.flatMap((part) => (part ? [{ id: part.id, sentence: part.sentence }] : []));
  return parts.length > 0 && known.length === parts.length ? known : [mistake];
}

/** A sentence of the diagnosis can have an answer's own numbers in it: the one that most answers got, the first of equals. */
function mostCommon(sentences: ReadonlyMap<string, number>): string {
  return [...sentences].reduce((best, one) => (one[1] > best[1] ? one : best))[0];
}
