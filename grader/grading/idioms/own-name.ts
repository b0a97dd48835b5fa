import type { Step } from "../../kit/step.ts";
import type { Note } from "../../verdict/result.ts";
import { readingOf } from "./reading.ts";
import { stepNames } from "./step-names.ts";
import { translated } from "./translate.ts";

/**
 * Python's assignment to a name without a declaration, where that name is the function's own: `dy = x.mul(du)` in dy, which
 * runs. Undefined if there is none.
 *
 * @param said the line of which something is said already: with what is translated there, its declaration is
 */
export function ownNameNote(step: Step, text: string, said?: number): Note | undefined {
  const name = step.export;
  // most files have none, and are not read
  if (!new RegExp(`(?<![\\w.])${name}\\s*=(?![=>])`).test(text)) return undefined;
  const { statements, names } = readingOf(text, stepNames(step));
  if (statements.some((one) => one.kind === "declaration" && one.names.includes(name))) return undefined;
  const found = statements.find(
    (one) => one.kind === "change" && one.sign === "" && one.changed.kind === "name" && one.changed.name === name,
  );
  if (!found) return undefined;
  const { line, from } = found.first;
  const written = translated(found.value, names);
  if (line === said && written?.isChanged) return undefined;
  const value = written?.text ?? "...";
  const column = from - text.lastIndexOf("\n", from - 1);
  return { line, column, text: `a new name begins with const: write const ${name} = ${value}` };
}
