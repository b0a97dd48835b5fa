import { emitKeypressEvents, type Key } from "node:readline";

/** Control sequences of terminals, from ECMA-48 and xterm. */
const codes = {
  alternate: "\u001b[?1049h",
  usual: "\u001b[?1049l",
  hideCursor: "\u001b[?25l",
  showCursor: "\u001b[?25h",
  // the terminal cuts lines that are too wide: only it knows how wide its characters are
  cut: "\u001b[?7l",
  wrap: "\u001b[?7h",
  // synchronized output: what is between the two appears at once; terminals without it pass over both
  beginFrame: "\u001b[?2026h",
  endFrame: "\u001b[?2026l",
  home: "\u001b[H",
  plain: "\u001b[0m",
  clearLine: "\u001b[K",
  clearBelow: "\u001b[J",
};

/** How long to wait for more after an Escape, which may begin another key's sequence, in milliseconds. */
const ESCAPE_MS = 50;

/** A key as pressed: its name ("up", "return", "a") and the text it types, if any. */
export interface Pressed {
  name: string;
  text: string;
  ctrl: boolean;
}

/**
 * A terminal on which whole screens are drawn and which reports keys one by one. However the process ends, the terminal
 * is left as it was.
 */
export class Screen {
  readonly #stdin = process.stdin;
  readonly #stdout = process.stdout;
  readonly #onKey: (key: Pressed) => void;
  readonly #onResize: () => void;
  #isOpen = false;
  #drawn = "";

  constructor(onKey: (key: Pressed) => void, onResize: () => void) {
    this.#onKey = onKey;
    this.#onResize = onResize;
    // by its type the second argument is an Interface; only this field of it is read
    emitKeypressEvents(this.#stdin, { escapeCodeTimeout: ESCAPE_MS } as never);
  }

  get columns(): number {
    return this.#stdout.columns || 80;
  }

  get rows(): number {
    return this.#stdout.rows || 24;
  }

  /** Takes the terminal. */
  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    process.on("exit", this.close);
    this.#stdin.setRawMode(true);
    this.#stdin.on("keypress", this.#keypress);
    this.#stdin.resume();
    this.#stdout.on("resize", this.#resized);
    this.#drawn = "";
    this.#stdout.write(codes.alternate + codes.hideCursor + codes.cut);
  }

  /** Gives the terminal back. A second time does nothing. */
  readonly close = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off("exit", this.close);
    this.#stdout.off("resize", this.#resized);
    this.#stdin.off("keypress", this.#keypress);
    this.#stdout.write(codes.plain + codes.wrap + codes.showCursor + codes.usual);
    // if the terminal is gone, there is nothing to restore
    if (!this.#stdin.destroyed) this.#stdin.setRawMode(false);
    this.#stdin.pause();
  };

  /** Shows lines from the top; does nothing while the terminal is given back. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    const shown = lines.slice(0, this.rows).map((line) => codes.plain + codes.clearLine + line);
    // from a line of its own: behind a line that is as wide as the terminal it would clear that line's last character
    const below = shown.length < this.rows ? `\r\n${codes.clearBelow}` : "";
    const frame = shown.join("\r\n") + codes.plain + below;
    if (frame === this.#drawn) return;
    this.#drawn = frame;
    this.#stdout.write(codes.beginFrame + codes.home + frame + codes.endFrame);
  }

  readonly #keypress = (text: string | undefined, { name, ctrl, sequence }: Key): void => {
    this.#onKey({ name: name ?? sequence ?? "", text: text ?? "", ctrl: ctrl === true });
  };

  readonly #resized = (): void => {
    this.#drawn = "";
    this.#onResize();
  };
}
