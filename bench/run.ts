import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { ourContestants, pythonContestants, type Contestant } from "./contestants.ts";
import { coldGrade, regrade, type Times } from "./grading.ts";

/**
 * `npm run bench [-- --json FILE] [--rounds N]`: everything is measured in one run, turn by turn, so that a machine that
 * grows slower does so for all of them. What is to be compared are the ratios.
 */

const { values } = parseArgs({
  args: process.argv.slice(3).filter((word) => word !== "--"),
  options: { json: { type: "string" }, rounds: { type: "string", default: "20" } },
});
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`--rounds ${values.rounds}: give a whole number from 1\n`);
  process.exit(2);
}
/** How long each takes steps at its turn, in milliseconds; a warm-up comes first. */
const TURN = 100;
const GOALS = [
  { what: "the solution, times as fast as PyTorch with index_add", of: "PyTorch, index_add", least: 2 },
  { what: "the solution, times as fast as the lecture's loop", of: "PyTorch, the lecture's loop", least: 3 },
];

const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node ${process.versions.node}`;
const out = (text = ""): void => void process.stdout.write(`${text}\n`);
out(`# npm run bench: ${machine}, ${rounds} rounds\n`);

const python = await pythonContestants();
const steps = await race([...ourContestants(), ...python.contestants]);
python.close();
const ours = steps[0]!.median;
out("| training step (n 32, hidden 200) | median, µs | fastest tenth | of the solution |\n| :-- | --: | --: | --: |");
for (const { name, median, fast } of steps) {
  out(`| ${name} | ${median.toFixed(0)} | ${fast.toFixed(0)} | ${(median / ours).toFixed(2)} |`);
}
for (const name of python.missing) out(`| ${name} | not here | | |`);

const cold = await several(Math.max(3, Math.ceil(rounds / 2)), coldGrade);
out("\n| all solutions graded, cold | median, ms |\n| :-- | --: |");
for (const [what, all] of Object.entries(cold)) out(`| ${what} | ${median(all).toFixed(0)} |`);

const again = await regrade(Math.max(3, rounds));
out("\n| one changed step graded again | median, ms |\n| :-- | --: |");
for (const [id, all] of Object.entries(again)) out(`| ${id} | ${median(all).toFixed(0)} |`);

const limit = steps.find(({ name }) => name.includes("limit"))!.median;
const goals = [
  ...GOALS.flatMap(({ what, of, least }) => {
    const [library, rest] = of.split(", ");
    const other = steps.find(({ name }) => name.startsWith(library!) && name.endsWith(rest!));
    return other
      ? [{ what, value: other.median / ours, goal: `at least ${least}`, met: other.median / ours >= least }]
      : [];
  }),
  { what: "the solution, of the fused limit", value: ours / limit, goal: "at most 3", met: ours / limit <= 3 },
  goal("all solutions graded cold, through npm, s", median(cold["npm run grade"]!) / 1000, 1),
  goal("one changed step graded again, s", Math.max(...Object.values(again).map(median)) / 1000, 0.15),
];
out("\n| goal | measured | |\n| :-- | --: | :-- |");
for (const { what, value, goal, met } of goals) {
  out(`| ${what} | ${value.toFixed(2)} | ${goal}: ${met ? "reached" : "not reached"} |`);
}

if (values.json !== undefined) {
  const medians = (all: Record<string, number[]>): Times =>
    Object.fromEntries(Object.entries(all).map(([name, times]) => [name, median(times)]));
  const data = { machine, rounds, steps, missing: python.missing, cold: medians(cold), again: medians(again), goals };
  writeFileSync(values.json, `${JSON.stringify(data, null, 2)}\n`);
}

function goal(what: string, value: number, most: number) {
  return { what, value, goal: `at most ${most}`, met: value <= most };
}

/** Each in turn, round after round. */
async function race(contestants: Contestant[]) {
  const times = contestants.map((): number[] => []);
  for (const contestant of contestants) await contestant.run(4 * TURN);
  for (let round = 0; round < rounds; round++) {
    for (const [i, contestant] of contestants.entries()) times[i]!.push(...(await contestant.run(TURN)));
  }
  return contestants.map(({ name }, i) => {
    const sorted = times[i]!.toSorted((a, b) => a - b);
    return { name, median: median(sorted), fast: sorted[Math.floor(sorted.length / 10)]! };
  });
}

async function several(times: number, measure: () => Promise<Times>): Promise<Record<string, number[]>> {
  const all: Record<string, number[]> = {};
  for (let i = 0; i < times; i++) {
    for (const [name, value] of Object.entries(await measure())) (all[name] ??= []).push(value);
  }
  return all;
}

function median(times: readonly number[]): number {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
