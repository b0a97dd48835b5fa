import type { WorkActions } from "../store/work.ts";

/** What views ask for. */
export interface Actions {
  /** About the learner's work as a whole, its versions and links. */
  readonly work: WorkActions;
  /** The learner has changed a text. */
  write(file: string, text: string): void;
  /** Grades a step. */
  grade(id: string): void;
  /** Grades all steps. */
  gradeAll(): void;
  /** Ends what is being graded. */
  stop(): void;
  /** Shows the other half of a step, where there is room for one only. */
  turn(pane: "lesson" | "code"): void;
  /** Folds or unfolds the list of steps. */
  fold(isOpen: boolean): void;
  /** A container for the editor of a file is on the page; undefined if it no longer is. */
  edit(container: HTMLElement | undefined, file: string): void;
  /** A container for the scratch pad is on the page; undefined if it no longer is. */
  mountScratch(container: HTMLElement | undefined): void;
  /** A container for the workshop of the open step is on the page; undefined if it no longer is. */
  mountWorkshop(container: HTMLElement | undefined): void;
  /** A container for the ladder is on the page; undefined if it no longer is. */
  mountLadder(container: HTMLElement | undefined): void;
  /** Chooses the browser's own editor, or the other one. */
  setPlain(isPlain: boolean): void;
  /** Brings the keyboard to the text of the open step. */
  toCode(): void;
  /** Switches the type checker's notes on or off. */
  setTypes(isOn: boolean): void;
  /** Brings a place of the open step's text into view. */
  goTo(line: number, column: number): void;
}
