import kleur from "kleur";
import { mistakesByLine } from "../course/4-training-loop/mistakes-by-line.ts";
import type { Step, TrainStep } from "../kit/step.ts";
import { sideBySide } from "../report/side-by-side.ts";
import { cutTo, INDENT, paragraph, proseWidth } from "../report/text.ts";
import { showOncePassed } from "./once-passed.ts";
import { UsageError } from "./usage.ts";

export const mistakesHelp = `mistakes step ... [--at LINE] [--anyway] [--from FOLDER]
    Shows the known mistakes at a step, once it passes (--anyway: before).
    --at LINE          for training loops, which have many: those in one of its lines, such as dlogits, or in all`;

/** Exit status 0; 1 if a step does not pass yet. */
export function mistakes(args: string[]): Promise<number> {
  return showOncePassed(
    {
      name: "mistakes",
      what: "the list of known mistakes",
      options: { at: { type: "string" } },
      lines: (step, { columns, values }) => {
        const { at } = values;
        const width = proseWidth(columns);
        if (step.kind !== "train" && at !== undefined)
          throw new UsageError(
            `--at ${String(at)}: only training loops have their mistakes in lines; leave it out for ${step.id}`,
          );
        if (step.kind === "train" && at !== "all") {
          return at === undefined ? summaryLines(step, width) : lineOfTraining(step, String(at), width);
        }
        return [`Known mistakes at ${step.id}:`, ...mistakeLines(step, width)];
      },
    },
    args,
  );
}

/**
 * The known mistakes at a step; those of the training loop by its lines.
 *
 * @param width of a line; left out if whoever shows the lines wraps them
 */
export function mistakeLines(step: Step, width = Infinity): string[] {
  if (step.kind !== "train") return listed(step.mistakes, width);
  return [...mistakesByLine(step)].flatMap(([line, known]) => ["", kleur.bold(line), ...listed(known, width)]);
}

function listed(known: readonly { idea: string; sentence: string }[], width: number): string[] {
  return known.flatMap(({ idea, sentence }) => {
    const room = width - BULLET.length;
    return sideBySide([[BULLET], [...paragraph(`${idea}:`, room), ...paragraph(sentence, room)]], "");
  });
}

/** How many mistakes each line of the training step has, and the likeliest of them. */
function summaryLines(step: TrainStep, width: number): string[] {
  const { id, mistakes } = step;
  const all = [...mistakesByLine(step)];
  const name = Math.max(...all.map(([line]) => line.length));
  const count = String(Math.max(...all.map(([, known]) => known.length))).length;
  const rows = all.map(([line, known]) => {
    const start = `${INDENT}${kleur.bold(line.padEnd(name))}  ${String(known.length).padStart(count)}  `;
    return cutTo(start + known.map(({ idea }) => idea).join("; "), width);
  });
  return [
    ...paragraph(`${mistakes.length} known mistakes at ${id}, by the line they are in, the likeliest first:`, width),
    "",
    ...rows,
    "",
    ...paragraph(
      `What they look like, for one line: npm run mistakes -- ${id} --at ${all[0]![0]}; for all: --at all`,
      width,
    ),
  ];
}

function lineOfTraining(step: TrainStep, at: string, width: number): string[] {
  const { id } = step;
  const all = mistakesByLine(step);
  const known = all.get(at);
  if (known) return [`Known mistakes at ${id}, in ${at}:`, ...listed(known, width)];
  throw new UsageError(`--at ${at}: ${id} has no such line; it has ${[...all.keys()].join(", ")}; or all`);
}

const BULLET = "  - ";
