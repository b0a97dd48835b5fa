import { html, nothing, render, type TemplateResult } from "lit-html";
import type { Actions } from "../app/actions.ts";
import type { Grader } from "../app/grader.ts";
import { LONGEST_LINE } from "../../grader/report/harmless.ts";
import { scratchText } from "../../grader/course/scratch.ts";
import type { Note } from "../../grader/verdict/result.ts";
import type { Editor, EditorEvents, Remark } from "../editor/editor.ts";
import type { Scratched } from "../coach/protocol.ts";
import { messageOf } from "../message-of.ts";

/** What a scratch pad needs of the page that it is on. */
export interface ScratchHost {
  startCoach(): Pick<Grader, "coach">;
  /** The learner's texts by file, as they are now: a scratch text can import them. */
  files(): Readonly<Record<string, string>>;
  /** The text that was kept; undefined if there is none. */
  text(): string | undefined;
  keep(text: string): void;
  /** Makes the editor that the learner prefers. */
  edit(container: HTMLElement, file: string, text: string, events: EditorEvents): Editor;
  readonly types: ScratchTypes;
}

/** What the page says of types. */
export interface ScratchTypes {
  /** The type checker's notes on a text, if that is what it has checked. */
  notes(text: string): readonly Note[];
  /** The switch of these notes. */
  switchView(): TemplateResult | typeof nothing;
  /** What is said below the editor. */
  view(notes: readonly Note[], actions: Pick<Actions, "goTo">): TemplateResult | typeof nothing;
}

/** What the scratch pad shows. */
interface ScratchState {
  readonly isRunning: boolean;
  readonly ran: Scratched | undefined;
  /** The text that was run. */
  readonly ranText: string | undefined;
  /** Why nothing can be run. */
  readonly problem: string | undefined;
}

const FILE = "play/scratch.ts";

/** A text with `#tensor` that is run where exercises are run, and what it prints. */
export class ScratchPad {
  readonly #host: ScratchHost;
  #coach: Pick<Grader, "coach"> | undefined;
  #container: HTMLElement | undefined;
  #editor: Editor | undefined;
  #text: string;
  #state: ScratchState = { isRunning: false, ran: undefined, ranText: undefined, problem: undefined };
  #ending = new AbortController();

  constructor(host: ScratchHost) {
    this.#host = host;
    this.#text = host.text() ?? scratchText({ export: "dcounts", file: "1-step-by-step/05-dcounts.ts" });
  }

  /** The text as it is now. */
  get text(): string {
    return this.#text;
  }

  /** Shows it in a container, with the text that it had. */
  show(container: HTMLElement): void {
    if (container === this.#container) return;
    this.#editor?.remove();
    this.#container = container;
    this.#draw();
    const events: EditorEvents = {
      write: (text) => {
        this.#text = text;
        this.#host.keep(text);
      },
      grade: () => void this.#run(),
    };
    const place = container.querySelector<HTMLElement>(".editor")!;
    this.#editor = this.#host.edit(place, FILE, this.#text, events);
    this.#mark();
  }

  /** Shows what is said of types now. */
  showTypes(): void {
    this.#draw();
    this.#mark();
  }

  /** What the type checker says of the text, but for lines that the last run has said something about. */
  #typeNotes(): readonly Note[] {
    const notes = this.#host.types.notes(this.#text);
    return notes.filter(({ line }) => line !== this.#failure()?.at?.line);
  }

  /** What ended the last run, if it was of the text as it is now. */
  #failure(): Scratched["failure"] {
    return this.#state.ranText === this.#text ? this.#state.ran?.failure : undefined;
  }

  #mark(): void {
    const failure = this.#failure();
    const failed: Remark[] = failure?.at ? [{ ...failure.at, text: failure.message, severity: "error" }] : [];
    const notes = this.#typeNotes().map((note): Remark => ({ ...note, severity: "warning" }));
    this.#editor?.mark([...failed, ...notes]);
  }

  #draw(): void {
    if (this.#container) render(this.#view(), this.#container);
  }

  #view(): TemplateResult {
    const { isRunning, ran, problem } = this.#state;
    return html`<section class="scratch" aria-label="scratch pad">
      <header>
        <h1>Scratch pad</h1>
        <span class="controls">
          ${this.#host.types.switchView()}
          <button
            type="button"
            class="primary"
            aria-disabled=${isRunning ? "true" : nothing}
            aria-keyshortcuts="Control+Enter Meta+Enter"
            @click=${() => void this.#run()}
          >
            Run
          </button>
          ${isRunning ? html`<button type="button" @click=${() => this.#stop()}>Stop</button>` : nothing}
        </span>
      </header>
      <p class="quiet">
        Try tensors out: console.log prints below. Ctrl-Enter runs it, on a Mac ⌘-Enter. The text is kept in this
        browser; nothing here is graded.
      </p>
      <div class="editor"></div>
      ${this.#host.types.view(this.#typeNotes(), { goTo: (line, column) => this.#editor?.goTo(line, column) })}
      <div class="printout" role="status">
        ${isRunning ? html`<p class="quiet">Running…</p>` : nothing}
        ${problem === undefined ? nothing : html`<p class="problem">${problem}</p>`}
        ${ran && !isRunning ? this.#ranView(ran) : nothing}
      </div>
    </section>`;
  }

  #ranView({ printed, failure }: Scratched): TemplateResult {
    const at = failure?.at;
    return html`${
      printed === "" && !failure
        ? html`<p class="quiet">It printed nothing.</p>`
        : html`<pre data-scrolls="what it printed">${shown(printed)}</pre>`
    }
    ${
      failure
        ? html`<p class="problem">
            ${failure.message}
            ${
              at
                ? html`<button type="button" class="link" @click=${() => this.#editor?.goTo(at.line, at.column)}>
                    line ${at.line}, column ${at.column}
                  </button>`
                : nothing
            }
          </p>`
        : nothing
    }`;
  }

  async #run(): Promise<void> {
    if (this.#state.isRunning) return;
    this.#ending = new AbortController();
    const { signal } = this.#ending;
    const text = this.#text;
    this.#change({ isRunning: true, ran: undefined, ranText: undefined, problem: undefined });
    try {
      this.#coach ??= this.#host.startCoach();
      const question = { what: "scratch", text } as const;
      const ran = await this.#coach.coach(question, { files: this.#host.files(), signal });
      if (signal.aborted) return;
      this.#change({ isRunning: false, ran, ranText: text });
      this.#mark();
    } catch (error) {
      this.#change({ isRunning: false, problem: messageOf(error) });
    }
  }

  #stop(): void {
    this.#ending.abort();
    this.#change({ isRunning: false, problem: "Stopped." });
  }

  #change(some: Partial<ScratchState>): void {
    this.#state = { ...this.#state, ...some };
    this.#draw();
  }
}

/** What was printed, with long lines cut. */
function shown(printed: string): string {
  return printed
    .split("\n")
    .map((line) => (line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line))
    .join("\n");
}
