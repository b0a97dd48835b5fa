import { startGrader } from "../../page/app/grader.ts";
import type { Job, JobDone } from "./jobs.ts";

/** A page for tests: it grades what the test's server asks for, and reports the results to it. */
const grader = startGrader();
const jobs = (await (await fetch("jobs")).json()) as readonly Job[];
for (const { name, files, steps, withoutFrame } of jobs) {
  if (withoutFrame) document.querySelector("iframe")?.remove();
  const start = performance.now();
  const done: JobDone = { name, milliseconds: 0 };
  try {
    done.results = await grader.grade({ files, steps });
  } catch (error) {
    done.failed = String(error);
  }
  done.milliseconds = performance.now() - start;
  await fetch("done", { method: "POST", body: JSON.stringify(done) });
}
