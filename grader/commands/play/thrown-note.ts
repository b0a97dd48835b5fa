import { readFileSync } from "node:fs";
import { TensorError } from "#tensor";
import type { Complaint } from "../../grading/idioms/idiom.ts";
import { idiomAt } from "../../grading/idioms/note.ts";
import type { StepNames } from "../../grading/idioms/step-names.ts";
import { harmless } from "../../report/harmless.ts";
import { inShort } from "../../tensor/absent.ts";
import type { Position } from "../../verdict/result.ts";
import { ownFrames, thrownText } from "./thrown.ts";

/** An error's text with what to write instead, which makes the rest of some texts superfluous. */
export function withNote(error: Error, note: string | undefined, line?: string): string {
  const kind = TensorError.faultOf(error)?.kind;
  const short = note === undefined ? undefined : kind && inShort[kind];
  const [first, ...frames] = thrownText(error).split("\n");
  const said = [short === undefined ? first! : `${error.name}: ${short}`, ...frames];
  const isSaid = note === undefined || error.message.endsWith(note);
  return [...said, ...(line === undefined ? [] : [line]), ...(isSaid ? [] : [note])].join("\n");
}

/** What a complaint is about that a tensor or the engine threw. */
export function complaintOfThrown(error: Error): Complaint | undefined {
  const fault = TensorError.faultOf(error);
  if (fault) return { by: fault.kind, said: "" };
  const isOfEngine = error instanceof ReferenceError || error instanceof TypeError;
  return isOfEngine ? { by: "engine", said: `${error.name}: ${error.message}` } : undefined;
}

/** What a scratch file threw: with the line, and what to write instead, if it is an idiom of Python. */
export function thrownByFile(error: unknown): string {
  if (!(error instanceof Error)) return thrownText(error);
  const [place] = [notCompiled(error), thrownAt(error)].filter((one) => one !== undefined);
  const text = place && textOf(place.file);
  if (!place || text === undefined) return thrownText(error);
  const code = text.split(/\r?\n/)[place.at.line - 1] ?? "";
  const note = idiomAt(place.at, place.complaint, text, noNames)?.text;
  return withNote(error, note, `${String(place.at.line).padStart(5)} | ${harmless(code)}`);
}

const noNames: StepNames = { shapes: {}, indices: [], isKept: false };

interface Place {
  readonly file: string;
  readonly at: Position;
  readonly complaint: Complaint;
}

function thrownAt(error: Error): Place | undefined {
  const complaint = complaintOfThrown(error);
  const [frame] = ownFrames(error.stack ?? "");
  return complaint && frame && { file: frame.file, at: frame, complaint };
}

/** What tsx says of a file that does not compile, which it gives in words only. */
const NOT_COMPILED = /^(.+):(\d+):(\d+): ERROR: (.*)$/m;

function notCompiled(error: Error): Place | undefined {
  if (error.name !== "TransformError") return undefined;
  const [, file, line, column, said] = NOT_COMPILED.exec(error.message) ?? [];
  if (file === undefined || said === undefined) return undefined;
  return { file, at: { line: Number(line), column: Number(column) + 1 }, complaint: { by: "compiler", said } };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
