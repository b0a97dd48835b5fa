import { setImmediate } from "node:timers/promises";
import type { Tensor } from "#tensor";
import type { Averages, DecoderBatch, DecoderParameters } from "../grader/course/exercise.ts";
import { parameterNames } from "../grader/course/transformer/lines.ts";
import { transformerRun } from "../grader/course/transformer/run.ts";
import { readNames, shippedNames } from "../grader/runner/data.ts";
import { inStep } from "../grader/tensor/places.ts";
import { trainStep } from "../solutions/8-transformer/08-train-transformer.ts";
import { startPython, type Blas, type Contestant, type Timing } from "./contestants.ts";

/** Those who take a training step of part 8's decoder: the solution, and PyTorch where a Python here has it. */
export async function decoderContestants(): Promise<{ contestants: Contestant[]; close: () => void }> {
  for (const python of ["python3", "/usr/bin/python3"]) {
    const child = startPython(python, "decoder.py");
    const found = (await child.answer().catch(() => null)) as { PyTorch: { version: string; blas: Blas } } | null;
    if (found === null) continue;
    const torch: Contestant = {
      name: `PyTorch ${found.PyTorch.version}, its autograd and AdamW`,
      blas: found.PyTorch.blas,
      async run(milliseconds) {
        child.ask({ seconds: milliseconds / 1000 });
        return (await child.answer()) as Timing;
      },
    };
    return { contestants: [solution(), torch], close: () => child.close() };
  }
  return { contestants: [solution()], close: () => {} };
}

function solution(): Contestant {
  const { start, nextBatch } = transformerRun(readNames(shippedNames).dataset());
  const named = (prefix: string): DecoderParameters =>
    Object.fromEntries(parameterNames.map((name) => [name, start[prefix + name]!])) as Record<
      string,
      Tensor
    > as DecoderParameters;
  const parameters = named("");
  const averages: Averages = { m: named("m."), v: named("v."), t: start["t"]! };
  const batch = nextBatch() as DecoderBatch;
  return {
    name: "the solution of part 8",
    async run(milliseconds) {
      const steps: number[] = [];
      const busy = process.cpuUsage();
      const end = performance.now() + milliseconds;
      while (performance.now() < end) {
        const began = performance.now();
        inStep(() => trainStep(parameters, batch, 1e-3, averages));
        steps.push((performance.now() - began) * 1e3);
        // so that what steps do not use again can be freed
        await setImmediate();
      }
      const { user, system } = process.cpuUsage(busy);
      return { steps, processor: (user + system) / steps.length };
    },
  };
}
