/** An answer that a question offers. */
export interface Option {
  readonly text: string;
  /** Why it is wrong, if it is what a known mistake leads to. */
  readonly mistake?: string;
  /** Where it would be right, if it is a number: "dcolumn[0, 0]". */
  readonly elsewhere?: string;
}

/** A question before the code: a prediction, with three or four answers of which one is right. */
export interface Question {
  /** Unique within its step. */
  readonly id: string;
  readonly ask: string;
  /** Whether the small numbers of the second hint are shown with it. */
  readonly withNumbers?: true;
  readonly options: readonly Option[];
  /** The place of the right answer among the options, from 0. */
  readonly right: number;
  /** Why it is right, in a sentence or two. */
  readonly why: string;
}

/** A question as a room writes it: the right answer, and the wrong ones. */
export interface WrittenQuestion extends Pick<Question, "id" | "ask" | "why" | "withNumbers"> {
  readonly answer: string;
  readonly others: readonly (string | Option)[];
}
