import type { Place } from "./places.ts";

/** Why a course outside cannot be taught, and what to do. */
export class CourseError extends Error {
  override name = "CourseError";
  /** Where, from the course's folder; undefined if it is about the folder itself. */
  readonly at: Place | undefined;

  constructor(message: string, at?: Place) {
    super(message);
    this.at = at;
  }
}
