import type { PartNumber } from "../steps.ts";
import type { Picture } from "../../report/picture/marks.ts";

/** A picture of the lessons. Its numbers are computed when it is drawn, which few commands do. */
export interface LessonPicture {
  /** Its name in `<!-- picture: NAME -->`, and of its files. */
  readonly name: string;
  /** The part whose folder holds its files; other parts' lessons may show it too. */
  readonly part: PartNumber;
  readonly draw: () => Picture;
}
