import type { StepResult } from "../../grader/verdict/result.ts";

/** A tree to grade, in any host. */
export interface Job {
  name: string;
  files: Record<string, string>;
  /** Ids of steps. */
  steps: string[];
  /** Whether the frame is taken away before it is graded, as a browser does that has no memory left. */
  withoutFrame?: true;
}

/** What came of it. */
export interface JobDone {
  name: string;
  milliseconds: number;
  results?: readonly Omit<StepResult, "gradient">[];
  /** Why there are none. */
  failed?: string;
}
