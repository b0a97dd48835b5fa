import type { TrainStep } from "../../kit/step.ts";
import { rightLoop, type LineName } from "../makemore/loop.ts";

/** What learners call the lines of the forward pass, which is given, and those after the gradients. */
const groupNames: Partial<Record<LineName, string>> = {
  bnmean: "forward",
  bnvar: "forward",
  bnvar_inv: "forward",
  moving: "update",
  moved: "update",
  returnedLoss: "loss",
};

/** The mistakes of the training step by the line that goes wrong first, in the order of its lines. */
export function mistakesByLine({
  mistakes,
}: Pick<TrainStep, "mistakes">): Map<string, TrainStep["mistakes"][number][]> {
  const found = new Map<string, TrainStep["mistakes"][number][]>();
  const firstOf = ({ changes }: TrainStep["mistakes"][number]): string | undefined => Object.keys(changes)[0];
  const named = new Set(mistakes.map((mistake) => firstOf(mistake)!));
  const usual = Object.keys(rightLoop);
  // the lines of another network's step are in the order of its mistakes
  for (const line of [...named].every((one) => usual.includes(one)) ? usual : named) {
    const name = groupNames[line as LineName] ?? line;
    const own = mistakes.filter((mistake) => firstOf(mistake) === line);
    if (own.length > 0) found.set(name, [...(found.get(name) ?? []), ...own]);
  }
  return found;
}
