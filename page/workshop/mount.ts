import { render } from "lit-html";
import type { Grader } from "../app/grader.ts";
import type { Question } from "../../grader/kit/question.ts";
import type { CoachProgress } from "../coach/protocol.ts";
import { messageOf } from "../message-of.ts";
import { unpacked, type PackedTexts } from "./packed.ts";
import {
  LECTURES_STEP,
  noTraining,
  textsOf,
  trainingOf,
  type Asked,
  type KeptRun,
  type KeptRuns,
  type Quiz,
  type Remembered,
  type Reply,
  type Shown,
  type Tool,
  type Training,
  type WorkshopActions,
  type WorkshopState,
} from "./state.ts";
import { workshopView } from "./view.ts";

/** What a workshop needs of the page that it is on. */
export interface WorkshopHost {
  /** Starts a grader of its own, so that the page's can grade meanwhile. */
  startCoach(): Pick<Grader, "coach">;
  readonly remembered: Remembered;
  /** Loads what the workshop says of steps. @throws Error if it cannot be loaded */
  texts(): Promise<readonly PackedTexts[]>;
  readonly runs: KeptRuns;
}

/** Keeps what is open and asked of a step, and renders it below the step's result. Training goes on when another step is opened. */
export class Workshop {
  readonly #host: WorkshopHost;
  #coach: Pick<Grader, "coach"> | undefined;
  #container: HTMLElement | undefined;
  #shown: Shown | undefined;
  #state: WorkshopState;
  #ending = new AbortController();
  /** What ends each run that is under way, by its step. */
  readonly #running = new Map<string, AbortController>();
  /** The steps whose run of an earlier visit has been asked for. */
  readonly #runsAsked = new Set<string>();

  constructor(host: WorkshopHost) {
    this.#host = host;
    this.#state = { open: undefined, texts: undefined, trainings: {}, ...this.#fresh("") };
    addEventListener("beforeunload", (event) => {
      // what has been learned is in this page alone
      const isOnlyHere = ({ is, isKept, losses }: Training): boolean =>
        !isKept && losses.length > 0 && is !== "done" && is !== "failed";
      if (Object.values(this.#state.trainings).some(isOnlyHere)) event.preventDefault();
    });
  }

  /** Shows the tools of a step; what was open stays open if it is the same step. */
  show(container: HTMLElement, shown: Shown): void {
    if (shown.step.id !== this.#shown?.step.id) {
      this.#ending.abort();
      this.#ending = new AbortController();
      this.#shown = shown;
      this.#state = { ...this.#state, ...this.#fresh(shown.step.id), open: undefined };
    }
    this.#container = container;
    this.#shown = shown;
    if (shown.step.kind === "train") for (const id of [shown.step.id, LECTURES_STEP]) void this.#bringBack(id);
    this.#draw();
  }

  /** Loads the texts, unless they are there or on their way. */
  async prepare(): Promise<void> {
    const { texts } = this.#state;
    if (texts && texts.is !== "failed") return;
    this.#change({ texts: { is: "running" } });
    try {
      this.#change({ texts: { is: "answered", answer: unpacked(await this.#host.texts()) } });
      this.#change({ quiz: this.#quiz() });
      this.#toTools();
    } catch (error) {
      this.#change({ texts: { is: "failed", why: messageOf(error) } });
    }
  }

  /** Brings a run of an earlier visit back, unless another one has begun meanwhile. */
  async #bringBack(step: string): Promise<void> {
    if (this.#runsAsked.has(step)) return;
    this.#runsAsked.add(step);
    const run = await this.#host.runs.read(step);
    if (!run || trainingOf(this.#state, { id: step }).is !== "off") return;
    const is = run.outcome ? "done" : "paused";
    this.#changeTraining(step, { ...noTraining, ...run, is, losses: [...run.losses], isKept: true });
  }

  /** What belongs to a step that has been opened anew. */
  #fresh(id: string): Omit<WorkshopState, "open" | "texts" | "trainings"> {
    const hintsShown = this.#host.remembered.hints(id);
    return {
      hintsShown,
      quiz: this.#quiz(),
      check: undefined,
      lab: undefined,
      sentences: undefined,
    };
  }

  /** The questions to the step, from the first that has not been answered right. */
  #quiz(): Quiz {
    const right = this.#questions().filter(({ id }) => this.#reply(id) === "right").length;
    return { at: this.#unknown(0), chosen: undefined, right, isAgain: false };
  }

  #questions(): readonly Question[] {
    const { texts } = this.#state ?? {};
    return this.#shown && texts?.is === "answered" ? textsOf({ ...this.#shown, texts: texts.answer }).questions : [];
  }

  #reply(question: string): Reply | undefined {
    return this.#host.remembered.replies(this.#shown!.step.id)[question];
  }

  /** The first question from a place on that has not been answered right; as many as there are if all have. */
  #unknown(from: number): number {
    const found = this.#questions().findIndex(({ id }, i) => i >= from && this.#reply(id) !== "right");
    return found < 0 ? this.#questions().length : found;
  }

