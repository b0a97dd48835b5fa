import { setImmediate } from "node:timers/promises";
import { wrapKernels, type Kernels } from "../grader/tensor/memory.ts";
import { inStep } from "../grader/tensor/places.ts";
import { trainStep } from "../solutions/4-training-loop/train.ts";
import { lectureStart, SLICE } from "./contestants.ts";
import { median } from "./median.ts";

/** Where the time of the solution's training step goes, in microseconds per step. */
export interface Share {
  what: string;
  calls: number;
  microseconds: number;
}

const STEPS = 4000;
/** Warm-up steps, in which the engine compiles everything. */
const WARM_UP = 1000;

/** Names of the kernels for people, in the order of the report. */
const groups: Readonly<Record<string, readonly (keyof Kernels)[]>> = {
  "matrix products": ["matmul"],
  tanh: ["tanh"],
  "exp, log and softmax": ["exp", "log", "softmax"],
  "+ - * / and powers": ["add", "sub", "mul", "div", "neg", "sqrt", "pow", "fill", "maskedFill"],
  "sums and maxima": ["sum", "sumInLanes", "max"],
  "dimensions swapped": ["swap"],
  "rows by index": ["gatherRows", "addRows", "gather", "scatterAdd"],
};

/**
 * Times each call of a kernel within the step, in the order of the calls, with the caches as they are then. The rest of
 * the step's time is JavaScript: checks, shapes, plans, and memory allocation.
 *
 * @param whole the step without any timing inside it, in microseconds
 */
export async function sharesOfStep(whole: { median: number; processor: number }): Promise<Share[]> {
  const calls: { name: keyof Kernels; times: number[] }[] = [];
  let at = 0;
  type Kernel = (...given: number[]) => void;
  const timed = (name: keyof Kernels, kernel: Kernel): Kernel =>
    // as many parameters as the longest kernel has: rest parameters would be timed too
    function (a, b, c, d, e, f, g, h, i, j, k) {
      const start = performance.now();
      kernel(a!, b!, c!, d!, e!, f!, g!, h!, i!, j!, k!);
      const end = performance.now();
      (calls[at++] ??= { name, times: [] }).times.push(1000 * (end - start));
    };
  const { parameters, batch } = lectureStart();
  const train = async (steps: number): Promise<void> => {
    for (let step = 0; step < steps; step++, at = 0) {
      inStep(() => trainStep(parameters, batch, 0.1));
      // memory is freed between turns of the event loop
      if (step % SLICE === 0) await setImmediate();
    }
  };
  await train(WARM_UP);
  const unwrap = wrapKernels((kernels) => {
    const wrapped = Object.entries(kernels).map(([name, kernel]) => [
      name,
      timed(name as keyof Kernels, kernel as Kernel),
    ]);
    return Object.fromEntries(wrapped) as unknown as Kernels;
  });
  await train(WARM_UP + STEPS);
  unwrap();
  const clock = costOfClock();
  const shares = Object.entries(groups).map(([what, names]) => {
    const own = calls.filter(({ name }) => names.includes(name));
    const microseconds = own.reduce((sum, { times }) => sum + Math.max(0, median(times.slice(WARM_UP)) - clock), 0);
    return { what, calls: own.length, microseconds };
  });
  const kernels = shares.reduce((sum, { microseconds }) => sum + microseconds, 0);
  return [
    ...shares,
    { what: "JavaScript around them", calls: 0, microseconds: Math.max(0, whole.median - kernels) },
    {
      what: "other: garbage collection, compilation",
      calls: 0,
      microseconds: Math.max(0, whole.processor - whole.median),
    },
  ];
}

/** The time that it takes to time nothing, in microseconds. */
function costOfClock(): number {
  const times: number[] = [];
  for (let i = 0; i < 20_000; i++) {
    const start = performance.now();
    times.push(1000 * (performance.now() - start));
  }
  return median(times);
}
