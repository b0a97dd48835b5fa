import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { differentiateLoss, type Batch } from "../grader/model/backward.ts";
import { parameterNames, type Parameters } from "../grader/model/parameters.ts";
import { trainingRun } from "../grader/model/training.ts";
import { readNames, shippedNames } from "../grader/runner/data.ts";
import { projectRoot } from "../grader/runner/project.ts";
import { trainStep } from "../solutions/4-training-loop/train.ts";
import { simdStep, typedArrayStep } from "./fused.ts";

/** Microseconds per step, by the clock and of processor time, for a few steps. */
export type Timing = readonly [clock: number, processor: number];

/** The library of matrix products that another library computes with. */
export interface Blas {
  name: string;
  /** Whether it is the plain one, which nobody who wants speed uses: no ratio to it says anything. */
  isReference: boolean;
}

/** Something that can take part 4's training step. */
export interface Contestant {
  name: string;
  blas?: Blas;
  /** Takes steps for about so long. */
  run(milliseconds: number): Promise<readonly Timing[]>;
}

/** How many steps are timed together, and come between two turns of the event loop, as in `npm run train`. */
export const SLICE = 20;

/** The start that all share: the lecture's parameters and one batch. */
export function lectureStart(): { parameters: Parameters; batch: Batch } {
  const run = trainingRun(readNames(shippedNames).dataset());
  return { parameters: run.start, batch: run.nextBatch() };
}

/** Those written in TypeScript. */
export function ourContestants(): Contestant[] {
  const contestant = (name: string, make: () => () => void): Contestant => {
    const step = make();
    return {
      name,
      async run(milliseconds) {
        const times: Timing[] = [];
        const end = performance.now() + milliseconds;
        while (performance.now() < end) {
          const start = performance.now();
          const busy = process.cpuUsage();
          for (let i = 0; i < SLICE; i++) step();
          // the collector's work belongs to the steps that made it necessary
          await setImmediate();
          const { user, system } = process.cpuUsage(busy);
          times.push([(1000 * (performance.now() - start)) / SLICE, (user + system) / SLICE]);
        }
        return times;
      },
    };
  };
  return [
    contestant("the solution", () => {
      const { parameters, batch } = lectureStart();
      return () => trainStep(parameters, batch, 0.1);
    }),
    contestant("the autograd reference", () => {
      const { parameters, batch } = lectureStart();
      return () => {
        const { gradients } = differentiateLoss(parameters, batch);
        for (const name of parameterNames) parameters[name].sub_(gradients[name]!.mul(0.1));
      };
    }),
    contestant("typed arrays, fused by hand", () => {
      const { parameters, batch } = lectureStart();
      const fused = typedArrayStep(parameters);
      return () => fused.step(batch, 0.1);
    }),
    contestant("one SIMD kernel, the limit", () => {
      const { parameters, batch } = lectureStart();
      const fused = simdStep(parameters);
      return () => fused.step(batch, 0.1);
    }),
  ];
}

/** One thread, whatever library multiplies. */
const ONE_THREAD = Object.fromEntries(
  ["OPENBLAS", "OMP", "MKL", "BLIS"]
    .map((library) => [`${library}_NUM_THREADS`, "1"])
    .concat([["VECLIB_MAXIMUM_THREADS", "1"]]),
);
const PYTHON_CONTESTANTS = ["NumPy", "PyTorch, index_add", "PyTorch, the lecture's loop"];

/** Those that a Python here has: NumPy, PyTorch. `close` ends the processes. */
export async function pythonContestants(): Promise<{
  contestants: Contestant[];
  missing: string[];
  close: () => void;
}> {
  const missing = new Set(PYTHON_CONTESTANTS);
  const contestants: Contestant[] = [];
  const children: PythonProcess[] = [];
  for (const library of ["NumPy", "PyTorch"]) {
    // a Python of one's own may have other libraries than the system's
    for (const python of ["python3", "/usr/bin/python3"]) {
      const child = startPython(python, library);
      children.push(child);
      const found = (await child.answer().catch(() => ({}))) as Record<string, { version: string; blas: Blas }>;
      for (const [name, { version, blas }] of Object.entries(found)) {
        if (!missing.delete(name)) continue;
        contestants.push({
          name: name.replace(library, `${library} ${version}`),
          blas,
          async run(milliseconds) {
            child.ask({ name, seconds: milliseconds / 1000 });
            return (await child.answer()) as Timing[];
          },
        });
      }
    }
  }
  return { contestants, missing: [...missing], close: () => children.forEach((child) => child.close()) };
}

interface PythonProcess {
  ask(request: object): void;
  answer(): Promise<unknown>;
  close(): void;
}

function startPython(python: string, library: string): PythonProcess {
  const child = spawn(python, [path.join(projectRoot, "bench", "step.py"), library], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, ...ONE_THREAD },
  });
  const ended = new Promise<null>((resolve) => {
    child.on("error", () => resolve(null));
    child.on("close", () => resolve(null));
  });
  child.stdin.on("error", () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    ask: (request) => void child.stdin.write(`${JSON.stringify(request)}\n`),
    async answer() {
      const line = await Promise.race([lines.next(), ended]);
      if (line === null || line.done) throw new Error(`${python} ended; ${python} bench/step.py ${library} says why`);
      return JSON.parse(line.value);
    },
    close: () => void child.kill(),
  };
}
