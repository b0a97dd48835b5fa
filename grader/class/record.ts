import type { Step } from "../kit/step.ts";
import type { ResultDocument } from "../report/json.ts";

/** Who handed something in, as the system that collected it names them. */
export interface Person {
  /** What the system, or the folder's name, tells people apart by. */
  id: string;
  name: string | null;
  email: string | null;
  /** The name that they sign in with, such as a GitHub username. */
  login: string | null;
}

/** Where a submission was found. */
export type SourceKind =
  "canvas" | "moodle" | "gradescope" | "classroom50" | "github-classroom" | "prairielearn" | "folder" | "zip" | "file";

/** One hand-in, by one person or a group. */
export interface Submission {
  /** Unique in its class, and a safe file name: what the result file is called. */
  id: string;
  people: Person[];
  source: SourceKind;
  /** When it was handed in: ISO 8601 with Z, or null where the system does not say. */
  received: string | null;
  late: boolean;
  /** A digest of the files that count, the grader and the options: an equal key has an equal result. */
  key: string;
}

export interface Points {
  earned: number;
  possible: number;
}

/** Why a submission could not be graded or read. */
export interface Problem {
  /** What kind of problem: `no-steps`, `broken-zip`, ... */
  id: string;
  message: string;
}

/**
 * A result file: the document of `grade --json` with who handed it in, and the points. With a problem, there are no steps,
 * and no points are earned. Times are 0: the same files give the same bytes, however often and wherever they are graded.
 */
export interface SubmissionRecord extends ResultDocument {
  submission: Submission;
  points: Points;
  /** What `--seed` was given; null if each step's cases follow from its own text alone. */
  seed: string | null;
  problem?: Problem;
  /**
   * The texts of steps as they were handed in, by id: of each step that does not pass, for an example of its mistake, and
   * of the steps that similarity tools can compare (see similarSteps). A file longer than LONGEST_CODE is left out.
   */
  code?: Readonly<Record<string, string>>;
}

/** The longest file that a record keeps, in UTF-16 units. */
export const LONGEST_CODE = 20_000;

/**
 * The steps that are long enough for similarity to mean something: parts 2 to 4. Before them a step is one to ten lines
 * with one natural answer, which any two people may write.
 */
export function similarSteps<S extends Pick<Step, "part">>(steps: readonly S[]): S[] {
  return steps.filter(({ part }) => part >= 2 && part <= 4);
}

/** The settings of a class: `class.json` in the folder of results, written before anything is graded. */
export interface ClassDocument {
  schema: "backprop-dojo/class/v1";
  /** The grader's version. */
  grader: string;
  /** The selected steps, in the course's order, with what each is worth. */
  steps: { id: string; points: number }[];
  /** As in each result. */
  seed: string | null;
  /** The names that part 4 trains on: the file and the SHA-256 of its bytes. */
  data: { names: string; sha256: string };
  /** What the submissions were recognized as: "a Canvas download". */
  source: string;
  /** The ids of all submissions of the class, whatever shard they are in: each gets a result file. */
  submissions: string[];
  /** Who is on the roster and handed nothing in; empty without a roster. */
  missing: Person[];
}
