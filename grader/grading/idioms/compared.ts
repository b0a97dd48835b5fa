import type { Step } from "../../kit/step.ts";
import type { Note } from "../../verdict/result.ts";
import { allIn } from "./expression.ts";
import { readingOf } from "./reading.ts";
import { comparisonOfTensors } from "./remark.ts";
import { stepNames } from "./step-names.ts";

/** Two tensors that are compared with ==, which is false, and no error: `const mask = levels == peaks`. */
export function comparedNote(step: Step, text: string): Note | undefined {
  // most files have none, and are not read
  if (!/[^=!<>]==/.test(text)) return undefined;
  const { statements, names } = readingOf(text, stepNames(step));
  for (const statement of statements) {
    for (const part of allIn(statement.value)) {
      const said = comparisonOfTensors(part, { names });
      if (said === undefined) continue;
      const { line, from } = statement.first;
      return { line, column: from - text.lastIndexOf("\n", from - 1), text: said };
    }
  }
  return undefined;
}
