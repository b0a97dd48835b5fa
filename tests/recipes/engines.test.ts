import { chownSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { projectRoot } from "../../grader/runner/project.ts";
import { canvasZip } from "../class/exports.ts";
import { madeUpClass } from "../class/made-up.ts";
import { dojo } from "../commands/in-process.ts";
import { sampleOf } from "../sample.ts";
import { box, bytesIn, gradeHere, isThere, killShards, problemOfParallel, run } from "./handed-in.ts";
import { importNode, podmanIn, problemOfPodman, type Podman } from "./podman.ts";
import { problemOfSlurm, startSlurm, type Slurm } from "./slurm.ts";

/** A hook's or a test's time on a machine that is busy, in milliseconds. */
const LONG = 600_000;

/** How many shards there are, in the order of what is tried if not all is. */
const counts = [7, 2, 1, 100].slice(0, sampleOf(4, 1));

/** Some steps of each length: what is graded is tested elsewhere. */
const steps = ["normalize", "dprobs", "dcounts", "dbnvar", "part2", "part3"];

const problems = {
  Slurm: problemOfSlurm(),
  "GNU parallel": problemOfParallel(),
  "the image": problemOfPodman(),
};
const sayWhy = (name: string, problem: string): void =>
  void process.stdout.write(`\nSKIPPED: a class in shards, ${name}: ${problem}\n`);
for (const [name, problem] of Object.entries(problems)) if (problem) sayWhy(name, problem);

/** What is installed may still not run, as in a container without rights: then its tests are skipped, and it is said why. */
async function started<T>(name: keyof typeof problems, start: () => Promise<T>): Promise<T | undefined> {
  try {
    return await start();
  } catch (error) {
    sayWhy(name, `it does not start here: ${(error as Error).message.trim()}`);
    return undefined;
  }
}

let folder: string;
const there = (...names: string[]): string => path.join(folder, ...names);
const asked = (out: string): string[] => [there("submissions.zip"), ...steps, "--out", there(out), ...box];
let alone: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-test-"));
  writeFileSync(there("submissions.zip"), canvasZip(madeUpClass(8)));
  await gradeHere(...asked("alone"));
  alone = bytesIn(there("alone"));
}, LONG);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Waits for the first result, and then kills what is at work; or for the end, if that comes first. */
async function killAtWork(out: string, running: Promise<unknown>, kill: () => Promise<boolean>): Promise<void> {
  const ended = running.then(
    () => true,
    () => true,
  );
  while (!(await Promise.race([ended, delay(20, false)]))) {
    if (isThere(there(out)) && (await kill())) break;
  }
  await ended;
}

/** Runs a class in shards: once while shards are killed, and then again, by the same command. */
async function killedAndAgain(out: string, shards: () => Promise<unknown>): Promise<void> {
  await killAtWork(out, shards(), async () => killShards(there(out)) > 0);
  for (const [name, text] of Object.entries(bytesIn(there(out)))) {
    if (!name.endsWith(".part")) expect(() => JSON.parse(text) as unknown, name).not.toThrow();
  }
  await shards();
  expect(bytesIn(there(out))).toEqual(alone);
}

describe.skipIf(problems["Slurm"])("a class on Slurm", () => {
  let slurm: Slurm | undefined;
  beforeAll(async () => {
    mkdirSync(there("slurm"));
    slurm = await started("Slurm", () => startSlurm(there("slurm")));
  }, LONG);
  afterAll(() => slurm?.end(), LONG);

  it.for(counts)(
    "cut into %i, of which some are killed and run again, has the same bytes as in one process",
    { timeout: LONG },
    async (count, { skip }) => {
      if (!slurm) return skip();
      const { run } = slurm;
      const out = `slurm-${count}`;
      await killedAndAgain(out, () => run(`--array=1-${count}`, "recipes/slurm.sh", ...asked(out)));
    },
  );
});

describe.skipIf(problems["GNU parallel"])("a class with GNU parallel", () => {
  it.each(counts)(
    "cut into %i, of which some are killed and run again, has the same bytes as in one process",
    (count) =>
      killedAndAgain(`parallel-${count}`, () =>
        run("recipes/parallel.sh", [String(count), ...asked(`parallel-${count}`)]),
      ),
    LONG,
  );
});

describe.skipIf(problems["the image"])("a class in the image", () => {
  let podman: Podman;
  let isNode: true | undefined;
  const image = "localhost/backprop-dojo";
  /** As Kubernetes and AWS Batch run it: another user than root, nothing to write but the class, and no network. */
  const container = (options: readonly string[], ...args: string[]): Promise<string> => {
    const walls = ["--read-only", "--read-only-tmpfs=false", "--network=none", "--cap-drop=all"];
    const kept = [`--volume=${there("class")}:/class`, "--security-opt=no-new-privileges", "--rm"];
    return podman("run", ...walls, ...kept, ...options, image, "submissions.zip", ...steps, ...args);
  };

  beforeAll(async () => {
    mkdirSync(there("podman"));
    podman = podmanIn(there("podman"));
    const node = "localhost/node";
    isNode = await started("the image", () => importNode(podman, there("node.tar"), node));
    if (!isNode) return;
    expect(await dojo(["pack", "image", there("packed")])).toMatchObject({ status: 0, stderr: "" });
    const build = ["--isolation=chroot", "--layers=false", `--build-arg=NODE=${node}`, `--tag=${image}`];
    await podman("build", ...build, there("packed"));
    mkdirSync(there("class"));
    copyFileSync(there("submissions.zip"), there("class/submissions.zip"));
    chownSync(there("class"), 1000, 1000);
  }, LONG);

  beforeEach(({ skip }) => skip(!isNode));

  it("is refused behind the container's wall alone, with what to do", async () => {
    await expect(container([])).rejects.toThrow(
      /bubblewrap does not run here .* --untrusted=best-effort grades without/,
    );
  });

  it(
    "has the same bytes in bubblewrap, where the container does not mask /proc",
    async () => {
      await container(["--security-opt=unmask=ALL"], "--shard=1/4", "--out=boxed");
      const boxed = bytesIn(there("class/boxed"));
      expect(Object.keys(boxed).length).toBeGreaterThan(2);
      expect(alone).toMatchObject(boxed);
    },
    LONG,
  );

  it(
    "has them also in shards without bubblewrap, of which one is killed and run again",
    async () => {
      const { containerProperties } = parse(readFileSync(path.join(projectRoot, "recipes/aws-batch.yaml"), "utf8")) as {
        containerProperties: { command: string[] };
      };
      const [submissions, ...options] = containerProperties.command;
      expect(submissions).toBe("submissions.zip");
      const shard = (index: number): Promise<string> => {
        const says = { AWS_BATCH_JOB_ARRAY_INDEX: index, AWS_BATCH_JOB_ARRAY_SIZE: 2 };
        const env = Object.entries(says).map(([name, value]) => `--env=${name}=${value}`);
        return container([...env, `--name=shard-${index}`], ...options);
      };
      await killAtWork("class/results", shard(0), () =>
        podman("kill", "shard-0").then(
          () => true,
          () => false,
        ),
      );
      await Promise.all([shard(0), shard(1)]);
      const results = bytesIn(there("class/results"));
      expect(withoutKeys(results)).toEqual(withoutKeys(alone));
    },
    LONG,
  );
});

/** The box is part of a result's key. */
function withoutKeys(files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [name, text.replace(/"key": "\w+"/, "")]));
}
