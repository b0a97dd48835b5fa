/** The site's files by what they are, relative to the page, with a hash of their contents in their names. */
export interface Site {
  /** The grader's worker. */
  readonly grader: string;
  /** The script that computes with tensors. */
  readonly tensors: string;
  /** The script that each worker with learner code runs after that, before the code. */
  readonly library: string;
  /** The lecture's batch and parameters: JSON, see LectureData. */
  readonly lecture: string;
  /** The names that part 4 trains on, packed, and the hash of their text. */
  readonly names: string;
  readonly namesSha256: string;
  /** Every stub, by file: JSON. */
  readonly stubs: string;
  /** The style sheet of ladders. */
  readonly ladderStyle: string;
  /** Texts, packed together, each JSON: the Signs of lessons, each lesson as a PackedLesson, and the workshop's PackedTexts. */
  readonly texts: string;
  /** The lessons' drawings in SVG, by name: JSON. */
  readonly pictures: string;
  /** The worker that unpacks texts. */
  readonly unpacker: string;
  /** The style sheet of the workshop. */
  readonly workshopStyle: string;
  /** What completion offers: JSON, a list of operations. */
  readonly operations: string;
  /** What the views know of the course: JSON, see CourseDigest. */
  readonly course: string;
  /** What they know of the parts beyond the lecture: JSON, see BeyondDigest; those parts' texts and drawings are as the others. */
  readonly beyond: string;
  readonly textsBeyond: string;
  readonly picturesBeyond: string;
  /** The type checker; undefined if the page was built without TypeScript. */
  readonly types?: SiteTypes | undefined;
}

/** The type checker's files. */
export interface SiteTypes {
  /** Its worker's script. */
  readonly worker: string;
  /** What it knows of the language and of tensors: JSON, see Library. */
  readonly library: string;
  /** How large the two are, compressed, in megabytes: `0.5`. */
  readonly megabytes: string;
}

/** A text of the course, as the page has it. */
export interface Lesson {
  /** Its file, from exercises/: `1-step-by-step/README.md`. */
  readonly file: string;
  readonly html: string;
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
  readonly kind: "function" | "train" | "program";
  /** Its role in the chain of the network's own backward pass, if it has one. */
  readonly chain?: "link" | "end" | undefined;
  /** What the differences of its tensors are measured on: the lesson's numbers, the lecture's batch or another one. */
  readonly measuredOn: string;
  /** Where the lesson explains it, from the root of exercises/. */
  readonly lesson?: string | undefined;
  readonly hasQuestions: boolean;
  /** Whether its answer is a gradient, which differences can be compared with. */
  readonly hasCheck: boolean;
  readonly hasExperiment: boolean;
  /** Whether its part lies beyond the lecture, and is counted apart. */
  readonly isOptional?: boolean | undefined;
}

/** The course, as far as views know it without the grader. */
export interface CourseDigest {
  readonly parts: readonly PartDigest[];
  readonly steps: readonly StepDigest[];
  /** The files of the lessons and other texts, from exercises/: those that are packed together, in their order. */
  readonly texts: readonly (readonly string[])[];
  /** The ids of the steps of each part, and of each stretch of a part, whose end has a recap. */
  readonly ends: readonly (readonly string[])[];
  /** The parts that are loaded when one of them is asked for. */
  readonly beyond: readonly PartDigest[];
}

/** A part, as far as views know it. */
export interface PartDigest {
  readonly number: number;
  readonly folder: string;
  readonly title: string;
}

/** The parts beyond the lecture. */
export interface BeyondDigest {
  readonly course: CourseDigest;
  readonly stubs: Readonly<Record<string, string>>;
}
