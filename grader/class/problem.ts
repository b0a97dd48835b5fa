/** A submission that cannot be read, and what to do about it: it gets a result file that says so, and the others are graded. */
export class SubmissionProblem extends Error {
  override name = "SubmissionProblem";
  /** What kind of problem, see Problem. */
  readonly id: string;

  constructor(id: string, message: string) {
    super(message);
    this.id = id;
  }
}
