import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import v8 from "node:v8";
import { classRates, jobs } from "./classes.ts";
import { ourContestants, pythonContestants, type Blas, type Contestant } from "./contestants.ts";
import { decoderContestants } from "./decoder.ts";
import { CERTIFICATES, coldGrade, profiledGrade, regrade, type Times } from "./grading.ts";
import { median } from "./median.ts";
import { sharesOfStep } from "./operations.ts";

/**
 * `npm run bench [-- --json FILE] [--rounds N]`: everything is measured in one run, in turns, so that a machine that slows
 * down does so for all contestants. Only ratios can be compared between machines; they are ratios of the medians of single
 * steps, which a busy machine affects least.
 */

// as where exercises run, see grader/runner/box.ts
v8.setFlagsFromString("--no-incremental-marking");

/** How many turns each contestant gets if nothing else is said. */
const ROUNDS = "20";

const { values } = parseArgs({
  args: process.argv.slice(3).filter((word) => word !== "--"),
  options: {
    json: { type: "string" },
    rounds: { type: "string", default: ROUNDS },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help) {
  process.stdout.write(`bench [--rounds N] [--json FILE]
    Times a training step of part 4 against NumPy and PyTorch, if a Python here has them, and times grading. Everything
    is measured in turns, so that a machine that slows down does so for all. docs/speed.md explains the figures.
    --rounds N         how many turns each contestant gets; ${ROUNDS} by default
    --json FILE        also writes the figures to a file

npm run help describes the other commands.
`);
  process.exit(0);
}
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) {
  process.stderr.write(`--rounds ${values.rounds}: expected a whole number, at least 1\n`);
  process.exit(2);
}
/** How long each contestant runs steps in its turn, in milliseconds; a warm-up comes first. */
const TURN = 100;

/** How long a contestant took for a step, in microseconds. */
interface Result {
  name: string;
  blas?: Blas;
  median: number;
  /** The tenth percentile of the measurements. */
  fast: number;
  /** The mean processor time, including garbage collection. */
  processor: number;
}

interface Goal {
  what: string;
  value: number;
  goal: string;
  met: boolean;
}

const machine = `${cpus()[0]?.model ?? "unknown"}, ${cpus().length} cores, Node ${process.versions.node}`;
const out = (text = ""): void => void process.stdout.write(`${text}\n`);
out(`# npm run bench: ${machine}, ${rounds} rounds\n`);

const python = await pythonContestants();
for (const line of linesOfBlas(python.contestants)) out(line);
const steps = await race([...ourContestants(), ...python.contestants]);
python.close();
const ours = steps[0]!;
table(
  "training step (n 32, hidden 200), one thread",
  ["median, µs", "fastest tenth", "processor time", "of the solution"],
  [
    ...steps.map(({ name, blas, median, fast, processor }) => [
      name,
      median.toFixed(0),
      fast.toFixed(0),
      processor.toFixed(0),
      blas?.isReference ? "reference BLAS" : (median / ours.median).toFixed(2),
    ]),
    ...python.missing.map((name) => [name, "not installed"]),
  ],
);

const decoder = await decoderContestants();
const decoderSteps = await race(decoder.contestants);
decoder.close();
table(
  "training step of the decoder (batch 32, 32 channels), one thread",
  ["median, µs", "fastest tenth", "processor time", "of the solution"],
  decoderSteps.map(({ name, blas, median, fast, processor }) => [
    name,
    median.toFixed(0),
    fast.toFixed(0),
    processor.toFixed(0),
    blas?.isReference ? "reference BLAS" : (median / decoderSteps[0]!.median).toFixed(2),
  ]),
);

const shares = await sharesOfStep(ours);
table(
  "where a step of the solution goes",
  ["calls", "µs", "share"],
  shares.map(({ what, calls, microseconds }) => [
    what,
    calls === 0 ? "" : String(calls),
    microseconds.toFixed(1),
    `${((100 * microseconds) / ours.median).toFixed(0)} %`,
  ]),
);

const cold = await several(Math.max(3, Math.ceil(rounds / 2)), coldGrade);
const times = (all: Record<string, number[]>): string[][] =>
  Object.entries(all).map(([what, all]) => [what, median(all).toFixed(0)]);
if (process.env[CERTIFICATES] !== undefined) {
  out(`${CERTIFICATES} is set here. Grading is measured without it, because each process of Node`);
  out("would read these certificates when it starts.");
}
table("all solutions graded, cold", ["median, ms"], times(cold));
const profile = await several(3, profiledGrade);
table("where a grading goes, under a profiler", ["median, ms"], times(profile));
const again = await regrade(Math.max(3, rounds));
table("one changed step graded again", ["median, ms"], times(again));
const rates = await classRates();
table(
  `a class, ${jobs} at the same time`,
  ["submissions per minute"],
  Object.entries(rates).map(([what, rate]) => [what, rate.toFixed(0)]),
);

const goals = [
  ...goalAgainst(steps, "index_add", "the solution, times as fast as PyTorch with index_add", 2),
  ...goalAgainst(steps, "loop", "the solution, times as fast as the lecture's loop", 3),
  ...goalAgainst(decoderSteps, "AdamW", "the solution of part 8, times as fast as PyTorch", 1),
  atMost(
    "the solution, of the fused limit",
    ours.median / steps.find(({ name }) => name.includes("limit"))!.median,
    2.3,
  ),
  atMost("all solutions graded cold, through npm, s", median(cold["npm run grade"]!) / 1000, 1.2),
  atLeast("fresh and full submissions per minute", rates["fresh and full"], 120),
  atLeast("half done submissions per minute", rates["half done"], 200),
  atLeast("unchanged submissions per minute", rates.unchanged, 2000),
  atMost("one changed step graded again, s", Math.max(...Object.values(again).map(median)) / 1000, 0.1),
];
table(
  "goal",
  ["measured", ""],
  goals.map(({ what, value, goal, met }) => [what, value.toFixed(2), `${goal}: ${met ? "reached" : "not reached"}`]),
);

if (values.json !== undefined) {
  const medians = (all: Record<string, number[]>): Times =>
    Object.fromEntries(Object.entries(all).map(([name, times]) => [name, median(times)]));
  const grading = { cold: medians(cold), profile: medians(profile), again: medians(again), rates };
  const data = { machine, rounds, steps, missing: python.missing, shares, ...grading, goals };
  writeFileSync(values.json, `${JSON.stringify(data, null, 2)}\n`);
}

/** The libraries that NumPy and PyTorch multiply matrices with, and what that means for the ratios. */
function linesOfBlas(contestants: readonly Contestant[]): string[] {
  const named = new Map(contestants.map(({ name, blas }) => [name.split(",")[0]!, blas!]));
  const lines = [...named].map(([library, { name }]) => `${library} computes with ${name}.`);
  const slow = [...named].filter(([, { isReference }]) => isReference).map(([library]) => library);
  if (slow.length > 0) {
    lines.push(
      `The reference BLAS is not made for speed, so no ratio to ${slow.join(" and ")} is given; on Debian,`,
      "apt-get install libopenblas0-pthread gives them OpenBLAS.",
    );
  }
  return lines;
}

/** Times the contestants in turn, round after round. */
async function race(contestants: Contestant[]): Promise<Result[]> {
  const all = contestants.map((contestant) => ({ contestant, clock: [] as number[], processor: [] as number[] }));
  for (const { contestant } of all) await contestant.run(10 * TURN);
  for (let round = 0; round < rounds; round++) {
    for (const { contestant, clock, processor } of all) {
      const timing = await contestant.run(TURN);
      for (const step of timing.steps) clock.push(step);
      processor.push(timing.processor);
    }
  }
  return all.map(({ contestant: { name, blas }, clock, processor }) => {
    const fast = clock.toSorted((a, b) => a - b)[Math.floor(clock.length / 10)]!;
    return { name, ...(blas && { blas }), median: median(clock), fast, processor: median(processor) };
  });
}

async function several(times: number, measure: () => Promise<Times>): Promise<Record<string, number[]>> {
  const all: Record<string, number[]> = {};
  for (let i = 0; i < times; i++) {
    for (const [name, value] of Object.entries(await measure())) (all[name] ??= []).push(value);
  }
  return all;
}

/** How many times as fast as one of PyTorch's loops the first is; nothing if there is none, or if it computes with the reference BLAS. */
function goalAgainst(results: readonly Result[], loop: string, what: string, least: number): Goal[] {
  const other = results.find(({ name }) => name.startsWith("PyTorch") && name.endsWith(loop));
  if (!other || other.blas?.isReference) return [];
  const value = other.median / results[0]!.median;
  return [{ what, value, goal: `at least ${least}`, met: value >= least }];
}

function atMost(what: string, value: number, most: number): Goal {
  return { what, value, goal: `at most ${most}`, met: value <= most };
}

function atLeast(what: string, value: number, least: number): Goal {
  return { what, value, goal: `at least ${least}`, met: value >= least };
}

/** A table in Markdown: the title heads the first column, the rows' names. */
function table(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): void {
  out(`\n| ${[title, ...columns].join(" | ")} |\n| :-- |${" --: |".repeat(columns.length)}`);
  for (const row of rows)
    out(`| ${[...row, ...Array<string>(columns.length + 1 - row.length).fill("")].join(" | ")} |`);
}
