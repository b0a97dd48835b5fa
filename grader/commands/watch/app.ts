import path from "node:path";
import { setImmediate as drawn } from "node:timers/promises";
import type { News } from "../../grading/news.ts";
import { harmless } from "../../report/harmless.ts";
import { newlyFinishedLines } from "../../report/news.ts";
import type { Layable } from "../../report/text.ts";
import { systemProblem } from "../../runner/system.mjs";
import { UsageError } from "../usage.ts";
import { actions, recap, type Action, type At } from "./actions.ts";
import { edit, editor, lineOfBody } from "./editor.ts";
import { afterKey, isOver } from "./round.ts";
import { Screen, type Pressed } from "./screen.ts";
import type { Session, WatchEvent } from "./session.ts";
import { filtered, layOut, pageOf, placeOf, toDo, type View } from "./views.ts";

/** Further down than any page goes. */
const LAST_LINE = 1e6;

/** Watching in a terminal: what it shows, and what the keys do. */
export class App {
  readonly #session: Session;
  readonly #screen: Screen;
  readonly #onFault: (error: unknown) => void;
  readonly #quit: () => void;
  #view: View = { kind: "step" };
  #offset = 0;
  /** How many lines of the body the screen shows, of how many, and how wide they are. */
  #seen = 1;
  #length = 1;
  #columns = 0;
  /** A line about the last key, until the next key; and the state of grading. */
  #said = "";
  /** Whether that line is about what a key did to a file: it stays for the grading that this leads to. */
  #staysOnce = false;
  #status = "";

