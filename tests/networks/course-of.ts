import type { CourseData } from "../../grader/grading/course-data.ts";
import type { LectureBatch } from "../../grader/grading/lecture.ts";
import type { Step } from "../../grader/kit/step.ts";

/** Steps of one network, with its own batch: a course without a training loop. */
export function courseOf(steps: readonly Step[], lecture: LectureBatch): CourseData {
  return {
    setting: { lecture: "ours", training: "none" },
    steps,
    lecture: () => lecture,
    training: () => {
      throw new Error("this course has no training loop");
    },
  };
}
