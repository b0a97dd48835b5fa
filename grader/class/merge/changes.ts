import type { Step } from "../../kit/step.ts";
import { stepName, type Change, type Row } from "../../report/class/view.ts";
import type { ClassDocument } from "../record.ts";

type Settings = Pick<ClassDocument, "steps"> | undefined;

/**
 * Whose points differ from earlier results, and what the difference comes from. Submissions with equal points are left
 * out.
 */
export function changesSince(
  steps: readonly Step[],
  before: readonly Row[],
  after: readonly Row[],
  settingsBefore: Settings,
  settings: Settings,
): Change[] {
  const old = new Map(before.map((row) => [row.id, row]));
  const now = new Set(after.map(({ id }) => id));
  const changed = after.flatMap((row): Change[] => {
    const was = old.get(row.id);
    const { id, name, points } = row;
    if (!was) return [{ id, name, before: null, after: points.earned, causes: ["handed in since"], steps: [] }];
    if (was.points.earned === points.earned) return [];
    const causes = causesOf(was, row, settingsBefore, settings);
    return [{ id, name, before: was.points.earned, after: points.earned, causes, steps: differing(steps, was, row) }];
  });
  const gone = before.filter(({ id }) => !now.has(id));
  return [
    ...changed,
    ...gone.map(({ id, name, points }) => {
      return { id, name, before: points.earned, after: null, causes: ["no result any more"], steps: [] };
    }),
  ];
}

/** Everything that was different when the second result was made. */
function causesOf(was: Row, row: Row, settingsBefore: Settings, settings: Settings): string[] {
  const isSameGrader = was.made.grader === row.made.grader;
  const isSameWorth = JSON.stringify(settingsBefore?.steps) === JSON.stringify(settings?.steps);
  const causes = [
    ...(was.received !== row.received ? ["handed in again"] : []),
    ...(isSameGrader ? [] : [`grader ${row.made.grader}, was ${was.made.grader}`]),
    ...(was.made.data === row.made.data ? [] : ["other names for part 4"]),
    ...(was.made.seed === row.made.seed ? [] : ["another --seed"]),
    ...(settingsBefore && settings && !isSameWorth ? ["other steps or points"] : []),
    ...(was.problem === null || row.problem !== null ? [] : ["could not be graded before"]),
    ...(was.problem !== null || row.problem === null ? [] : ["can no longer be graded"]),
  ];
  // an equal key has an equal result: with nothing else different, the files are
  return causes.length > 0 ? causes : ["its files are different"];
}

/** The steps whose verdict differs, with both verdicts. */
function differing(steps: readonly Step[], was: Row, row: Row): string[] {
  return steps.flatMap((step) => {
    const [old, now] = [was.cells.get(step.id), row.cells.get(step.id)];
    if (old?.passed === now?.passed) return [];
    return [`${stepName(step)}: ${now?.verdict ?? "not graded"}, was ${old?.verdict ?? "not graded"}`];
  });
}
