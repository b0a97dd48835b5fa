import { readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect, it } from "vitest";
import { steps } from "../../grader/course/steps.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import type { Host } from "../../grader/grading/host.ts";
import type { Step } from "../../grader/kit/step.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { courseOf } from "../../grader/runner/grade.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { inProcessHost } from "./in-process-host.ts";

/** A host whose files take a while to be bundled, and what happens in it: pauses, and the steps that are asked. */
function slowHost(asked: readonly Step[]): { host: Host; events: string[] } {
  const solved = asked.map(({ file }) => [file, readFileSync(path.join(solutionsFolder, file), "utf8")] as const);
  const usual = inProcessHost(Object.fromEntries(solved));
  const events: string[] = [];
  const host: Host = {
    ...usual,
    sources: {
      ...usual.sources,
      async bundle(wanted) {
        await setTimeout(50);
        return usual.sources.bundle(wanted);
      },
    },
    startLearner() {
      const learner = usual.startLearner();
      return {
        ask(context, ...question) {
          if (events.at(-1) !== context) events.push(context);
          return learner.ask(context, ...question);
        },
        close: () => learner.close(),
      };
    },
    letAnswersIn() {
      if (events.at(-1) !== "pause") events.push("pause");
      return usual.letAnswersIn();
    },
  };
  return { host, events };
}

it("asks each step as soon as its cases are drawn, and lets answers in before the next is drawn", async () => {
  const asked = steps.filter(({ kind, part }) => kind === "function" && part === 0).slice(0, 5);
  const { host, events } = slowHost(asked);
  const results = await gradeSteps(host, courseOf(readNames(shippedNames), "ours"), asked);
  expect(results.map(({ passed }) => passed)).toEqual(asked.map(() => true));
  expect(events).toEqual(asked.flatMap(({ id }) => [id, "pause"]));
});