  #change(some: Partial<WorkshopState>): void {
    this.#state = { ...this.#state, ...some };
    this.#draw();
  }

  #changeTraining(step: string, some: Partial<Training>): void {
    const training = { ...trainingOf(this.#state, { id: step }), ...some };
    this.#change({ trainings: { ...this.#state.trainings, [step]: training } });
  }

  #draw(): void {
    if (this.#container && this.#shown) {
      render(workshopView(this.#shown, this.#state, this.#actions), this.#container);
    }
  }

  /** @param seen what is brought into view, one after the other: the last is in view for certain */
  #focus(selector: string, ...seen: readonly string[]): void {
    this.#container?.querySelector<HTMLElement>(selector)?.focus({ preventScroll: seen.length > 0 });
    for (const part of seen) this.#container?.querySelector(part)?.scrollIntoView({ block: "nearest" });
  }

  /** What is open begins at the top, as far as there is enough of it. */
  #toTools(): void {
    if (this.#state.open !== undefined) this.#container?.querySelector(".tools")?.scrollIntoView({ block: "start" });
  }

  readonly #actions: WorkshopActions = {
    toggle: (tool: Tool) => {
      this.#change({ open: this.#state.open === tool ? undefined : tool });
      void this.prepare();
      if (this.#state.open === "mistakes" && this.#state.sentences?.is !== "answered") {
        const { step } = this.#shown!;
        void this.#ask({ what: "sentences", step: step.id }, (sentences) => {
          this.#change({ sentences });
          this.#toTools();
        });
      }
      this.#toTools();
    },
    nextHint: () => {
      const hintsShown = this.#state.hintsShown + 1;
      this.#host.remembered.keepHints(this.#shown!.step.id, hintsShown);
      this.#change({ hintsShown });
      this.#focus(`[data-rung="${hintsShown}"]`, ".hints > p", `.hint:nth-child(${hintsShown})`);
    },
    choose: (option) => {
      const { step } = this.#shown!;
      const { quiz } = this.#state;
      const question = this.#questions()[quiz.at]!;
      const reply = option === "skip" ? "skipped" : option === question.right ? "right" : "wrong";
      this.#host.remembered.keepReply(step.id, question.id, reply);
      if (option === "skip") return this.#actions.nextQuestion();
      this.#change({ quiz: { ...quiz, chosen: option, right: quiz.right + (reply === "right" ? 1 : 0) } });
      this.#focus(".quiz [type=submit]", ".quiz [type=submit]");
    },
    nextQuestion: () => {
      const { quiz } = this.#state;
      const at = quiz.isAgain ? quiz.at + 1 : this.#unknown(quiz.at + 1);
      this.#change({ quiz: { ...quiz, at, chosen: undefined } });
      this.#focus(".quiz input, .quiz [tabindex]", ".quiz");
    },
    askAgain: () => {
      this.#change({ quiz: { at: 0, chosen: undefined, right: 0, isAgain: true } });
      this.#focus(".quiz input");
    },
    check: () => {
      const { step } = this.#shown!;
      void this.#ask({ what: "check", step: step.id }, (check) => this.#change({ check }));
    },
    lab: () => {
      const { step } = this.#shown!;
      void this.#ask({ what: "lab", step: step.id }, (lab) => this.#change({ lab }));
    },
    train: (steps) => void this.#train({ ...noTraining, steps }, steps),
    resume: () => {
      const training = trainingOf(this.#state, this.#shown!.step);
      void this.#train(training, training.steps!);
    },
    pause: () => {
      const { id } = this.#shown!.step;
      this.#changeTraining(id, { is: "pausing" });
      this.#running.get(id)?.abort();
    },
    stopTraining: () => {
      const { step } = this.#shown!;
      const { steps } = trainingOf(this.#state, step);
      const run = this.#running.get(step.id);
      this.#running.delete(step.id);
      run?.abort();
      this.#host.runs.forget(step.id);
      this.#changeTraining(step.id, { ...noTraining, steps });
    },
  };

  #coaching(): Pick<Grader, "coach"> {
    this.#coach ??= this.#host.startCoach();
    return this.#coach;
  }

  async #ask<What extends "check" | "lab" | "sentences">(
    question: Parameters<Grader["coach"]>[0] & { readonly what: What },
    tell: (asked: Asked<never>) => void,
  ): Promise<void> {
    const { signal } = this.#ending;
    const say = (asked: Asked<unknown>): void => {
      if (!signal.aborted) tell(asked as Asked<never>);
    };
    say({ is: "running" });
    try {
      const progress = (one: CoachProgress): void => {
        if ("done" in one) say({ is: "running", done: one.done });
      };
      const { files } = this.#shown!;
      say({ is: "answered", answer: await this.#coaching().coach(question, { files, progress, signal }) });
    } catch (error) {
      say({ is: "failed", why: messageOf(error) });
    }
  }

  /** Trains with the open step's function, from the start or from where it was paused. */
  async #train(from: Training, steps: number): Promise<void> {
    const run = new AbortController();
    const { id } = this.#shown!.step;
    this.#running.set(id, run);
    const isCurrent = (): boolean => this.#running.get(id) === run;
    const change = (some: Partial<Training>): void => {
      if (isCurrent()) this.#changeTraining(id, some);
    };
    const losses = [...from.losses];
    change({ ...from, is: "running", from: { at: performance.now(), step: losses.length } });
    this.#focus(".training button");
    /** Keeps the run, as far as it has come. */
    const keep = async (): Promise<void> => {
      const { printed, parameters, outcome } = trainingOf(this.#state, { id });
      if (!isCurrent() || !parameters) return;
      const soFar: KeptRun = { steps, losses: Float64Array.from(losses), printed, parameters, outcome };
      change({ isKept: await this.#host.runs.keep(id, soFar) });
    };
    const fail = (why: string): void => {
      if (isCurrent()) this.#host.runs.forget(id);
      change({ is: "failed", why });
    };
    const { parameters } = from;
    try {
      const trained = await this.#coaching().coach(
        {
          what: "train",
          step: id,
          steps,
          from: parameters && { losses: Float64Array.from(losses), parameters },
        },
        {
          files: this.#shown!.files,
          signal: run.signal,
          progress: (one) => {
            if ("isMeasuring" in one) return change({ is: "measuring" });
            if (!("losses" in one)) return;
            losses.push(...one.losses);
            const { printed } = trainingOf(this.#state, { id });
            change({ losses, printed: (printed + one.printed).slice(-LONGEST_PRINTED) });
            if (!one.parameters) return;
            change({ parameters: one.parameters });
            void keep();
          },
        },
      );
      if ("outcome" in trained) {
        change({ is: "done", outcome: trained.outcome });
        void keep();
      } else if ("failure" in trained) fail(trained.failure.message);
      else change({ is: "paused" });
    } catch (error) {
      fail(messageOf(error));
    }
  }
}

/** How many characters of what training prints are kept. */
const LONGEST_PRINTED = 20_000;
