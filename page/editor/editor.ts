/** What the page asks of an editor, whichever it is. */
export interface Editor {
  /** The file whose text it shows. */
  readonly file: string;
  /** Shows another text, such as one that another tab has written; the cursor stays, as far as its place is there. */
  show(text: string): void;
  /** Marks remarks at their places, instead of those before. */
  mark(remarks: readonly Remark[]): void;
  /** Puts the cursor at a place, both from 1, and brings it into view. */
  goTo(line: number, column: number): void;
  /** What is selected, from where to where; the cursor if nothing is. */
  selected(): Selected;
  hasFocus(): boolean;
  focus(): void;
  /** Removes it from the page. */
  remove(): void;
}

/** From where to where in a text. */
export type Selected = readonly [anchor: number, head: number];

/** A remark about a place, both from 1. */
export interface Remark {
  line: number;
  column: number;
  text: string;
  severity: "error" | "warning";
}

/** What an editor tells. */
export interface EditorEvents {
  write(text: string): void;
  grade(): void;
}
