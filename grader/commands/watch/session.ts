import { existsSync } from "node:fs";
import path from "node:path";
import { steps, type Step } from "../../course/steps.ts";
import type { Store } from "../../grading/host.ts";
import { NamesError } from "../../model/dataset.ts";
import type { NamesFile } from "../../runner/data.ts";
import { gradeTree } from "../../runner/grade.ts";
import { prepareLearner, RunnerError } from "../../runner/process.ts";
import { displayPath, exercisesFolder } from "../../runner/project.ts";
import {
  keepVerdicts,
  nextStanding,
  readVerdicts,
  standings,
  withResults,
  type LastVerdicts,
  type Standing,
} from "../../runner/standing.ts";
import { inMemory, usualStore } from "../../runner/store.ts";
import { systemProblem } from "../../runner/system.mjs";
import type { StepResult } from "../../verdict/result.ts";

/** What happens while a tree is watched. */
export type WatchEvent =
  | { kind: "begin"; steps: readonly Step[] }
  | { kind: "end"; results: readonly StepResult[]; milliseconds: number }
  /** Grading could not be done; the next save tries again. */
  | { kind: "problem"; message: string }
  /** The current step is another one. */
  | { kind: "moved" };

/**
 * A tree that is graded again whenever it changes, and the step that is worked on. One grading runs at a time; what it
 * finds of a step is dropped where a file of the step changed meanwhile, and it is done again.
 */
export class Session {
  readonly root: string;
  readonly #names: NamesFile;
  readonly #store: Store = inMemory(usualStore());
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #onFault: (error: unknown) => void;
  #verdicts: LastVerdicts;
  /** Worked out when they are asked for, after files or verdicts changed. */
  #standings: Standing[] | undefined;
  #current: Step;
  /** Whether the current step was chosen, by word, key or save; else grading all at the start decides it. */
  #isChosen: boolean;
  readonly #results = new Map<string, StepResult>();
  readonly #wanted = new Set<Step>();
  /** Whether the loop below goes on; and whether there is a result to wait for. */
  #isRunning = false;
  #isGrading = false;
  /** What changed since the grading began that runs now. */
  readonly #changed = new Set<string>();

  /**
   * @param first the step to begin with; by default the first that is not passed
   * @param onFault gets errors that are the grader's own
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
    // another tree than one's own exercises leaves no trace
    this.#verdicts = this.#isOwn ? readVerdicts() : new Map();
    this.#isChosen = first !== undefined;
    this.#current = first ?? this.next?.step ?? steps.at(-1)!;
  }

  get current(): Step {
    return this.#current;
  }

  /** The current step's last result; undefined while its first grading runs. */
  get result(): StepResult | undefined {
    return this.#results.get(this.#current.id);
  }

  /** Results of the steps that have been graded and still do not pass, in the course's order. */
  get failing(): StepResult[] {
    return steps.flatMap(({ id }) => {
      const result = this.#results.get(id);
      return result && !result.passed && result.verdict !== "not-started" ? [result] : [];
    });
  }

  get isGrading(): boolean {
    return this.#isGrading;
  }

  get standings(): Standing[] {
    return (this.#standings ??= standings(this.root, this.#verdicts));
  }

  get next(): Standing | undefined {
    return nextStanding(this.standings);
  }

  /** Grades the current step, and every other that was begun and is not known to pass. */
  start(): void {
    const open = this.standings.filter(({ state }) => state === "started" || state === "reopened");
    this.#ask([this.#current, ...open.map(({ step }) => step)]);
  }

  /** Makes a step the current one. */
  select(step: Step): void {
    this.#isChosen = true;
    this.#move(step);
    this.#ask([step]);
  }

  /** Goes so many steps on, or back; stays at the ends. */
  go(by: number): void {
    const step = steps[steps.indexOf(this.#current) + by];
    if (step) this.select(step);
  }

  /** Grades what changed files are part of. Where they are one step's, that step is now worked on. */
  changed(files: readonly string[]): void {
    for (const file of files) this.#changed.add(file);
    this.#standings = undefined;
    const own = steps.filter(({ file }) => files.includes(file));
    if (own.length === 1 && own[0]) {
      this.#isChosen = true;
      this.#move(own[0]);
    }
    const using = steps.filter((step) => this.#concerns(step, this.#results.get(step.id), files));
    // of no file at all: the folder itself has changed
    this.#ask([...own, ...using, ...(files.length === 0 ? [this.#current] : [])]);
  }

  get #isOwn(): boolean {
    return this.root === exercisesFolder;
  }

  /** Whether a step's result could be another one now that some files have changed. */
  #concerns(step: Step, result: StepResult | undefined, files: readonly string[]): boolean {
    if (!result || files.length === 0) return false;
    // what does not compile may lack any file
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
      this.#onEvent({ kind: "begin", steps: steps.filter((step) => this.#wanted.has(step)) });
      const results = await this.#grade();
      if (typeof results === "string") {
        this.#isGrading = false;
        this.#onEvent({ kind: "problem", message: results });
        continue;
      }
      // what is known here stays known where the file that says so is deleted
      const kept = this.#isOwn ? keepVerdicts(results) : withResults(this.#verdicts, results);
      this.#verdicts = new Map([...this.#verdicts, ...kept]);
      this.#standings = undefined;
      for (const result of results) this.#results.set(result.id, result);
      const { next } = this;
      if (!this.#isChosen && next) {
        this.#isChosen = true;
        if (!this.#results.has(next.step.id)) this.#wanted.add(next.step);
        this.#move(next.step);
      }
      this.#isGrading = this.#wanted.size > 0;
      this.#onEvent({ kind: "end", results, milliseconds: performance.now() - began });
      prepareLearner("plain");
    }
  }

  /** Results on files that did not change meanwhile, at least one; or what is in the way. */
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
   * What is in the way; undefined where it has gone meanwhile.
   *
   * @throws what is a fault of the grader
   */
  #problem(error: unknown): string | undefined {
    if (error instanceof RunnerError || error instanceof NamesError) return error.message;
    if (!existsSync(this.root)) return `${displayPath(this.root)} is not there; it is graded again once it is back`;
    const { code, path: missed } = error as NodeJS.ErrnoException;
    // it was away, and is back already
    if (code === "ENOENT" && missed !== undefined && `${this.root}${path.sep}`.startsWith(missed + path.sep))
      return undefined;
    const refused = systemProblem(error);
    if (refused !== undefined) return refused;
    throw error;
  }
}

/** Whether some files went into a result. */
function uses({ file, source }: StepResult, files: readonly string[]): boolean {
  return files.some((one) => one === file || source?.files.includes(one));
}
