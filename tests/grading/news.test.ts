import { describe, expect, it } from "vitest";
import { eventLines } from "../../grader/commands/watch/lines.ts";
import type { Session } from "../../grader/commands/watch/session.ts";
import { dojo, requiredSteps, steps } from "../../grader/course/steps.ts";
import { finishable, newsOf } from "../../grader/grading/news.ts";
import type { LastVerdict, LastVerdicts } from "../../grader/grading/progress.ts";
import { finishedLines, newsLines } from "../../grader/report/news.ts";
import { widthOf } from "../../grader/report/text.ts";
import type { Verdict } from "../../grader/verdict/result.ts";

const verdict = (verdict: Verdict, passedOnce = true): LastVerdict => ({
  verdict,
  passedOnce,
  grader: "",
  files: [],
  texts: "",
});
const passing = (ids: readonly string[]): LastVerdicts => new Map(ids.map((id) => [id, verdict("exact")]));
const idsOf = (part: number): string[] => steps.filter((step) => step.part === part).map(({ id }) => id);
const [main, head] = [idsOf(1), idsOf(1).slice(0, 8)];

/** The ids of the milestones that a grading reaches. */
const reached = (before: LastVerdicts, after: LastVerdicts): string[] =>
  newsOf(dojo, before, after).finished.map(({ milestone }) => milestone.id);

describe("a milestone is news", () => {
  it("if the last of its steps passes for the first time, in whatever order they were written", () => {
    for (const last of [head.at(-1)!, head[0]!]) {
      const others = passing(head.filter((id) => id !== last));
      expect(reached(others, passing(head))).toEqual(["head"]);
    }
  });

  it("but not if a step is open, and not a second time", () => {
    expect(reached(new Map(), passing(head.slice(1)))).toEqual([]);
    expect(reached(passing(head), passing(head))).toEqual([]);
    const reopened = new Map([...passing(head), ["dprobs", verdict("wrong")] as const]);
    expect(reached(passing(head), reopened)).toEqual([]);
    expect(reached(reopened, passing(head))).toEqual([]);
  });

  it("together with the part that it ends, and with the course", () => {
    expect(reached(passing(main.filter((id) => id !== "dC")), passing(main))).toEqual(["embedding", "part-1"]);
    const required = requiredSteps.map(({ id }) => id);
    expect(reached(passing(required.slice(0, -1)), passing(required))).toEqual(["part-5", "course"]);
    const all = steps.map(({ id }) => id);
    expect(reached(passing(all.slice(0, -1)), passing(all))).toEqual([`part-${steps.at(-1)!.part}`]);
  });
});

describe("what comes next", () => {
  const nextAt = (before: LastVerdicts, after: LastVerdicts, id: string): string[] =>
    newsOf(dojo, before, after)
      .finished.filter(({ milestone }) => milestone.id === id)
      .flatMap(({ next }) => next.map(({ text }) => text));

  it("is not what has passed: whoever wrote part 2 first is not sent there at the end of the head", () => {
    const [all, rest] = [passing([...head, "fused-dlogits"]), passing([...head.slice(1), "fused-dlogits"])];
    expect(nextAt(passing(head.slice(1)), passing(head), "head")).toEqual([expect.stringContaining("Part 2")]);
    expect(nextAt(rest, all, "head")).toEqual([]);
  });

  it("of every milestone is only what lies before the learner: once all steps pass, no part is named", () => {
    const all = passing(steps.map(({ id }) => id));
    const said = finishable(dojo).flatMap(({ milestone: { id }, steps: own }) => {
      const before = new Map([...all].filter(([one]) => one !== own.at(-1)!.id));
      return nextAt(before, all, id);
    });
    const pointers = finishable(dojo).flatMap(({ next }) => next);
    expect(pointers.filter(({ to }) => to.length > 0).length).toBeGreaterThan(7);
    expect(said).toEqual(pointers.filter(({ to }) => to.length === 0).map(({ text }) => text));
    // what names a part or a step to go on with says so
    expect(said.filter((text) => /^(?:Parts?|Steps) \d/.test(text))).toEqual([]);
  });
});

describe("a trap is pointed out", () => {
  const traps = (before: LastVerdicts, after: LastVerdicts): string[] =>
    newsOf(dojo, before, after).traps.map(({ id }) => id);

  it("once, at the first pass of the step that it is near", () => {
    expect(traps(new Map(), passing(["dbngain"]))).toEqual(["gap"]);
    expect(traps(passing(["dbngain"]), passing(["dbngain"]))).toEqual([]);
    expect(traps(new Map(), new Map([["dbngain", verdict("wrong", false)]]))).toEqual([]);
    expect(["dbndiff2", "dhprebn", "dC"].map((id) => traps(new Map(), passing([id])))).toEqual([
      ["ratio"],
      ["forgotten"],
      ["uses"],
    ]);
    expect(traps(passing(["gap"]), passing(["gap", "dbngain"]))).toEqual([]);
  });

  it("at the first verdict of rounding, and at no other", () => {
    const first = new Map([["dprobs", verdict("rounding")]]);
    expect(traps(new Map(), first)).toEqual(["spacing"]);
    expect(traps(first, new Map([...first, ["dcounts_sum", verdict("rounding")]]))).toEqual([]);
  });
});

describe("watch without a screen", () => {
  it("prints what was finished and what to run, between the verdicts and the end of the grading", () => {
    const news = newsOf(dojo, new Map(), passing(["train"]));
    const session = { failing: [], current: steps[0]!, root: "" } as unknown as Session;
    const lines = eventLines({ kind: "end", results: [], milliseconds: 1, news }, session);
    expect(lines[0]).toBe("finished: the training loop");
    expect(lines[1]).toMatch(/^npm run train -- --steps 20000 trains it/);
    expect(lines.at(-1)).toMatch(/^grading ends: /);
  });
});

describe("what is shown", () => {
  const end = newsOf(dojo, passing(main.slice(1)), passing(main)).finished;

  it("names the other correct forms of a single step, and the trap with its command", () => {
    const lines = newsLines(newsOf(dojo, new Map(), passing(["dbngain"])), 80);
    expect(lines.join(" ")).toMatch(
      /^other correct forms: npm run solution -- dbngain a trap near here: .* npm run lab -- gap$/,
    );
    expect(newsLines(newsOf(dojo, new Map(), new Map()))).toEqual([]);
  });

  it("has a recap with each step's gradient, shape and idea, and fits at 120, 80 and 40 columns", () => {
    const [found] = newsOf(dojo, passing(head.slice(1)), passing(head)).finished;
    for (const columns of [120, 80, 40]) {
      const lines = finishedLines(found!, columns);
      for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
      const text = lines.join(" ").replaceAll(/\s+/g, " ");
      expect(text).toContain("dcounts_sum_inv");
      expect(text).toContain("[n, vocab]");
    }
    expect(finishedLines(found!, 120).join("\n")).toMatch(
      /\n {2}dprobs +\[n, vocab\] +Elementwise means local gradient times/,
    );
  });

  it("says what to run: training after part 4", () => {
    const [part] = newsOf(dojo, new Map(), passing(["train"])).finished;
    expect(finishedLines(part!, 80).join(" ")).toContain("npm run train -- --steps 20000");
    expect(end.length).toBeGreaterThan(0);
  });
});
