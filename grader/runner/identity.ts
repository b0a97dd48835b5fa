import { projectRoot } from "./project.ts";
import { graderSources, hashOfSources } from "./sources.mjs";

/** Put into the grader's bundle when it is made, see launch.mjs; there is none if the sources run directly. */
declare const GRADER_IDENTITY: string | undefined;

/** Identifies this grader: a hash of its sources. Another grader may give other verdicts. */
export const graderIdentity: string =
  typeof GRADER_IDENTITY === "string" ? GRADER_IDENTITY : hashOfSources(projectRoot, graderSources);
