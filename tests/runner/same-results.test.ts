import { beforeAll, describe, expect, it, vi } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import type { ResultDocument } from "../../grader/report/json.ts";
import { whileBusy } from "../busy.ts";
import { dojo } from "../copies.ts";
import { sampled, someSteps } from "../sample.ts";

const some = someSteps(steps, 12);
const ids = some.map(({ id }) => id);

/** The results of grading solutions, by step: the JSON without times. */
async function resultsOf(...asked: string[]): Promise<Record<string, string>> {
  const { status, stdout, stderr } = await dojo(["grade", ...asked, "--from", "solutions", "--json"]);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const { steps } = JSON.parse(stdout) as ResultDocument;
  return Object.fromEntries(steps.map(({ milliseconds: _milliseconds, ...step }) => [step.id, JSON.stringify(step)]));
}

describe("the result of a solution is the same, byte for byte,", () => {
  let whole: Record<string, string>;

  beforeAll(async () => {
    // on CI no results of an earlier grading are used
    vi.stubEnv("CI", "true");
    whole = await resultsOf(...ids);
    expect(Object.keys(whole)).toEqual(ids);
    return () => vi.unstubAllEnvs();
  });

  it("each time", async () => {
    expect(await resultsOf(...ids)).toEqual(whole);
  });

  it("on a machine with eight busy processes per processor", async () => {
    expect(await whileBusy(() => resultsOf(...ids))).toEqual(whole);
  }, 180_000);

  it.each(sampled(some, 10, 1))("for $id alone and among all", async ({ id }) => {
    expect(await resultsOf(id)).toEqual({ [id]: whole[id] });
  });
});
