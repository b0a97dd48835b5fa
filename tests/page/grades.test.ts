import { describe, expect, it } from "vitest";
import { exercise, stepOf } from "../trees.ts";
import { browsers, gradeIn, hasBrowser } from "./browsers.ts";
import { gradeHere, resultsOf } from "./here.ts";
import type { Job } from "./jobs.ts";

const LONGEST_MS = 120_000;

/** A few trees; many more, with all solutions and stubs, are in equal.test.ts. */
const { file } = stepOf("dprobs");
const one = (name: string, text: string): Job => ({ name, files: { [file]: text }, steps: ["dprobs"] });
const jobs = [
  one("a wrong answer", exercise("dprobs", "return given.dlogprobs.mul(given.probs);")),
  one("a name that is not there", exercise("dprobs", "return given.dlogprobs.div(prbs);")),
  one(
    "an error behind a template",
    exercise("dprobs", "const text = `${1}${2}`;\n  return given.probs.mul(given.nothing, text);"),
  ),
  one("an idiom", exercise("dprobs", "return given.dlogprobs @ given.probs;")),
  one("a bracket too few", exercise("dprobs", "return given.dlogprobs.div(given.probs;")),
];
/** Each of these ends its worker; what follows is graded by the next. The first two have a loop, whose place is told. */
const endless = [
  one("a loop", exercise("dprobs", "for (;;) {}")),
  one("a loop at import", `for (;;) {}\n${exercise("dprobs", "return 1;")}`),
  one("a loop in promises", exercise("dprobs", "const again = (): any => Promise.resolve().then(again); again();")),
];
/** Where the loop of an endless job is. */
function placeOf(name: string): unknown {
  const text = endless.find((job) => job.name === name)?.files[file] ?? "";
  const at = text.indexOf("for (;;)");
  if (at < 0) return null;
  const line = text.slice(0, at).split("\n").length;
  return { line, column: at - text.lastIndexOf("\n", at) };
}
/** The frame is dead, and a new one is made. */
const lost: Job = {
  ...one("a lost frame", exercise("dprobs", "return given.dlogprobs.div(given.probs); // again")),
  withoutFrame: true,
};
const after = one("a right answer after that", exercise("dprobs", "return given.dlogprobs.div(given.probs);"));

describe.each(browsers.filter(hasBrowser))("the page in %s", (browser) => {
  it(
    "grades as the command line does, and goes on after endless loops and a lost frame",
    async () => {
      const [here, done] = await Promise.all([
        gradeHere([...jobs, lost, after]),
        gradeIn(browser, [...jobs, ...endless, lost, after], LONGEST_MS),
      ]);
      for (const job of done) {
        const results = resultsOf(job);
        if (here.has(job.name)) expect(results, job.name).toEqual(here.get(job.name));
        else
          expect(results, job.name).toMatchObject([
            { verdict: "timeout", message: expect.stringMatching(/^timed out after 1 s/), at: placeOf(job.name) },
          ]);
      }
      expect(done).toHaveLength(jobs.length + endless.length + 2);
    },
    2 * LONGEST_MS,
  );
});
