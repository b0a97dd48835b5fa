/** The name of a grader's worker that has the parts beyond the lecture: the build gives them to no other. */
export const WHOLE = "backprop-dojo-whole";
