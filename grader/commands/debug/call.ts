// first: it teaches the course
import { giveNamesOutside } from "../play/outside-names.ts";
import kleur from "kleur";
import { steps } from "../../course/steps.ts";
import { callThrough } from "../../kit/program.ts";
import { tensorsAfter, trainingArguments } from "../../grading/training-call.ts";
import { smallGiven } from "../../kit/instance.ts";
import { smallTraining } from "../../kit/small-training.ts";
import type { FunctionStep, ProgramStep, Step, TrainStep } from "../../kit/step.ts";
import { reportAnswer, reportProgram, reportTraining, type AnswerReport } from "../../report/answer.ts";
import { fold, HANG, lineWidth } from "../../report/text.ts";
import { displayPath } from "../../runner/project.ts";
import { ownFunction, type Own } from "../play/own-function.ts";
import { thrownText } from "../play/thrown.ts";
import { endWithStarter } from "../play/tie.ts";
import { waitForDebugger } from "./attach.ts";

/** Calls a learner's function for a debugger, in a process that tsx has started. Arguments: the step's id and a port. */

const [id, port] = process.argv.slice(2);
giveNamesOutside();
endWithStarter();
const step = steps.find((step) => step.id === id)!;
try {
  const own = ownFunction(step);
  await waitForDebugger(Number(port), (address) => say(...instructions(step, displayPath(own.file), address)));
  const { lines, isRight } = called(step, await own.load());
  say(...lines);
  process.exitCode = isRight ? 0 : 1;
} catch (error) {
  say(kleur.red(thrownText(error)));
  process.exitCode = 1;
}

/** What to do now. */
function instructions({ id, export: name }: Step, file: string, address: string): string[] {
  return [
    `${kleur.bold(id)} waits for a debugger at ${address} (${file}).`,
    `Chrome or Edge: open chrome://inspect and choose "inspect" under this process.`,
    `VS Code: attach with "Debug: Attach to Node Process"; or end this with Ctrl-C, open the file, and press F5.`,
    `In a terminal: write debugger; where it should stop, start node inspect ${address.replace(/^ws:\/\/|\/.*$/g, "")}, and type c. It shows the compiled code; exec x.toString() shows a tensor x.`,
    `It stops before it calls ${name}: Step Into (F11) enters the function, Continue (F8, in VS Code F5) runs to your breakpoints.`,
  ];
}

function called(step: Step, own: Own): AnswerReport {
  if (step.kind === "program") return programCalled(step, own);
  return step.kind === "function" ? functionCalled(step, own) : trainingCalled(step, own);
}

function functionCalled(step: FunctionStep, own: Own): AnswerReport {
  const given = smallGiven(step);
  // a function that changes what it is given should not change what it is compared with
  const answer = call(own, Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.clone()])));
  return reportAnswer(step, given, answer);
}

function programCalled(step: ProgramStep, own: Own): AnswerReport {
  const { example, frame } = step.program;
  return reportProgram(
    step,
    callThrough(frame, (...args: unknown[]) => call(own, ...args), example.given),
  );
}

function trainingCalled(step: TrainStep, own: Own): AnswerReport {
  const question = smallTraining(step);
  const given = trainingArguments(step, smallTraining(step));
  const returned = call(own, ...Object.values(given));
  return reportTraining(step, question, { returned, updated: tensorsAfter(step, given) });
}

/** Without this stop, a function without breakpoints would have returned before anybody could set one. */
function call(own: Own, ...args: unknown[]): unknown {
  // oxlint-disable-next-line no-debugger
  debugger; // Step Into (F11) goes into your function: the next line calls it
  return own(...args);
}

function say(...lines: readonly string[]): void {
  const width = lineWidth(process.stdout.columns);
  process.stdout.write(
    `${lines
      .flatMap((line) => line.split("\n"))
      .flatMap((line) => fold(line, width, HANG))
      .join("\n")}\n`,
  );
}
