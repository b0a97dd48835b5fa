import kleur from "kleur";
import type { Step } from "../kit/step.ts";
import { codeLines } from "./code.ts";
import { INDENT, paragraph, proseWidth } from "./text.ts";

/** Other correct answers to a step, each with what is different about it; no lines if none is told. */
export function formLines({ alsoRight = [] }: Step, columns?: number): string[] {
  return alsoRight.flatMap(({ code, why }, i) => [
    "",
    ...paragraph(`${kleur.bold(i === 0 ? "also right:" : "and:")} ${inSentence(why)}`, proseWidth(columns)),
    "",
    ...code.split("\n").flatMap((line) => codeLines(INDENT + line, columns)),
  ]);
}

/** A sentence behind a colon: without its capital, unless that is a name's. */
function inSentence(form: string): string {
  return form.replace(/^[A-Z](?=[a-z]* )/, (letter) => letter.toLowerCase());
}
