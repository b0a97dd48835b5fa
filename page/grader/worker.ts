import { steps } from "../../grader/course/steps.ts";
import { gradeSteps } from "../../grader/grading/grade.ts";
import type { Learner } from "../../grader/grading/host.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { messageOf } from "../message-of.ts";
import type { FromGrader, PageResult, ToGrader } from "../protocol.ts";
import { calibratedClock, meterIn } from "./clock.ts";
import { courseFor } from "./course.ts";
import { framesBy } from "./frame-line.ts";
import { memoryStore, pageHost } from "./host.ts";
import { learnerOf, Workers } from "./learner.ts";

/** The worker that grades: it asks learner code, which runs elsewhere, and judges the answers. */

const scope = globalThis as unknown as {
  postMessage(message: FromGrader): void;
  onmessage: ((event: MessageEvent<ToGrader>) => void) | null;
};
const say = (message: FromGrader): void => scope.postMessage(message);

const frames = framesBy(() => say({ frameNeeded: true }));
const workers = new Workers(
  frames,
  calibratedClock(() => meterIn(frames)),
);
const store = memoryStore();
/** What ends each grading that is under way. */
const underWay = new Map<number, () => void>();

scope.onmessage = ({ data }) => {
  if ("frame" in data) frames.open(data.frame);
  else if ("noFrame" in data) frames.refuse(data.noFrame);
  else if ("cancel" in data) underWay.get(data.cancel)?.();
  else if ("follow" in data) void answer(data.follow, async () => (await import("./ladder.ts")).traceOf(data));
  else if ("ladder" in data) void answer(data.ladder, async () => (await import("./ladder.ts")).ladderOf(data));
  else if ("coach" in data)
    void answer(data.coach, async () =>
      (await import("../coach/coach.ts")).coachedBy(data, { workers, say, underWay }),
    );
  else void grade(data);
};
say({ ready: true });
workers.prepare();

async function grade({
  grade: id,
  files,
  steps: ids,
  notes,
  keepGradients,
}: Extract<ToGrader, { grade: number }>): Promise<void> {
  const learners: Learner[] = [];
  const start = (): Learner => {
    const learner = learnerOf(workers, (step) => say({ progress: id, step }));
    learners.push(learner);
    return learner;
  };
  underWay.set(id, () => {
    underWay.delete(id);
    for (const learner of learners) learner.close();
  });
  try {
    const asked = steps.filter((step) => ids.includes(step.id));
    const results = await gradeSteps(
      pageHost(files, start, store, notes),
      await courseFor(asked),
      asked,
      keepGradients,
    );
    const told = keepGradients ? (await import("./ladder.ts")).withAnswers(results) : results.map(withoutGradient);
    if (underWay.has(id)) say({ result: id, results: told });
  } catch (error) {
    if (underWay.has(id)) say({ failed: id, why: messageOf(error) });
  } finally {
    underWay.delete(id);
  }
}

/** Tells what was asked for, or why it cannot be told. */
async function answer(id: number, make: () => Promise<FromGrader>): Promise<void> {
  try {
    say(await make());
  } catch (error) {
    say({ failed: id, why: messageOf(error) });
  }
}

/** A result as messages can hold it: nobody asked for the numbers that were returned. */
function withoutGradient(result: StepResult): PageResult {
  const { gradient, ...told } = result;
  if (gradient) throw new Error(`${result.id}: nobody asked for its gradient`);
  return told;
}
