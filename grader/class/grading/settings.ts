/** What decides the verdicts of a class, as it is passed from process to process. */
export interface GradingSettings {
  /** The selected steps' ids. */
  steps: readonly string[];
  /** The file of the names that part 4 trains on. */
  names: string;
  /** See CourseData. */
  seed: string | undefined;
  box: "plain" | "bubblewrap";
  /** Whether every step is run, whatever is kept. */
  isFresh: boolean;
}
