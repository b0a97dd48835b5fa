import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { sampled } from "../sample.ts";
import { browsers, gradeIn, hasBrowser } from "./browsers.ts";
import { gradeHere, resultsOf, type Timeless } from "./here.ts";
import type { Job, JobDone } from "./jobs.ts";
import { attackJobs, heldBackJobs, oddJobs, roomJobs, solutionsJob, stubsJob } from "./trees.ts";

const LONGEST_MS = 900_000;
vi.setConfig({ testTimeout: LONGEST_MS, hookTimeout: LONGEST_MS });

/** All trees take ten minutes in each browser. */
const some = (jobs: readonly Job[]): Job[] => sampled(jobs, 48);

const { mistakes, forms } = roomJobs();
const others = [heldBackJobs(), mistakes, forms, oddJobs].flatMap(some);
const plain = [solutionsJob, stubsJob, ...others];
const hostile = some(attackJobs());

/** Hostile files with other verdicts here and there, and why. */
const otherVerdicts: readonly [name: RegExp, why: string][] = [
  [/^hang: a finalizer/, "when the engine collects garbage is chance"],
  [/^exhaust: /, "a browser has no limit of memory, so that the limit of time comes first"],
  [/near the end of its own/, "how deep calls can go differs between programs"],
  [
    /nested a hundred thousand deep|^exhaust the bundler: templates/,
    "the page's compiler calls itself for each bracket",
  ],
  [/ends a comment|prototype's/, "a name that the page's compiler cannot export"],
];

let gradedHere: Promise<ReadonlyMap<string, readonly Timeless[]>> | undefined;

describe.each(browsers.filter(hasBrowser))("the page in %s", (browser) => {
  let here: ReadonlyMap<string, readonly Timeless[]>;
  let done: readonly JobDone[];
  beforeAll(async () => {
    const all = [...plain, ...hostile];
    gradedHere ??= gradeHere(all);
    [here, done] = await Promise.all([gradedHere, gradeIn(browser, all, LONGEST_MS)]);
  });

  it("gives the command line's results, byte for byte", () => {
    const [ours, theirs] = [createHash("sha256"), createHash("sha256")];
    let count = 0;
    for (const job of done.filter(({ name }) => plain.some((one) => one.name === name))) {
      const results = resultsOf(job);
      expect(results, job.name).toEqual(here.get(job.name));
      ours.update(JSON.stringify(here.get(job.name)));
      theirs.update(JSON.stringify(results));
      count += results.length;
    }
    const hash = theirs.digest("hex");
    process.stdout.write(`${browser}: ${count} results in ${plain.length} trees: ${hash}\n`);
    expect(hash).toBe(ours.digest("hex"));
  });

  it.each(hostile.map(({ name }) => name))("rejects what the command line rejects: %s", (name) => {
    const job = done.find((one) => one.name === name)!;
    const [beside, attacking] = [...resultsOf(job)];
    const [besideHere, attackingHere] = here.get(name)!;
    expect(beside).toEqual(besideHere);
    expect(attacking!.passed).toBe(attackingHere!.passed);
    if (otherVerdicts.some(([known]) => known.test(name))) return;
    expect(attacking!.verdict, attacking!.message ?? "").toBe(attackingHere!.verdict);
  });
});
