/** The site's files by what they are, relative to the page, with a hash of their contents in their names. */
export interface Site {
  /** The grader's worker. */
  readonly grader: string;
  /** The script that each worker with learner code runs first. */
  readonly library: string;
  /** The lecture's batch and parameters: JSON, see LectureData. */
  readonly lecture: string;
  /** The names that part 4 trains on, one per line, and their hash. */
  readonly names: string;
  readonly namesSha256: string;
  /** Every stub, by file: JSON. */
  readonly stubs: string;
  /** The texts of the course as fragments of HTML, by their files in exercises/. */
  readonly lessons: Readonly<Record<string, string>>;
  /** The style sheet of ladders. */
  readonly ladderStyle: string;
  /** What the workshop says of each part's steps, by the part's number: JSON, see PartTexts. */
  readonly texts: Readonly<Record<number, string>>;
  /** The style sheet of the workshop. */
  readonly workshopStyle: string;
  /** What completion offers: JSON, a list of operations. */
  readonly operations: string;
  /** What the views know of the course: JSON, see CourseDigest. */
  readonly course: string;
}

/** An operation on tensors, for completion. */
export interface Operation {
  readonly name: string;
  /** What is behind its name: `(dim, keepdim)`, or nothing for a property. */
  readonly signature: string;
  /** In a sentence. */
  readonly what: string;
  /** Whether it is called on a tensor. */
  readonly isMethod: boolean;
}

/** A step, as far as views know it without the grader. */
export interface StepDigest {
  readonly id: string;
  readonly part: number;
  readonly number: number;
  readonly label: string;
  readonly file: string;
  readonly kind: "function" | "train";
  /** Its role in the chain of the network's own backward pass, if it has one. */
  readonly chain?: "link" | "end" | undefined;
  /** Whether it is asked first for the lesson's small numbers, not for the lecture's batch. */
  readonly isExample: boolean;
  /** Where the lesson explains it, from the root of exercises/. */
  readonly lesson?: string | undefined;
}

/** The course, as far as views know it without the grader. */
export interface CourseDigest {
  readonly parts: readonly { readonly number: number; readonly folder: string; readonly title: string }[];
  readonly steps: readonly StepDigest[];
}
