import type { PartNumber } from "../steps.ts";
import type { Picture } from "../../report/picture/marks.ts";

/** A picture of the lessons. */
export interface LessonPicture {
  /** Its name in `<!-- picture: NAME -->`, and of its files. */
  readonly name: string;
  /** The part whose folder holds its files; other parts' lessons may show it too. */
  readonly part: PartNumber;
  /** What a reader who does not see it should know; also its title. */
  readonly alt: string;
  readonly draw: () => Omit<Picture, "title">;
}
