import { createHash } from "node:crypto";
import { compare } from "./handed/handed.ts";

/** One of several equal parts of a class, counted from 1. */
export interface Shard {
  index: number;
  count: number;
  /** Where that is known from. */
  from: string;
}

/** A shard that cannot be told. */
export class ShardError extends Error {
  override name = "ShardError";
}

/** What a system calls the number of a job among several, and how many there are. */
interface Engine {
  name: string;
  index: string;
  /** The first job's number; where the user decides, the variables that say it. */
  first: 0 | 1 | Numbering;
  /** Undefined if the system does not say. */
  count?: string;
}

/** The variables with the first and the last number, and with the step between two. */
interface Numbering {
  first: string;
  last: string;
  step: string;
}

/** Where the system does not say how many there are, this does; with the next one it also serves for a system not listed. */
export const COUNT = "SHARD_COUNT";
export const INDEX = "SHARD_INDEX";

/** As each system's own documentation has it. */
export const engines: readonly Engine[] = [
  { name: "this environment", index: INDEX, first: 1, count: COUNT },
  {
    name: "Slurm",
    index: "SLURM_ARRAY_TASK_ID",
    first: { first: "SLURM_ARRAY_TASK_MIN", last: "SLURM_ARRAY_TASK_MAX", step: "SLURM_ARRAY_TASK_STEP" },
    count: "SLURM_ARRAY_TASK_COUNT",
  },
  { name: "GNU parallel", index: "PARALLEL_SEQ", first: 1 },
  { name: "Kubernetes", index: "JOB_COMPLETION_INDEX", first: 0 },
  { name: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", first: 0, count: "AWS_BATCH_JOB_ARRAY_SIZE" },
  { name: "Cloud Run", index: "CLOUD_RUN_TASK_INDEX", first: 0, count: "CLOUD_RUN_TASK_COUNT" },
  { name: "GitLab", index: "CI_NODE_INDEX", first: 1, count: "CI_NODE_TOTAL" },
  { name: "CircleCI", index: "CIRCLE_NODE_INDEX", first: 0, count: "CIRCLE_NODE_TOTAL" },
  { name: "Buildkite", index: "BUILDKITE_PARALLEL_JOB", first: 0, count: "BUILDKITE_PARALLEL_JOB_COUNT" },
  { name: "Bitbucket", index: "BITBUCKET_PARALLEL_STEP", first: 0, count: "BITBUCKET_PARALLEL_STEP_COUNT" },
  { name: "Semaphore", index: "SEMAPHORE_JOB_INDEX", first: 1, count: "SEMAPHORE_JOB_COUNT" },
  { name: "Azure Pipelines", index: "SYSTEM_JOBPOSITIONINPHASE", first: 1, count: "SYSTEM_TOTALJOBSINPHASE" },
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The shard that `--shard` asks for: `2/7`, or `auto` for what the system says that this runs on.
 *
 * @throws ShardError if it says nothing, or if two say different things
 */
export function shardFrom(typed: string, environment: Environment): Shard {
  if (typed !== "auto") {
    const [, index, count] = /^(\d+)\/(\d+)$/.exec(typed) ?? [];
    return checked({ index: Number(index), count: Number(count), from: "" }, `--shard ${typed}`);
  }
  const found = engines.flatMap((engine) => shardOf(engine, environment));
  const [first] = found;
  if (!first) {
    throw new ShardError(
      `--shard auto: no system here says which shard this is; write --shard 2/7, or set ${INDEX} and ${COUNT}`,
    );
  }
  const other = found.find(({ index, count }) => index !== first.index || count !== first.count);
  if (!other) return first;
  throw new ShardError(
    `--shard auto: ${first.from} says ${first.index}/${first.count}, and ${other.from} says ${other.index}/${other.count}; write --shard 2/7 instead`,
  );
}

function shardOf({ name, index, first, count }: Engine, environment: Environment): Shard[] {
  const [number, total] = [environment[index], environment[count ?? COUNT] ?? environment[COUNT]];
  // a count alone is for another system that does not say it
  if (number === undefined || number === "") return [];
  const from = `${name} (${index})`;
  if (total === undefined) {
    throw new ShardError(
      `--shard auto: ${from} does not say how many shards there are; set ${COUNT} as well, or write --shard 2/7`,
    );
  }
  const { start, step } =
    typeof first === "object" ? spaced(first, whole(total), environment, from) : { start: first, step: 1 };
  const shard = { index: (whole(number) - start) / step + 1, count: whole(total), from };
  return [checked(shard, `--shard auto: ${from}`)];
}

/**
 * The first number, and the step between two.
 *
 * @throws ShardError if they are not evenly spaced, as those of a few shards of many: their count is not that of all
 */
function spaced(
  { first, last, step: between }: Numbering,
  count: number,
  environment: Environment,
  from: string,
): { start: number; step: number } {
  const missing = [first, last].filter((name) => environment[name] === undefined);
  if (missing.length > 0) {
    throw new ShardError(`--shard auto: ${from} needs ${missing.join(" and ")} as well; or write --shard 2/7`);
  }
  const [start, step] = [whole(environment[first]), whole(environment[between] ?? "1")];
  if (start + (count - 1) * step === whole(environment[last])) return { start, step };
  throw new ShardError(
    `--shard auto: the numbers of ${from} have gaps; start all shards, because those that are done end at once, or write --shard 2/7`,
  );
}

function whole(value: string | undefined): number {
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : NaN;
}

function checked(shard: Shard, said: string): Shard {
  const { index, count } = shard;
  if (Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 1 && index <= count) return shard;
  throw new ShardError(`${said}: a shard is its number and how many there are, from 1/1, as in 2/7`);
}

/** The ids of a shard, the same on every machine: in the order of their hashes, cut into equal parts. */
export function inShard(ids: readonly string[], { index, count }: Pick<Shard, "index" | "count">): string[] {
  const hashed = ids.map((id) => ({ id, hash: createHash("sha256").update(id).digest("hex") }));
  const sorted = hashed.toSorted((a, b) => compare(a.hash, b.hash)).map(({ id }) => id);
  const cut = (part: number): number => Math.floor((part * sorted.length) / count);
  return sorted.slice(cut(index - 1), cut(index));
}
