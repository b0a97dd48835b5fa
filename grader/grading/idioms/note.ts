import { upstreamsOf, type Step } from "../../kit/step.ts";
import { tensorFaultOf } from "../../verdict/cause.ts";
import type { Note, Position, StepResult } from "../../verdict/result.ts";
import { idiomIn } from "./find.ts";
import { similarName } from "../../tensor/absent.ts";
import { floorDivisionIn } from "./floor-division.ts";
import type { Complaint, Task } from "./idiom.ts";
import { rankOf } from "./kind.ts";
import { openBracketNote } from "./open-bracket.ts";
import { readingOf } from "./reading.ts";
import { isSize, sizeOf, stepNames, type StepNames } from "./step-names.ts";

/** What to write instead, if the line of an error is an idiom of Python, NumPy or PyTorch. */
export function idiomNote(step: Step, { cause, at }: StepResult, text: string): Note | undefined {
  const complaint = complaintOf(cause);
  return complaint && at ? idiomAt(at, complaint, text, stepNames(step), taskOf(step)) : undefined;
}

/** What a step asks for, and the tensors of its lines. */
export function taskOf(step: Step): Task {
  if (step.kind !== "function") return { own: step.export, upstreams: [] };
  return { own: step.export, upstreams: upstreamsOf(step), tensors: Object.keys(step.shapes) };
}

/**
 * The same for any code.
 *
 * @param at where the complaint is
 * @param known the names that the code gets from elsewhere
 */
export function idiomAt(
  at: Position,
  complaint: Complaint,
  text: string,
  known: StepNames,
  task: Task = { upstreams: [] },
): Note | undefined {
  const lines = text.split(/\r?\n/);
  const reading = readingOf(text, known);
  const { isDeclared, kindOf } = reading.names;
  const place = {
    ...task,
    sizeOf: (name: string) => (isDeclared(name) || !isSize(name, known) ? undefined : sizeOf(name, known)),
    isList: (name: string) => rankOf(kindOf(name)) === 1,
    isTensor: (name: string) => kindOf(name).is === "tensor",
    meant: (name: string) => similarName(name, Object.keys(known.shapes)),
  };
  // after an unfinished statement, the compiler complains of the line below it
  for (const line of complaint.by === "compiler" ? [at.line, at.line - 1] : [at.line]) {
    const code = lines[line - 1];
    if (code === undefined) continue;
    const write = (saysOfExpressions(complaint) && reading.remarkOn(line)) || idiomIn(code, complaint, place);
    if (write !== undefined) return { line, column: line === at.line ? at.column : 1, text: write };
  }
  if (complaint.by !== "compiler") return undefined;
  // what is behind it is missing, be it a bracket
  return floorDivisionIn(text) ?? openBracketNote(complaint.said, at, text);
}

/** Whether a complaint can be about an expression of Python: shapes that do not fit are in a line that is right. */
function saysOfExpressions({ by }: Complaint): boolean {
  return (
    by === "compiler" ||
    by === "engine" ||
    by === "operator" ||
    by === "brackets" ||
    by === "absent" ||
    by === "argument"
  );
}

function complaintOf(cause: StepResult["cause"]): Complaint | undefined {
  if (cause?.kind === "compiler" || cause?.kind === "engine") return { by: cause.kind, said: cause.said };
  const fault = tensorFaultOf(cause);
  return fault && { by: fault.kind, said: "" };
}
