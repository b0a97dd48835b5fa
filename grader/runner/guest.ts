import * as course from "#course";
import * as tensorModule from "#tensor";
import { frames } from "../course/frames.ts";
import { provideLibrary } from "../grading/library.ts";

/** The library script, which runs in each exercise's context before the exercise. */
provideLibrary({ __tensor: tensorModule, __course: course }, frames);
