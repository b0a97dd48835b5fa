/** What the page asks of an editor, whichever it is. */
export interface Editor {
  /** The file whose text it shows. */
  readonly file: string;
  /** Shows another text, such as one that another tab has written; what is selected stays, as far as it is there. */
  show(text: string): void;
  /** Puts the cursor at a place, both from 1, and brings it into view. */
  goTo(line: number, column: number): void;
  /** Removes it from the page. */
  remove(): void;
}

/** What an editor tells. */
export interface EditorEvents {
  write(text: string): void;
  grade(): void;
}
