import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { differentiateLoss } from "../grader/network/backward.ts";
import { makemore } from "../grader/course/makemore/network.ts";
import { parameterNames } from "../grader/course/makemore/parameters.ts";
import { trainingRun } from "../grader/course/makemore/run.ts";
import { readNames, shippedNames } from "../grader/runner/data.ts";
import { projectRoot } from "../grader/runner/project.ts";
import { trainStep } from "../solutions/4-training-loop/train.ts";
import { simdStep, typedArrayStep } from "./fused.ts";

/** Somebody who can do part 4's training step. */
export interface Contestant {
  name: string;
  /** Takes steps for about so long; microseconds a step, for each few steps. */
  run(milliseconds: number): Promise<number[]>;
}

/** How many steps are timed together, and come between two turns of the event loop, as in `npm run train`. */
const SLICE = 20;

/** Those written in TypeScript. All start with the lecture's parameters and see the same batch. */
export function ourContestants(): Contestant[] {
  const dataset = readNames(shippedNames).dataset();
  const contestant = (name: string, make: () => () => void): Contestant => {
    const step = make();
    return {
      name,
      async run(milliseconds) {
        const times: number[] = [];
        const end = performance.now() + milliseconds;
        while (performance.now() < end) {
          const start = performance.now();
          for (let i = 0; i < SLICE; i++) step();
          // the collector's work belongs to the steps that made it necessary
          await setImmediate();
          times.push((1000 * (performance.now() - start)) / SLICE);
        }
        return times;
      },
    };
  };
  const start = () => {
    const run = trainingRun(dataset);
    return { parameters: run.start, batch: run.nextBatch() };
  };
  return [
    contestant("the solution", () => {
      const { parameters, batch } = start();
      return () => trainStep(parameters, batch, 0.1);
    }),
    contestant("the autograd reference", () => {
      const { parameters, batch } = start();
      return () => {
        const { gradients } = differentiateLoss(makemore, parameters, batch);
        for (const name of parameterNames) parameters[name].sub_(gradients[name]!.mul(0.1));
      };
    }),
    contestant("typed arrays, fused by hand", () => {
      const { parameters, batch } = start();
      const fused = typedArrayStep(parameters);
      return () => fused.step(batch, 0.1);
    }),
    contestant("one SIMD kernel, the limit", () => {
      const { parameters, batch } = start();
      const fused = simdStep(parameters);
      return () => fused.step(batch, 0.1);
    }),
  ];
}

/** Those that a Python here has: NumPy, PyTorch. `close` ends the processes. */
export async function pythonContestants(): Promise<{
  contestants: Contestant[];
  missing: string[];
  close: () => void;
}> {
  const missing = new Set(["NumPy", "PyTorch, index_add", "PyTorch, the lecture's loop"]);
  const contestants: Contestant[] = [];
  const children: ChildProcess[] = [];
  // a Python of one's own may have other libraries than the system's
  for (const python of ["python3", "/usr/bin/python3"]) {
    const child = spawn(python, [path.join(projectRoot, "bench", "step.py")], { stdio: ["pipe", "pipe", "ignore"] });
    children.push(child);
    const ended = new Promise<null>((resolve) => {
      child.on("error", () => resolve(null));
      child.on("close", () => resolve(null));
    });
    child.stdin.on("error", () => {});
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const answer = async (): Promise<unknown> => {
      const line = await Promise.race([lines.next(), ended]);
      if (line === null || line.done) throw new Error(`${python} ended; ${python} bench/step.py says why`);
      return JSON.parse(line.value);
    };
    const versions = (await answer().catch(() => ({}))) as Record<string, string>;
    for (const [name, version] of Object.entries(versions)) {
      if (!missing.delete(name)) continue;
      contestants.push({
        name: name.replace(/^\w+/, (library) => `${library} ${version}`),
        async run(milliseconds) {
          child.stdin.write(`${JSON.stringify({ name, seconds: milliseconds / 1000 })}\n`);
          return ((await answer()) as { microseconds: number[] }).microseconds;
        },
      });
    }
  }
  return { contestants, missing: [...missing], close: () => children.forEach((child) => child.kill()) };
}
