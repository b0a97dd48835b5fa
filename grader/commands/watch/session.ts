import { existsSync } from "node:fs";
import path from "node:path";
import { dojo, requiredSteps, steps } from "../../course/steps.ts";
import { NamesError } from "../../course/makemore/dataset.ts";
import type { Store } from "../../grading/host.ts";
import { newsOf, type News } from "../../grading/news.ts";
import { nextStep, withResults, type LastVerdicts, type StepProgress } from "../../grading/progress.ts";
import type { NamesFile } from "../../runner/data.ts";
import { gradeTree } from "../../runner/grade.ts";
import { graderIdentity } from "../../runner/identity.ts";
import { prepareLearner, RunnerError } from "../../runner/process.ts";
import { displayPath, exercisesFolder } from "../../runner/project.ts";
import { inMemory, usualStore } from "../../runner/store.ts";
import { systemProblem } from "../../runner/system.mjs";
import { keepVerdicts, readVerdicts } from "../../runner/workspace/progress-file.ts";
import { progressIn } from "../../runner/workspace/tree.ts";
import type { StepResult } from "../../verdict/result.ts";
import type { Step } from "../../kit/step.ts";

/** What happens while a tree is watched. */
export type WatchEvent =
  /** Grading begins, of steps whose files were saved or of others; because something was saved, or a step was selected. */
  | { kind: "begin"; steps: readonly Step[]; isChange: boolean; isSave: boolean }
  | { kind: "end"; results: readonly StepResult[]; milliseconds: number; news?: News | undefined }
  /** Grading was not possible; the next save tries again. */
  | { kind: "problem"; message: string }
  /** Another step is the current one. */
  | { kind: "moved" };

/**
 * A tree that is graded again whenever it changes, and the step being worked on. One grading runs at a time; if a file of
 * a step changes meanwhile, its result is dropped and the step is graded again.
 */
export class Session {
  readonly root: string;
  readonly #names: NamesFile;
  readonly #store: Store = inMemory(usualStore());
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #onFault: (error: unknown) => void;
  #verdicts: LastVerdicts;
  /**
   * Computed when it is read for the first time after a grading. While files are graded again, it is what it was before:
   * a step that passed still counts.
   */
  #progress: StepProgress[] | undefined;
  #current: Step;
  #news: News | undefined;
  /** Whether the current step was chosen by word, key or save; if not, grading everything at the start chooses it. */
  #isChosen: boolean;
  readonly #results = new Map<string, StepResult>();
  readonly #wanted = new Set<Step>();
  /** Whether the loop below is running; and whether a result is on its way. */
  #isRunning = false;
  #isGrading = false;
  /** The files that have changed since the current grading began. */
  readonly #changed = new Set<string>();

  /**
   * @param first the step to start with; by default the first that does not pass
   * @param onFault gets errors that are the grader's fault
   */
  constructor(
    root: string,
    first: Step | undefined,
    names: NamesFile,
    onEvent: (event: WatchEvent) => void,
    onFault: (error: unknown) => void,
  ) {
    this.root = root;
    this.#names = names;
    this.#onEvent = onEvent;
    this.#onFault = onFault;
    // watching a tree other than exercises/ leaves no trace
    this.#verdicts = this.#isOwn ? readVerdicts() : new Map();
    this.#isChosen = first !== undefined;
    this.#current = first ?? this.next?.step ?? requiredSteps.at(-1)!;
  }

  get current(): Step {
    return this.#current;
  }

  /** The current step's last result; undefined while it is graded for the first time. */
  get result(): StepResult | undefined {
    return this.#results.get(this.#current.id);
  }

  /** What the last grading brought for the first time, if the current step is part of it. */
  get news(): News | undefined {
    return this.#news?.passed.includes(this.#current) ? this.#news : undefined;
  }

  /** The results of the steps that were graded and do not pass, in the course's order. */
  get failing(): StepResult[] {
    return steps.flatMap(({ id }) => {
      const result = this.#results.get(id);
      return result && !result.passed && result.verdict !== "not-started" ? [result] : [];
    });
  }

  get isGrading(): boolean {
    return this.#isGrading;
  }

