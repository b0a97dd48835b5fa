import type { Note } from "../../grader/verdict/result.ts";
import type { SiteTypes } from "../site.ts";
import { startChecker, type TypeChecker } from "./client.ts";
import type { FileNotes } from "./protocol.ts";

/** What the page shows of the type checker. */
export interface TypesShown {
  readonly isOn: boolean;
  /** Why there are no notes yet, or at all. */
  readonly said?: string | undefined;
  /** The text that was checked last, and the notes on it. */
  readonly checked?: CheckedText | undefined;
}

interface CheckedText {
  readonly file: string;
  readonly text: string;
  readonly notes: readonly Note[];
}

type Texts = Readonly<Record<string, string>>;

/** So many milliseconds after the last key, a text is checked. */
const SOON_MS = 400;

const MISSING =
  "The type checker cannot be loaded. Is there a connection? Switch type notes off and on to try again; " +
  "everything else works without them.";
const ENDED = "The types of this text cannot be checked. They are checked again when it changes.";

/**
 * Checks the types of the open text a moment after each change, while the learner wants it. The checker is loaded when it
 * is first wanted, and ended when it no longer is. Nothing else waits for it.
 */
export class TypesRoom {
  readonly #site: SiteTypes;
  readonly #show: (shown: TypesShown) => void;
  #shown: TypesShown = { isOn: false };
  /** The open text. */
  #open: { readonly file: string; readonly text: string; readonly texts: Texts } | undefined;
  #checker: TypeChecker | undefined;
  /** What starts the checker, while that is under way: another one begins when the switch is used. */
  #starting: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether a text has ended the checker: the next one begins with the next change. */
  #hasEnded = false;

  /** @param show is told what to show whenever that changes, never at once */
  constructor(site: SiteTypes, show: (shown: TypesShown) => void) {
    this.#site = site;
    this.#show = show;
  }

  /** Switches notes on or off. */
  turn(isOn: boolean): void {
    this.#end();
    this.#starting = undefined;
    if (isOn) return this.#start();
    this.#change({ isOn });
  }

  /** Sees the open text, and the texts that it can import; undefined if no step is open. */
  see(file: string | undefined, texts: Texts): void {
    const text = file === undefined ? undefined : texts[file];
    if (file === this.#open?.file && text === this.#open?.text) return;
    const delay = file === this.#open?.file ? SOON_MS : 0;
    this.#open = file === undefined || text === undefined ? undefined : { file, text, texts };
    if (this.#shown.isOn) this.#checkIn(delay);
  }

  /** Whether the open text has changed, and notes on it will come. */
  get isPending(): boolean {
    const { file, text } = this.#open ?? {};
    const { checked } = this.#shown;
    return this.#checker !== undefined && (checked?.file !== file || checked?.text !== text);
  }

  /** The notes on some files; undefined if there are none, because they are not wanted or cannot be had. */
  async notesOn(files: readonly string[], texts: Texts): Promise<FileNotes | undefined> {
    const { checked } = this.#shown;
    const [only] = files;
    if (checked && files.length === 1 && checked.file === only && checked.text === texts[checked.file]) {
      return { [checked.file]: checked.notes };
    }
    return this.#ask(files, texts);
  }

  #start(): void {
    this.#hasEnded = false;
    this.#change({ isOn: true, said: `Loading the type checker (${this.#site.megabytes} MB)…` });
    const starting = startChecker(this.#site).then(
      (checker) => {
        if (this.#starting !== starting) return checker.end();
        this.#checker = checker;
        this.#change({ isOn: true });
        this.#checkIn(0);
      },
      () => {
        if (this.#starting !== starting) return;
        this.#change({ isOn: true, said: MISSING });
        addEventListener("online", () => this.#starting === starting && this.#start(), { once: true });
      },
    );
    this.#starting = starting;
  }

  #checkIn(delay: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), delay);
  }

  async #check(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    if (this.#hasEnded) return this.#start();
    const found = await this.#ask([open.file], open.texts);
    if (found && open === this.#open) {
      this.#change({ isOn: true, checked: { file: open.file, text: open.text, notes: found[open.file] ?? [] } });
    }
  }

  async #ask(files: readonly string[], texts: Texts): Promise<FileNotes | undefined> {
    const checker = this.#checker;
    try {
      return await checker?.check(files, texts);
    } catch {
      if (checker === this.#checker) {
        this.#end();
        this.#hasEnded = true;
        this.#change({ isOn: true, said: ENDED });
      }
      return undefined;
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#checker?.end();
    this.#checker = undefined;
  }

  #change(shown: TypesShown): void {
    this.#shown = shown;
    this.#show(shown);
  }
}
