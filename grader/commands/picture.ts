import { accessSync, constants, lstatSync, statSync } from "node:fs";
import path from "node:path";
import { WriteStream } from "node:tty";
import kleur from "kleur";
import type { Step } from "../kit/step.ts";
import { drawingOf, type Drawing } from "../report/heatmap/drawing.ts";
import { terminalDrawing, type Colors } from "../report/heatmap/terminal.ts";
import { svgDrawing } from "../report/heatmap/svg.ts";
import { readNames, shippedNames } from "../runner/data.ts";
import { gradeTree } from "../runner/grade.ts";
import type { Layable } from "../report/text.ts";
import { displayPath } from "../runner/project.ts";
import { whyNot } from "../runner/system.mjs";
import { saveWhole } from "../runner/whole.mjs";
import type { StepResult } from "../verdict/result.ts";
import { exampleStep, UsageError } from "./usage.ts";

export const pictureHelp = `--show             draws yours, the reference and the difference: on the step's batch or the lesson's
                       numbers, or, if you are right there, on random numbers for which you are not
    --save FILE        saves the same for one step as an SVG picture`;

/** The width of a drawing if the output is not a terminal. */
const COLUMNS = 80;

/** What to draw. */
export interface Picture {
  show: boolean;
  /** The file to write, absolute; undefined for none. */
  save: string | undefined;
}

/**
 * What `--show` and `--save` ask for, checked before anything is graded.
 *
 * @param words the steps as they were typed
 * @throws UsageError if it cannot be drawn or written
 */
export function pictureFor(
  { show, save, json }: { show: boolean; save: string | undefined; json: boolean },
  words: readonly string[],
  steps: readonly Step[],
): Picture {
  if (!show && save === undefined) return { show: false, save: undefined };
  const option = show ? "--show" : "--save";
  if (json) throw new UsageError(`${option} and --json: JSON holds no drawings; use one after the other`);
  if (words.length === 0) {
    throw new UsageError(
      `${option} of which step? name it, as in npm run grade -- ${exampleStep.id} ${option}${show ? "" : ` ${exampleStep.id}.svg`}`,
    );
  }
  if (steps.every((step) => step.kind !== "function")) {
    throw new UsageError(
      `${option} draws a single gradient, and ${steps[0]!.id} ${returns(steps[0]!)}: name another step`,
    );
  }
  if (save === undefined) return { show, save };
  if (steps.length > 1)
    throw new UsageError(`--save ${save}: saves the picture of one step, and ${steps.length} are named`);
  return { show, save: fileToWrite(save) };
}

/** A file as typed, which does not exist or is a picture already. */
function fileToWrite(typed: string): string {
  const file = path.resolve(process.env["INIT_CWD"] ?? process.cwd(), typed);
  const wrong = (what: string): UsageError => new UsageError(`--save ${typed}: ${what}`);
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there?.isDirectory()) throw wrong("is a folder; name a file in it that ends in .svg");
  const ending = path.extname(file).toLowerCase();
  if (ending !== ".svg") {
    throw wrong(
      `pictures are saved as .svg, which every browser opens${ending === "" ? "" : `, not as ${ending}`}; ` +
        `give a name that ends in .svg`,
    );
  }
  if (there && !there.isFile()) throw wrong("exists and is not a regular file; choose another name");
  const folder = path.dirname(file);
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw wrong(`there is no folder ${displayPath(folder)}; create it first`);
  }
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw wrong(`the folder ${displayPath(folder) || "."} cannot be written to; choose another`);
  }
  return file;
}

/** A drawing for each result that has a gradient, and a line for each that has none. */
export function drawings(
  steps: readonly Step[],
  results: readonly StepResult[],
  reference: "ours" | "torch",
): (Drawing | string)[] {
  return steps.map((step, i) => {
    const result = results[i]!;
    if (step.kind === "function" && result.gradient) {
      // PyTorch's gradients are stored for some networks alone
      const its = step.network.stored === undefined ? "ours" : reference;
      return drawingOf(step, result, result.gradient, its);
    }
    return `${step.id}: not drawn; --show draws a single gradient, and this ${returns(step)}`;
  });
}

/** What a step returns that is not drawn. */
function returns({ kind }: Step): string {
  return kind === "train" ? "is a loop" : "returns other values";
}

/** One step, run again and drawn. */
export async function shownText(step: Step, root: string): Promise<Layable> {
  const names = readNames(shippedNames);
  const results = await gradeTree({ root, steps: [step], names, reference: "ours", keepGradients: true });
  const drawn = drawings([step], results, "ours");
  return (columns) => shown(drawn, columns).trimEnd().split("\n");
}

/** Drawings as text for this terminal. */
export function shown(all: readonly (Drawing | string)[], columns = process.stdout.columns || COLUMNS): string {
  const colors = colorsHere();
  return all
    .map((drawing) => `${typeof drawing === "string" ? `${drawing}\n` : terminalDrawing(drawing, columns, colors)}\n`)
    .join("");
}

/** The output's colors; kleur knows whether it has any (NO_COLOR, FORCE_COLOR, TERM=dumb, no terminal). */
function colorsHere(): Colors {
  if (!kleur.enabled) return "none";
  const named = /^(truecolor|24bit)$/.test(process.env["COLORTERM"] ?? "");
  return named || WriteStream.prototype.getColorDepth() === 24 ? "24bit" : "256";
}

/**
 * Saves the picture, completely or not at all.
 *
 * @returns a line that says so
 * @throws UsageError if there is nothing to draw, or the file cannot be written after all
 */
export function savePicture(file: string, drawing: Drawing | string): string {
  if (typeof drawing === "string") throw new UsageError(`--save ${displayPath(file)}: ${drawing}`);
  try {
    saveWhole(file, svgDrawing(drawing));
  } catch (error) {
    throw new UsageError(`--save ${displayPath(file)}: cannot be written (${whyNot(error)})`);
  }
  return `saved: ${displayPath(file)}\n`;
}
