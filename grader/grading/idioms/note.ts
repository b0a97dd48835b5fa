import type { Step } from "../../kit/step.ts";
import { tensorFaultOf } from "../../verdict/cause.ts";
import type { Note, StepResult } from "../../verdict/result.ts";
import { idiomIn } from "./find.ts";
import type { Complaint } from "./idiom.ts";
import type { IsTensor } from "./operators.ts";
import { makers } from "../unused.ts";

/** What to write instead, if the line of an error is an idiom of Python, NumPy or PyTorch. */
export function idiomNote(step: Step, { cause, at }: StepResult, text: string): Note | undefined {
  const complaint = complaintOf(cause);
  if (!complaint || !at) return undefined;
  const lines = text.split(/\r?\n/);
  const isTensor = tensorsIn(step, text);
  // after an unfinished statement, the compiler complains of the line below it
  for (const line of complaint.by === "compiler" ? [at.line, at.line - 1] : [at.line]) {
    const code = lines[line - 1];
    const write = code === undefined ? undefined : idiomIn(code, complaint, isTensor);
    if (write !== undefined) return { line, column: line === at.line ? at.column : 1, text: write };
  }
  return undefined;
}

function complaintOf(cause: StepResult["cause"]): Complaint | undefined {
  if (cause?.kind === "compiler" || cause?.kind === "engine") return { by: cause.kind, said: cause.said };
  const fault = tensorFaultOf(cause);
  return fault && { by: fault.kind, said: "" };
}

/** What ends in a call that makes a tensor: a.mul(b), zerosLike(x). */
const made = new RegExp(
  `(?:\\.(?:${makers.join("|")})|\\b(?:tensor|zeros|ones|zerosLike|onesLike|oneHot))\\([^;]*\\)$`,
);

/**
 * The names, and calls of operations, in a file that are surely tensors: what the step is given, and constants that are
 * made by an operation.
 */
function tensorsIn(step: Step, text: string): IsTensor {
  const given = step.kind === "function" ? step.given : Object.keys(step.network.parameters);
  const names = new Set<string>(given);
  for (const [, name, value] of text.matchAll(
    /\b(?:const|let)\s+([A-Za-z_$][\w$]*)\s*(?::[^=\n]*)?=\s*([^;\n]{1,300})(?:;|$)/gm,
  )) {
    if (made.test(value!.trim()) && isOneCall(value!.trim())) names.add(name!);
    // a name that is used for something else as well is not certain
    else names.delete(name!);
  }
  return (written) => {
    const [, name] = /^(?:given\.)?(.*?)(?:\.T)?$/.exec(written)!;
    return name!.endsWith(")") ? made.test(name!) : names.has(name!);
  };
}

/** Whether an expression is a chain of calls, without operators between them: a.mul(b).add(c). */
function isOneCall(value: string): boolean {
  let open = 0;
  for (const character of value) {
    if (character === "(") open += 1;
    else if (character === ")") open -= 1;
    else if (open === 0 && !/[\w$.]/.test(character)) return false;
  }
  return true;
}
