import { harmless } from "../../report/harmless.ts";
import { counted, listed } from "../../report/class/view.ts";
import { proseWidth, fold, cutTo } from "../../report/text.ts";
import { requiredSteps } from "../../course/steps.ts";
import type { Recognized } from "../../class/sources/found.ts";
import { displayNames } from "../../class/merge/people.ts";
import type { Submission } from "../../class/record.ts";
import type { ClassList } from "../../class/submissions.ts";
import { optionAgain } from "../usage.ts";
import { displayPath } from "../../runner/project.ts";
import type { Change, LookedAll, Outcome } from "./all.ts";
import type { ClassOptions } from "./options.ts";

/** How many names of a kind are listed. */
const MOST = 10;

/** What was recognized, before anything is read. */
export function recognizedLines(
  { submissions, steps, shard, jobs, box }: ClassOptions,
  { what, passedOver }: Recognized,
  { unread, older, roster }: ClassList,
  chosen: number,
): string[] {
  const groups = unread.filter(({ submission }) => submission.people.length > 1).length;
  const late = unread.filter(({ submission }) => submission.late).length;
  const notes = [...(groups > 0 ? [`${groups} by groups`] : []), ...(late > 0 ? [`${late} late`] : [])];
  return wrapped([
    `${displayPath(submissions)} is ${what}: ${counted(unread.length, "submission")}${notes.length > 0 ? `, ${notes.join(", ")}` : ""}`,
    ...(older.length > 0
      ? [`  handed in twice, the newest counts: ${named(older.map(({ name, newer }) => `${name} (${newer} counts)`))}`]
      : []),
    ...(passedOver.length > 0 ? [`  nobody's, passed over: ${named(passedOver)}`] : []),
    ...(roster ? rosterLines(roster) : []),
    ...(shard
      ? [
          `  shard ${shard.index}/${shard.count}${shard.from === "" ? "" : `, as ${shard.from} says`}: ${chosen} of them`,
        ]
      : []),
    `  ${steps.length === requiredSteps.length ? `all ${steps.length} steps` : counted(steps.length, "step")}, ${jobs} at the same time, ${box === "bubblewrap" ? "in bubblewrap" : "without bubblewrap"}`,
  ]);
}

function rosterLines({ people, found, missing }: NonNullable<ClassList["roster"]>): string[] {
  const fit =
    found === 0
      ? "  the roster fits nobody: its ids, logins, emails and names are other ones; the results keep what the submissions say"
      : `  ${found} of ${people} people are on the roster`;
  if (missing.length === 0) return [fit];
  const names = missing.map(({ name, id }) => name ?? id);
  return [fit, `  ${missing.length} on the roster handed nothing in: ${named(names)}`];
}

/** What there is to grade, after everything was looked at. */
export function foundLines({ open, loose, unchanged, problems }: LookedAll): string[] {
  return wrapped([
    `  ${open.length} to grade${loose > 0 ? ` (${loose} of loose files)` : ""}, ${unchanged} unchanged, ${problems.length} that cannot be read`,
  ]);
}

/** What came of it. */
export function endLines(
  { unchanged, revalued, problems }: Pick<LookedAll, "unchanged" | "revalued" | "problems">,
  { graded, changed, failures, left }: Outcome,
  out: string,
  signal?: NodeJS.Signals,
): string[] {
  const lines = problems.map(({ submission, problem }) => `  ${whose(submission)}: ${problem.message}`);
  const moved = [...revalued, ...changed].map((one) => `  ${whose(one.submission)}: ${moveOf(one)}`);
  const there = graded + unchanged + problems.length;
  return wrapped([
    ...some(lines, `${counted(problems.length, "submission")} cannot be read:`),
    ...some(moved, `${counted(moved.length, "submission")} with other points than before:`),
    ...some(
      failures.map(({ submission, why }) => `  ${whose(submission)}: ${why}`),
      `${counted(failures.length, "submission")} could not be graded:`,
    ),
    ...(signal ? [`stopped by ${signal}`] : []),
    `${graded} graded, ${unchanged} unchanged; ${counted(there, "result")} in ${out}`,
    ...(failures.length + left > 0
      ? [`${failures.length + left} without a result: the same command again grades them`]
      : []),
  ]);
}

/** Who handed something in, and which result file is theirs. */
function whose({ id, people }: Pick<Submission, "id" | "people">): string {
  const who = harmless(displayNames({ id, people }));
  return who === id ? id : `${cutTo(who, 60)} (${id})`;
}

/** How points changed, and what with them. */
function moveOf({ before, now, steps }: Change): string {
  const isSameWorth = before.possible === now.possible;
  const [was, is] = [before, now].map(({ earned, possible }) =>
    isSameWorth ? `${earned}` : `${earned} of ${possible}`,
  );
  return `${was} before, ${is} now (${[...(isSameWorth && steps.length > 0 ? [] : ["other points"]), ...steps].join(", ")})`;
}

/** What to do with the results. */
export function nextLines(out: string, isShard: boolean): string[] {
  const merge = `npm run class -- merge${spaced(out)}`;
  return wrapped([
    isShard
      ? `next: when all shards are done, ${merge} shows what the class misunderstood`
      : `next: ${merge} --format html --output class.html writes this as a page, and more`,
  ]);
}

/** A folder as it is typed after a command. */
function spaced(out: string): string {
  return optionAgain("--from", out).replace(/^ --from/, "");
}

/** Some lines with a heading, or none. */
function some(lines: readonly string[], heading: string): string[] {
  if (lines.length === 0) return [];
  const more = lines.length > MOST ? [`  and ${lines.length - MOST} more`] : [];
  return [heading, ...lines.slice(0, MOST), ...more];
}

/** Names as somebody else has chosen them, the first of them. */
function named(names: readonly string[]): string {
  return listed(
    names.map((name) => cutTo(harmless(name), 60)),
    MOST,
  );
}

function wrapped(lines: readonly string[]): string[] {
  const width = proseWidth(process.stdout.columns);
  return lines.flatMap((line) => fold(line, width, 2));
}
