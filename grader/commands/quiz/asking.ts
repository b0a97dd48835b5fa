import { createInterface, emitKeypressEvents, type Key } from "node:readline";
import kleur from "kleur";
import type { Question } from "../../kit/question.ts";
import { optionLines } from "../../report/quiz/lines.ts";

/** What is done about a question: an option is chosen, the question is skipped, or the quiz ends. */
export type Choice = number | "skip" | "quit";

/** Shows a question's options and waits for a choice. */
export interface Asking {
  choose: (question: Question) => Promise<Choice>;
  /** Gives the input back. */
  close: () => void;
}

/** Asks with keys if there is a terminal, and otherwise line by line. */
export function askingHere(): Asking {
  return process.stdin.isTTY && process.stdout.isTTY && process.env["TERM"] !== "dumb" ? withKeys() : withLines();
}

/** In a terminal: arrow keys and Enter, or a digit. */
function withKeys(): Asking {
  const { stdin, stdout } = process;
  emitKeypressEvents(stdin);
  stdin.setRawMode(true);
  const choose = (question: Question): Promise<Choice> =>
    new Promise((resolve) => {
      // nothing yet, so that Enter, which goes on elsewhere, does not answer what nobody has read
      let selected: number | undefined;
      let drawn = 0;
      const draw = (isChosen = false): void => {
        const keys = isChosen ? [] : ["", kleur.dim(KEYS)];
        const lines = [...optionLines(question, stdout.columns, selected), ...keys];
        // over the lines that were drawn before
        stdout.write(`${drawn > 0 ? `\u001b[${drawn}A\u001b[J` : ""}${lines.join("\n")}\n`);
        drawn = lines.length;
      };
      const pressed = (text: string | undefined, key: Key): void => {
        const choice = choiceOf(text, key, selected, question.options.length);
        if (choice === undefined) {
          selected = moved(selected, key, question.options.length);
          return draw();
        }
        if (typeof choice === "number") selected = choice;
        draw(true);
        stdin.off("keypress", pressed);
        resolve(choice);
      };
      stdin.on("keypress", pressed);
      stdin.resume();
      draw();
    });
  const close = (): void => {
    stdin.setRawMode(false);
    stdin.pause();
  };
  return { choose, close };
}

const KEYS = "  up, down and Enter, or a digit   s skip   q quit";

/** What a key does; undefined if it chooses nothing. */
function choiceOf(text: string | undefined, key: Key, selected: number | undefined, count: number): Choice | undefined {
  if (key.name === "return" || key.name === "enter") return selected;
  if (text === "s") return "skip";
  if (text === "q" || key.name === "escape" || (key.ctrl && key.name === "c")) return "quit";
  return optionOf(text ?? "", count);
}

function moved(selected: number | undefined, { name }: Key, count: number): number | undefined {
  const by = name === "up" ? -1 : name === "down" ? 1 : 0;
  if (by === 0) return selected;
  return selected === undefined ? (by > 0 ? 0 : count - 1) : (selected + by + count) % count;
}

/** The option that a typed number names, from 0; undefined if there is none. */
export function optionOf(text: string, count: number): number | undefined {
  const number = Number(text.trim());
  return text.trim() !== "" && Number.isInteger(number) && number >= 1 && number <= count ? number - 1 : undefined;
}

/** Without a terminal: a line with the option's number. At the end of the input the quiz ends. */
function withLines(): Asking {
  const input = createInterface({ input: process.stdin });
  const lines = input[Symbol.asyncIterator]();
  const choose = async (question: Question): Promise<Choice> => {
    const { length } = question.options;
    process.stdout.write(`${optionLines(question).join("\n")}\n\n`);
    for (;;) {
      process.stdout.write(`  1 to ${length}, s to skip, q to quit:\n`);
      const { value, done } = await lines.next();
      if (done || value.trim() === "q") return "quit";
      if (value.trim() === "s") return "skip";
      const option = optionOf(value, length);
      if (option !== undefined) return option;
    }
  };
  return { choose, close: () => input.close() };
}
