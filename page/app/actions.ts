/** What views ask for. */
export interface Actions {
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
  /** Brings a place of the open step's text into view. */
  goTo(line: number, column: number): void;
}