  /**
   * @param onFault gets errors that are the grader's fault
   */
  constructor(session: Session, quit: () => void, onFault: (error: unknown) => void) {
    this.#session = session;
    this.#quit = quit;
    this.#onFault = onFault;
    this.#screen = new Screen(
      (key) => this.#pressed(key),
      () => this.#draw(),
    );
  }

  open(): void {
    this.#screen.open();
    this.#draw();
  }

  close(): void {
    this.#screen.close();
  }

  /** Shows what happened. */
  on(event: WatchEvent): void {
    switch (event.kind) {
      case "begin":
        this.#status = gradingText(event);
        // a step that was selected is graded while keys are pressed: what they opened or said stays
        if (!event.isSave) break;
        if (this.#staysOnce) this.#staysOnce = false;
        else this.#said = "";
        // someone who saves wants to see the verdict
        if (this.#view.kind !== "list") this.#view = { kind: "step" };
        break;
      case "end":
        this.#status = `graded at ${clock()}, in ${(event.milliseconds / 1000).toFixed(1)} s`;
        this.#showFinished(event.news);
        break;
      case "problem":
        this.#status = harmless(event.message, true);
        break;
      case "moved":
        this.#offset = 0;
        this.#said = "";
        // the step that was saved is the one to show
        if (this.#view.kind !== "list") this.#view = { kind: "step" };
    }
    this.#draw();
  }

  /** At the end of a part, or of a stretch of steps: what was finished, until a key or the next save. */
  #showFinished(news: News | undefined): void {
    if (!news || news.finished.length === 0 || this.#view.kind !== "step") return;
    const { result } = this.#session;
    const passed = result?.passed ? [toDo(this.#session, result), ""] : [];
    const text: Layable = (columns) => [...passed, ...newlyFinishedLines(news.finished, columns)];
    this.#view = { kind: "text", text, action: recap };
    this.#offset = 0;
  }

  /** Shows a line above the keys, until the next key or save. */
  #tell(message: string): void {
    this.#said = harmless(message, true);
    this.#staysOnce = false;
    this.#draw();
  }

  #draw(): void {
    const { columns, rows } = this.#screen;
    const page = pageOf(this.#view, this.#session, [this.#said, this.#status], columns);
    // at another width the same text has more or fewer lines
    if (columns !== this.#columns) this.#offset = Math.round((this.#offset * page.body.length) / this.#length);
    this.#columns = columns;
    this.#length = Math.max(1, page.body.length);
    const { lines, offset, seen } = layOut(page, rows, this.#offset);
    this.#offset = offset;
    this.#seen = seen;
    this.#screen.draw(lines);
  }

  #show(view: View): void {
    this.#view = view;
    this.#offset = 0;
    this.#draw();
  }

  #pressed(key: Pressed): void {
    this.#said = "";
    if (key.ctrl && key.name === "c") return this.#quit();
    if (key.ctrl && key.name === "z") return this.#suspend();
    if (this.#view.kind === "list") return this.#pressedInList(key, this.#view);
    const by = this.#lines(key);
    if (by !== undefined) return this.#scroll(by);
    if (this.#view.kind === "question") return this.#answered(key, this.#view.action);
    if (this.#view.kind === "quiz") return this.#pressedInQuiz(key, this.#view);
    if (this.#view.kind === "text" && closes(key, this.#view.action, placeOf(this.#session)))
      return this.#show({ kind: "step" });
    this.#command(key.text);
  }

  #command(letter: string): void {
    const session = this.#session;
    if (letter === "q") this.#quit();
    else if (letter === "n" || letter === "p") this.#go(letter === "n" ? 1 : -1);
    else if (letter === "l") this.#show({ kind: "list", filter: "", selected: session.current });
    else if (letter === "e") this.#run(() => this.#edit());
    else {
      const action = actions.find(({ key }) => key === letter);
      // what was said about the key before is gone
      if (!action) return this.#draw();
      if (!action.isOffered(placeOf(session)))
        return this.#tell(`${action.name}: ${action.when?.(placeOf(session)) ?? "available once the step passes"}`);
      if (action.question) this.#show({ kind: "question", action });
      else this.#act(action);
    }
  }

  #go(by: number): void {
    const isEnd = this.#view.kind === "text" && this.#view.action === recap;
    this.#show({ kind: "step" });
    const { current, result } = this.#session;
    // what was finished before watch began is shown over the next step to do, which is not passed over
    if (by > 0 && isEnd && !result?.passed) return;
    this.#session.go(by);
    if (this.#session.current === current) this.#tell(by > 0 ? "this is the last step" : "this is the first step");
  }

  /** How far a key scrolls, a page with two lines of the last one; undefined if it does not. */
  #lines({ name }: Pressed): number | undefined {
    const page = Math.max(1, this.#seen - 2);
    const keys = { up: -1, down: 1, pageup: -page, pagedown: page, space: page, home: -LAST_LINE, end: LAST_LINE };
    return Object.hasOwn(keys, name) ? keys[name as keyof typeof keys] : undefined;
  }

  #scroll(by: number): void {
    this.#offset += by;
    this.#draw();
  }

  #answered({ text, name }: Pressed, action: Action): void {
    if (text === "y" || text === "Y") this.#act(action);
    else if (text === "n" || text === "N" || name === "escape") {
      this.#show({ kind: "step" });
      this.#tell(`${action.name}: not done`);
    }
  }

  /** Runs a key's action, and shows its lines; a single one above the keys. */
  #act(action: Action): void {
    const isOpen = this.#view.kind === "text" && this.#view.action === action;
    const at = placeOf(this.#session, isOpen);
    this.#show({ kind: "step" });
    this.#run(async () => {
      if (action.meanwhile !== undefined) {
        this.#tell(action.meanwhile);
        // the screen first: what follows may keep the process busy
        await drawn();
        this.#said = "";
      }
      const made = await (action.takesTerminal ? this.#handOver(() => action.run(at)) : action.run(at));
      const lines = "questions" in made ? [] : made(this.#screen.columns);
      if ("questions" in made) this.#show({ kind: "quiz", round: made, action });
      else if (lines.length > 1) this.#show({ kind: "text", text: onceFor(made), action });
      else this.#tell(lines[0] ?? "");
      this.#staysOnce = action.question !== undefined;
    });
  }

  async #edit(): Promise<void> {
    const command = editor();
    if (command === undefined) {
      throw new UsageError(
        "no editor is set: set VISUAL, as in VISUAL=nano npm run watch, or open the file in your editor",
      );
    }
    const { root, current, result } = this.#session;
    const file = path.join(root, current.file);
    const line = result?.at?.line ?? lineOfBody(file, current);
    const problem = await this.#handOver(() => edit(command, file, line));
    if (problem) this.#tell(problem);
  }

  /** Gives the terminal to something else until that has ended. */
  async #handOver<T>(use: () => Promise<T>): Promise<T> {
    this.#screen.close();
    try {
      return await use();
    } finally {
      this.#screen.open();
      this.#draw();
    }
  }

  /** Gives the terminal back to the shell, which stops the whole job; continues here when the job continues. */
  #suspend(): void {
    if (process.platform === "win32") return;
    this.#screen.close();
    process.kill(0, "SIGTSTP");
    setImmediate(() => {
      this.#screen.open();
      this.#draw();
    });
  }

  /** Runs an action that may fail for a reason to show: a full disk, a file that cannot be written. */
  #run(action: () => Promise<void>): void {
    action().catch((error: NodeJS.ErrnoException) => {
      if (error instanceof UsageError || error.code !== undefined) this.#tell(systemProblem(error) ?? error.message);
      else this.#onFault(error);
    });
  }

  #pressedInQuiz(key: Pressed, view: Extract<View, { kind: "quiz" }>): void {
    const isBack = key.name === "return" && isOver(view.round);
    if (isBack || ["escape", "q"].includes(key.name) || key.text === view.action.key)
      return this.#show({ kind: "step" });
    const round = afterKey(view.round, key);
    if (!round) return;
    this.#show({ ...view, round });
    // what is said to a reply is at the end, which may be below the screen
    if (round.chosen !== undefined) this.#scroll(LAST_LINE);
  }

  #pressedInList(key: Pressed, { filter, selected }: Extract<View, { kind: "list" }>): void {
    if (key.name === "escape") return this.#show({ kind: "step" });
    if (key.name === "return" || key.name === "enter") {
      this.#show({ kind: "step" });
      if (selected) this.#session.select(selected);
      return;
    }
    const found = (text: string): (typeof selected)[] =>
      filtered(this.#session, text).flatMap(({ step }) => step ?? []);
    // a space may be typed between two words
    const by = key.name === "space" ? undefined : this.#lines(key);
    if (by !== undefined) {
      const all = found(filter);
      const at = all.indexOf(selected) + by;
      this.#view = { kind: "list", filter, selected: all[Math.min(Math.max(at, 0), all.length - 1)] };
      return this.#draw();
    }
    const typed = key.name === "backspace" ? filter.slice(0, -1) : filter + (isTyped(key) ? key.text : "");
    if (typed === filter) return;
    const all = found(typed);
    const named = all.find((step) => step && [step.id, step.label].includes(typed));
    this.#show({ kind: "list", filter: typed, selected: named ?? (all.includes(selected) ? selected : all[0]) });
  }
}

/** The same text, laid out once for each width in a row: it is drawn at every key. */
function onceFor(text: Layable): Layable {
  let laidOut: { columns: number; lines: string[] } | undefined;
  return (columns) => {
    if (laidOut?.columns !== columns) laidOut = { columns, lines: text(columns) };
    return laidOut.lines;
  };
}

/** Whether a key closes what another has opened: the same key does, unless it has more to show. */
function closes({ name, text }: Pressed, { key, again }: Action, at: At): boolean {
  return ["escape", "return", "q"].includes(name) || (text === key && again?.(at) === undefined);
}

/** What is being graded: a step by its name, several by their number, and whether they were saved. */
function gradingText({ steps, isChange }: Extract<WatchEvent, { kind: "begin" }>): string {
  if (steps.length === 1) return `grading ${steps[0]!.id} ...`;
  return `grading ${steps.length} ${isChange ? "changed " : ""}files ...`;
}

/** Whether a key types a character that a step's name may contain. */
function isTyped({ text, ctrl }: Pressed): boolean {
  return !ctrl && /^[\w. -]$/.test(text);
}

function clock(): string {
  return new Date().toTimeString().slice(0, 8);
}