  get progress(): StepProgress[] {
    return (this.#progress ??= progressIn(this.root, this.#verdicts));
  }

  get next(): StepProgress | undefined {
    return nextStep(this.progress);
  }

  /** Grades the current step, and every other step that was started and is not known to pass. */
  start(): void {
    const open = this.progress.filter(({ state }) => state === "started" || state === "reopened");
    this.#ask([this.#current, ...open.map(({ step }) => step)]);
  }

  /** Makes a step the current one. */
  select(step: Step): void {
    this.#isChosen = true;
    this.#move(step);
    this.#ask([step]);
  }

  /** Moves by some steps, forward or back; stops at the ends. */
  go(by: number): void {
    const step = steps[steps.indexOf(this.#current) + by];
    if (step) this.select(step);
  }

  /** Grades the steps that use the changed files. If these are one step's own, that step becomes the current one. */
  changed(files: readonly string[]): void {
    // no file at all: the folder itself has changed
    for (const file of files.length > 0 ? files : [this.#current.file]) this.#changed.add(file);
    const own = steps.filter(({ file }) => files.includes(file));
    if (own.length === 1 && own[0]) {
      this.#isChosen = true;
      this.#move(own[0]);
    }
    const using = steps.filter((step) => this.#concerns(step, this.#results.get(step.id), files));
    this.#ask([...own, ...using, ...(files.length === 0 ? [this.#current] : [])]);
  }

  get #isOwn(): boolean {
    return this.root === exercisesFolder;
  }

  /** Whether a change of some files could change a step's result. */
  #concerns(step: Step, result: StepResult | undefined, files: readonly string[]): boolean {
    if (!result || files.length === 0) return false;
    // a file that does not compile may lack any other file
    return uses(result, files) || (step === this.#current && result.source === null);
  }

  #move(step: Step): void {
    if (step === this.#current) return;
    this.#current = step;
    this.#onEvent({ kind: "moved" });
  }

  #ask(wanted: readonly Step[]): void {
    for (const step of wanted) this.#wanted.add(step);
    if (this.#isRunning || this.#wanted.size === 0) return;
    this.#isRunning = true;
    this.#gradeWanted().then(
      () => {
        this.#isRunning = false;
        if (this.#wanted.size > 0) this.#ask([]);
      },
      (error) => this.#onFault(error),
    );
  }

  async #gradeWanted(): Promise<void> {
    while (this.#wanted.size > 0) {
      const began = performance.now();
      this.#isGrading = true;
      const asked = steps.filter((step) => this.#wanted.has(step));
      const isChange = asked.some(({ file }) => this.#changed.has(file));
      this.#onEvent({ kind: "begin", steps: asked, isChange, isSave: this.#changed.size > 0 });
      const results = await this.#grade();
      if (typeof results === "string") {
        this.#isGrading = false;
        this.#progress = undefined;
        this.#onEvent({ kind: "problem", message: results });
        continue;
      }
      // what is known here stays known even if the file of progress is deleted
      const kept = this.#isOwn ? keepVerdicts(results) : withResults(this.#verdicts, results, graderIdentity);
      const before = this.#verdicts;
      this.#verdicts = new Map([...before, ...kept]);
      this.#news = this.#isOwn ? newsOf(dojo, before, this.#verdicts) : undefined;
      this.#progress = undefined;
      for (const result of results) this.#results.set(result.id, result);
      const { next } = this;
      if (!this.#isChosen && next) {
        this.#isChosen = true;
        if (!this.#results.has(next.step.id)) this.#wanted.add(next.step);
        this.#move(next.step);
      }
      this.#isGrading = this.#wanted.size > 0;
      this.#onEvent({ kind: "end", results, milliseconds: performance.now() - began, news: this.#news });
      prepareLearner("plain");
    }
  }

  /** Results on files that did not change meanwhile, at least one; or why there are none. */
  async #grade(): Promise<readonly StepResult[] | string> {
    for (;;) {
      const asked = steps.filter((step) => this.#wanted.has(step));
      this.#wanted.clear();
      this.#changed.clear();
      try {
        const tree = { root: this.root, names: this.#names, store: this.#store };
        const found = await gradeTree({ ...tree, steps: asked, reference: "ours" });
        const changed = [...this.#changed];
        for (const [i, step] of asked.entries()) if (this.#concerns(step, found[i], changed)) this.#wanted.add(step);
        const fresh = found.filter((result) => !uses(result, changed));
        if (fresh.length > 0) return fresh;
      } catch (error) {
        const problem = this.#problem(error);
        if (problem !== undefined) return problem;
        for (const step of asked) this.#wanted.add(step);
      }
    }
  }

  /**
   * Why grading failed; undefined if it may work now.
   *
   * @throws errors that are the grader's fault
   */
  #problem(error: unknown): string | undefined {
    if (error instanceof RunnerError || error instanceof NamesError) return error.message;
    if (!existsSync(this.root)) return `${displayPath(this.root)} is missing; it is graded again once it is back`;
    const { code, path: missed } = error as NodeJS.ErrnoException;
    // it was missing, and is back already
    if (code === "ENOENT" && missed !== undefined && `${this.root}${path.sep}`.startsWith(missed + path.sep))
      return undefined;
    const refused = systemProblem(error);
    if (refused !== undefined) return refused;
    throw error;
  }
}

/** Whether a result depends on some files. */
function uses({ file, source }: StepResult, files: readonly string[]): boolean {
  return files.some((one) => one === file || source?.files.includes(one));
}
