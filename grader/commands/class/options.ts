import { readFileSync } from "node:fs";
import { availableParallelism, freemem } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { dojo } from "../../course/steps.ts";
import { handedLimits } from "../../class/limits.ts";
import { pointsPerStep, PointsError, type PointsPerStep } from "../../class/points.ts";
import { readRoster, RosterError, type Roster } from "../../class/roster.ts";
import { ShardError, shardFrom, type Shard } from "../../class/shard.ts";
import type { Step } from "../../kit/step.ts";
import { bubblewrapProblem, type Box } from "../../runner/box.ts";
import type { NamesFile } from "../../runner/data.ts";
import { whyNot } from "../../runner/system.mjs";
import { boxFor, namesFrom, resolvePath, selectSteps, spellOut, UsageError } from "../usage.ts";

/** What `class` was asked for. */
export interface ClassOptions {
  /** A folder, a zip or a file. */
  submissions: string;
  steps: readonly Step[];
  out: string;
  roster: Roster | undefined;
  points: PointsPerStep;
  pattern: RegExp | undefined;
  shard: Shard | undefined;
  jobs: number;
  seed: string | undefined;
  names: NamesFile;
  /** The file of the names. */
  data: string | undefined;
  isAgain: boolean;
  box: Box;
}

/** @throws UsageError if something is asked for that cannot be */
export function classOptions(args: readonly string[]): ClassOptions {
  const { values, positionals } = parseArgs({
    args: spellOut(args),
    allowPositionals: true,
    options: {
      out: { type: "string", default: "results" },
      roster: { type: "string" },
      points: { type: "string" },
      "id-pattern": { type: "string" },
      shard: { type: "string" },
      jobs: { type: "string" },
      seed: { type: "string" },
      data: { type: "string" },
      again: { type: "boolean", default: false },
      untrusted: { type: "string" },
    },
  });
  const [submissions, ...words] = positionals;
  if (submissions === undefined) {
    throw new UsageError("class needs what was handed in: a folder or a zip, as in npm run class -- submissions.zip");
  }
  const steps = selectSteps(words);
  const { roster, points, shard } = values;
  return {
    submissions: resolvePath(submissions),
    steps,
    out: path.resolve(process.env["INIT_CWD"] ?? process.cwd(), values.out),
    roster: roster === undefined ? undefined : inFile("--roster", roster, readRoster),
    points:
      points === undefined
        ? pointsPerStep(dojo, steps)
        : inFile("--points", points, (text) => pointsPerStep(dojo, steps, text)),
    pattern: patternFrom(values["id-pattern"]),
    shard: shard === undefined ? undefined : asUsage("", () => shardFrom(shard, process.env)),
    jobs: jobsFrom(values.jobs),
    seed: values.seed,
    names: namesFrom(values.data),
    data: values.data,
    isAgain: values.again,
    box: strongestBox(values.untrusted),
  };
}

/** What a file says that an option names. */
function inFile<X>(option: string, typed: string, read: (text: string) => X): X {
  let text: string;
  try {
    text = readFileSync(resolvePath(typed), "utf8");
  } catch (error) {
    throw new UsageError(`${option} ${typed}: cannot be read (${whyNot(error)}); is the path right?`);
  }
  return asUsage(`${option} ${typed}: `, () => read(text));
}

function asUsage<X>(start: string, make: () => X): X {
  try {
    return make();
  } catch (error) {
    const isTheirs = error instanceof RosterError || error instanceof PointsError || error instanceof ShardError;
    throw isTheirs ? new UsageError(start + error.message) : error;
  }
}

function patternFrom(typed: string | undefined): RegExp | undefined {
  if (typed === undefined) return undefined;
  let pattern: RegExp;
  try {
    pattern = new RegExp(typed, "u");
  } catch (error) {
    throw new UsageError(`--id-pattern: ${(error as Error).message}`);
  }
  if (typed.includes("(?<id>")) return pattern;
  throw new UsageError("--id-pattern has no group id, which says whose a file is, as in '(?<id>\\d+)-(?<name>[^/]+)/'");
}

/** What one job needs at most in usual cases, in bytes: its own process and two of learner code. */
const MEMORY_PER_JOB = 600_000_000;

function jobsFrom(typed: string | undefined): number {
  if (typed === undefined) {
    return Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / MEMORY_PER_JOB)));
  }
  const jobs = Number(typed);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= handedLimits.files) return jobs;
  throw new UsageError(`--jobs ${typed}: write how many are graded at the same time, from 1`);
}

/** Other people's files run in bubblewrap, unless the instructor says otherwise. */
function strongestBox(untrusted: string | undefined): Box {
  if (untrusted !== undefined) return boxFor(untrusted);
  const problem = bubblewrapProblem();
  if (problem === undefined) return "bubblewrap";
  throw new UsageError(
    `class grades other people's files in bubblewrap, and ${problem}. --untrusted=best-effort grades without it: inside a ` +
      "container or a virtual machine without network, that is enough",
  );
}
