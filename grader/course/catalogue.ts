import { batchnormMistakes } from "./mistakes/batchnorm.ts";
import { fusedMistakes } from "./mistakes/fused.ts";
import { layerMistakes } from "./mistakes/layers.ts";
import type { Mistake, MistakesOf } from "./mistakes/mistake.ts";
import { softmaxMistakes } from "./mistakes/softmax.ts";
import { trapMistakes } from "./mistakes/traps.ts";
import { warmupMistakes } from "./mistakes/warmups.ts";
import type { FunctionStepId } from "./steps.ts";

const byStep: MistakesOf<FunctionStepId> = {
  ...warmupMistakes,
  ...softmaxMistakes,
  ...layerMistakes,
  ...batchnormMistakes,
  ...fusedMistakes,
  ...trapMistakes,
};

/** The known ways to be wrong at a step, the likeliest first. */
export function mistakesOf(id: string): readonly Mistake[] {
  // a mistake asks for the names its step is given, and is only ever called with those
  return (byStep as unknown as Record<string, readonly Mistake[]>)[id] ?? [];
}
