/** The file of a course folder that lists its parts: it exports `course`. */
export const COURSE_FILE = "course.ts";

/** The types of its exercises, made from its rooms. */
export const TYPES_FILE = "given.d.ts";

/** What declares `#kit`, from the grader's folder. */
export const KIT_TYPES = "course/kit.ts";
