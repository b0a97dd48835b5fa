import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import { differentiateLoss } from "../grader/network/backward.ts";
import { makemore } from "../grader/course/makemore/network.ts";
import { parameterNames, type Parameters } from "../grader/course/makemore/parameters.ts";
import { trainingRun } from "../grader/course/makemore/run.ts";
import type { Batch } from "../grader/course/exercise.ts";
import { readNames, shippedNames } from "../grader/runner/data.ts";
import { projectRoot } from "../grader/runner/project.ts";
import { inStep } from "../grader/tensor/places.ts";
import { trainStep } from "../solutions/4-training-loop/train.ts";
import { trainStep as engineStep } from "../solutions/6-engine/10-engine.ts";
import { simdStep, typedArrayStep } from "./fused.ts";

/** How long steps took, in microseconds. */
export interface Timing {
  /** The wall-clock time of each. */
  steps: readonly number[];
  /** The mean processor time per step, including the garbage collection between steps. */
  processor: number;
}

/** The library that NumPy or PyTorch computes matrix products with. */
export interface Blas {
  name: string;
  /** Whether it is the reference implementation, which is not made for speed: a ratio to it means nothing. */
  isReference: boolean;
}

/** Something that can run part 4's training step. */
export interface Contestant {
  name: string;
  blas?: Blas;
  /** Runs steps for about this long. */
  run(milliseconds: number): Promise<Timing>;
}

/** How many steps come between two turns of the event loop, as in `npm run train`. */
export const SLICE = 20;

/** What all contestants start from: the lecture's parameters and one batch. */
export function lectureStart(): { parameters: Parameters; batch: Batch } {
  const run = trainingRun(readNames(shippedNames).dataset());
  return { parameters: run.start, batch: run.nextBatch() };
}

/** The contestants written in TypeScript. */
export function ourContestants(): Contestant[] {
  const contestant = (name: string, make: () => { step: () => void; parameters?: Parameters }): Contestant => {
    const { step, parameters } = make();
    return {
      name,
      async run(milliseconds) {
        const steps: number[] = [];
        const busy = process.cpuUsage();
        const end = performance.now() + milliseconds;
        for (let start = performance.now(); start < end;) {
          for (let i = 0; i < SLICE; i++) {
            step();
            const now = performance.now();
            steps.push(1000 * (now - start));
            start = now;
          }
          await setImmediate();
          start = performance.now();
        }
        const { user, system } = process.cpuUsage(busy);
        // read out of the memory that the next contestant's steps use
        for (const parameter of Object.values(parameters ?? {})) parameter.toArray();
        return { steps, processor: (user + system) / steps.length };
      },
    };
  };
  return [
    contestant("the solution", () => {
      const { parameters, batch } = lectureStart();
      return { parameters, step: () => inStep(() => trainStep(parameters, batch, 0.1)) };
    }),
    contestant("the solution's engine of part 6", () => {
      const { parameters, batch } = lectureStart();
      return { parameters, step: () => inStep(() => engineStep(parameters, batch, 0.1)) };
    }),
    contestant("the autograd reference", () => {
      const { parameters, batch } = lectureStart();
      const step = (): void => {
        const { gradients } = differentiateLoss(makemore, parameters, batch);
        for (const name of parameterNames) parameters[name].sub_(gradients[name]!.mul(0.1));
      };
      return { parameters, step: () => inStep(step) };
    }),
    contestant("typed arrays, fused by hand", () => {
      const { parameters, batch } = lectureStart();
      const fused = typedArrayStep(parameters);
      return { step: () => fused.step(batch, 0.1) };
    }),
    contestant("one SIMD kernel, the limit", () => {
      const { parameters, batch } = lectureStart();
      const fused = simdStep(parameters);
      return { step: () => fused.step(batch, 0.1) };
    }),
  ];
}

/** One thread, whichever library computes the products. */
const ONE_THREAD = Object.fromEntries(
  ["OPENBLAS", "OMP", "MKL", "BLIS"]
    .map((library) => [`${library}_NUM_THREADS`, "1"])
    .concat([["VECLIB_MAXIMUM_THREADS", "1"]]),
);
const PYTHON_CONTESTANTS = ["NumPy", "PyTorch, index_add", "PyTorch, the lecture's loop"];

/** The contestants that an installed Python provides: NumPy, PyTorch. `close` ends their processes. */
export async function pythonContestants(): Promise<{
  contestants: Contestant[];
  missing: string[];
  close: () => void;
}> {
  const missing = new Set(PYTHON_CONTESTANTS);
  const contestants: Contestant[] = [];
  const children: PythonProcess[] = [];
  for (const library of ["NumPy", "PyTorch"]) {
    // the first python3 on the path may have other libraries than the system's
    for (const python of ["python3", "/usr/bin/python3"]) {
      const child = startPython(python, "step.py", library);
      children.push(child);
      const found = (await child.answer().catch(() => ({}))) as Record<string, { version: string; blas: Blas }>;
      for (const [name, { version, blas }] of Object.entries(found)) {
        if (!missing.delete(name)) continue;
        contestants.push({
          name: name.replace(library, `${library} ${version}`),
          blas,
          async run(milliseconds) {
            child.ask({ name, seconds: milliseconds / 1000 });
            return (await child.answer()) as Timing;
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

/** A script of this folder in a Python, which answers requests a line each. */
export function startPython(python: string, script: string, ...args: string[]): PythonProcess {
  const child = spawn(python, [path.join(projectRoot, "bench", script), ...args], {
    stdio: ["pipe", "pipe", "ignore"],
    env: { ...process.env, ...ONE_THREAD, PYTHONDONTWRITEBYTECODE: "1" },
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
      if (line === null || line.done)
        throw new Error(`${python} ended; ${python} bench/${[script, ...args].join(" ")} says why`);
      return JSON.parse(line.value);
    },
    close: () => void child.kill(),
  };
}
