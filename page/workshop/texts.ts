import type { KnownMistake } from "../../grader/kit/mistake.ts";
import type { Pointer } from "../../grader/kit/milestone.ts";
import type { Question } from "../../grader/kit/question.ts";
import type { LongTraining } from "../../grader/kit/training.ts";
import type { AlsoRight } from "../../grader/kit/room.ts";
import type { Contract } from "../../grader/report/hint/contract.ts";
import type { Hinted } from "../../grader/report/hint/piece.ts";
import type { RecapRow } from "../../grader/report/news.ts";

/** What the workshop says of steps: made by the build from the course, in the words of the command line. */

/** The hints to a step, as far as they do not depend on its result. */
export interface HintTexts extends Hinted {
  readonly contract: Contract;
  /** Where the lecture derives it, in a sentence. */
  readonly lecture: string | undefined;
  /** The small instance: the tensors that go in and the one that comes out, each as lines, and an entry worked out. */
  readonly inputs: readonly (readonly string[])[];
  readonly answer: readonly string[];
  readonly worked: string;
  readonly mistakes: readonly Pick<KnownMistake, "id" | "idea" | "look">[];
}

/** How a step's function trains a network, which is named, for long. */
export interface LongTexts extends Pick<LongTraining, "steps" | "measured" | "measuring"> {
  readonly network: string;
}

/** A step's texts. */
export interface StepTexts extends HintTexts {
  readonly questions: readonly Question[];
  /** The known mistakes of a step with many, by the line that they are in; empty for a step that is one function. */
  readonly wrong: readonly { readonly line: string; readonly ids: readonly string[] }[];
  readonly alsoRight: readonly AlsoRight[];
  /** Our own answer, without the imports and the task, which are the stub's; undefined in a copy without solutions. */
  readonly solution: string | undefined;
  /** How the step's function trains for long. */
  readonly long: LongTexts | undefined;
  /** What the step's experiment is about. */
  readonly experiment: { readonly trap: string; readonly setting: string } | undefined;
}

/** The end of a part, or of a stretch of its steps. */
export interface Recap {
  readonly title: string;
  /** The ids of the steps that must pass. */
  readonly steps: readonly string[];
  readonly can: string;
  /** Empty if earlier recaps have them. */
  readonly rows: readonly RecapRow[];
  readonly next: readonly Pointer[];
}

/** The texts of all steps, by their ids. */
export interface CourseTexts {
  readonly steps: Readonly<Record<string, StepTexts>>;
  readonly recaps: readonly Recap[];
  /** The glossary's terms, and its file. */
  readonly glossary: { readonly terms: readonly string[]; readonly file: string };
}
