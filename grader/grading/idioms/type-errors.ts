import type { Step } from "../../kit/step.ts";
import type { Note } from "../../verdict/result.ts";
import type { Complaint } from "./idiom.ts";
import { idiomAt, taskOf } from "./note.ts";
import { readingOf } from "./reading.ts";
import type { Statement } from "./statement.ts";
import { stepNames } from "./step-names.ts";

const UNKNOWN_NAME = /^TS(?:2304|2552): Cannot find name '(\w+)'/;

/** What the type checker says, by its numbers, and who would say the same when the code runs. */
const complaints: readonly [said: RegExp, complaint: (groups: readonly string[]) => Complaint][] = [
  [UNKNOWN_NAME, ([, name]) => ({ by: "engine", said: `ReferenceError: ${name} is not defined` })],
  [/^TS7053: .* index type 'Tensor'/, () => ({ by: "brackets", said: "" })],
  [/^TS(?:2362|2363|2365|2367|2695): /, () => ({ by: "operator", said: "" })],
  [/^TS2339: .* on type 'Tensor'/, () => ({ by: "absent", said: "" })],
  [/^TS2345: /, () => ({ by: "argument", said: "" })],
];

const GRADIENTS =
  "trainStep returns { loss, gradients }, and gradients has one for each parameter, under the parameter's own name";

/** What is said instead, in the course's words, where the line itself does not tell more. */
const plainly: readonly [said: RegExp, line: RegExp, text: string][] = [
  [
    /^TS7053: .* index type 'Tensor'/,
    /./,
    "a tensor has no [ ]: d.get(i, j) reads one number, d.set(i, j, v) writes one",
  ],
  [
    /^TS2488: Type 'Tensor'/,
    /./,
    "a loop cannot go over a tensor: write for (let i = 0; i < x.size(0); i++), and x.get(i) inside",
  ],
  [/^TS2365: .* 'boolean' and 'number'/, /[<>].*[<>]/, "1 < x < 3 is written 1 < x && x < 3"],
  [/^TS2695: /, /,/, "of several values between commas only the last one counts"],
  [/^TS2322: Type '\(\{.*\) => Tensor'/, /\breturn\b/, "this is the function that you are writing: return a tensor"],
  [/^TS2322: Type 'number' .* 'Tensor'/, /\.item\(\)/, "a tensor belongs here: leave .item() out"],
  [/^TS2353: .* in type '(?:TrainStepResult|Parameters)'/, /./, GRADIENTS],
  [/^TS27(?:39|40): .* type 'Parameters'/, /./, GRADIENTS],
];

/**
 * The type checker's notes, those about idioms of Python, NumPy and PyTorch in the words that the same idioms get when they
 * fail: a line further down is explained before it runs.
 *
 * @param idioms what is said already
 */
export function explainedTypes(step: Step, notes: readonly Note[], text: string, idioms: readonly Note[]): Note[] {
  const lines = text.split(/\r?\n/);
  if (notes.length === 0) return [];
  const { statements } = readingOf(text, stepNames(step));
  const explained = notes.flatMap((note) => ofLine(step, note, text) ?? []);
  const others = notes
    .filter((note) => !explained.some(({ line }) => line === note.line) && !isDeclaredBy(note, idioms, statements))
    .map((note) => plain(note, lines[note.line - 1] ?? ""));
  const all = notes.flatMap(({ line, column }) => {
    const here = [...explained, ...others].find((one) => one.line === line && one.column === column);
    return here ?? [];
  });
  // said once, of a line and of the same code elsewhere
  return all.filter(
    ({ line, text }, i) =>
      all.findIndex((one) => one.line === line && one.text === text) === i && !idioms.some((one) => one.text === text),
  );
}

function plain(note: Note, code: string): Note {
  const found = plainly.find(([said, line]) => said.test(note.text) && line.test(code));
  return found ? { ...note, text: found[2] } : note;
}

function ofLine(step: Step, note: Note, text: string): Note | undefined {
  for (const [said, complaint] of complaints) {
    const groups = said.exec(note.text);
    const idiom = groups && idiomAt(note, complaint(groups), text, stepNames(step), taskOf(step));
    if (idiom) return { ...note, text: idiom.text };
  }
  return undefined;
}

/** A name that is there once the declaration is, of which another note says how it is written. */
function isDeclaredBy({ text }: Note, idioms: readonly Note[], statements: readonly Statement[]): boolean {
  const [, name] = UNKNOWN_NAME.exec(text) ?? [];
  return statements.some(
    (one) =>
      one.kind === "change" &&
      one.sign === "" &&
      one.changed.kind === "name" &&
      one.changed.name === name &&
      idioms.some(({ line }) => line === one.first.line),
  );
}
