import type { Tensor } from "#tensor";
import type { StepResult } from "../verdict/result.ts";
import { keptTensor, sameBits, tensorOf, type KeptTensor } from "./bits.ts";
import type { Step } from "../kit/step.ts";
import type { Bundle, Sources } from "./host.ts";
import type { Kept } from "./kept.ts";

/** What a step was asked: all cases or, for the chains of later steps, only the first. */
export type Extent = "whole" | "first";

/** A kept result, without its notes and its chain, which depend on more than the step's own texts. */
export interface KeptStep {
  result: StepResult;
  /** For a function: whether its answer to the first case passes, and that answer. */
  passesFirst?: boolean;
  first?: KeptFirst | undefined;
}

/** An answer; "reference" if it has the reference's bits. */
export type KeptFirst = KeptTensor | "reference";

export function keptFirst(answer: Tensor | undefined, reference: Tensor | undefined): KeptFirst | undefined {
  if (!answer) return undefined;
  return reference && sameBits(answer, reference) ? "reference" : keptTensor(answer);
}

export function firstOf(kept: KeptFirst | undefined, reference: () => Tensor): Tensor | undefined {
  return kept === "reference" ? reference() : kept && tensorOf(kept);
}

/** What is kept under a step's own text; valid as long as the files that it imports are the same. */
interface Entry extends KeptStep {
  imported: readonly [file: string, text: string][];
  absent: readonly string[];
}

/**
 * A step's kept result, if its file and everything that it imports are unchanged.
 *
 * @param setting what the step is graded against
 */
export function findStep(
  kept: Kept,
  sources: Sources,
  step: Step,
  setting: string,
  extent: Extent,
): KeptStep | undefined {
  const text = sources.text(step.file);
  if (text === undefined) return undefined;
  const entry = kept.find<Entry>(keyOf(step, setting, extent, text));
  const isSame =
    entry?.imported.every(([file, text]) => sources.text(file) === text) &&
    entry.absent.every((file) => sources.text(file) === undefined);
  return isSame ? entry : undefined;
}

export function keepStep(
  kept: Kept,
  bundle: Bundle,
  step: Step,
  setting: string,
  extent: Extent,
  found: () => KeptStep,
): void {
  const [own, ...imported] = bundle.sources.map(({ file, text }) => [file, text] as const);
  if (!own) return;
  kept.keep(keyOf(step, setting, extent, own[1]), () => ({ ...found(), imported, absent: bundle.absent }));
}

function keyOf({ id, file }: Step, setting: string, extent: Extent, text: string): readonly string[] {
  return ["step", id, file, setting, extent, text];
}

/** Names by which code can distinguish one run from another: chance, the clock, garbage collection. */
const CHANGING = /\b(?:random|Date|WeakRef|FinalizationRegistry)\b/;

/** Whether the same texts give the same result at any other time, however busy the machine is. */
export function isRepeatable({ verdict, cause }: StepResult, { sources }: Bundle): boolean {
  if (verdict === "timeout" || verdict === "out-of-memory") return false;
  // V8 recompiles code that runs often, and how deep calls can go depends on when it does
  if (cause?.kind === "call-stack") return false;
  return sources.every(({ text }) => !CHANGING.test(text));
}
