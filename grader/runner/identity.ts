import { outside } from "./outside/outside.ts";
import { projectRoot } from "./project.ts";
import { graderSources, hashOfSources } from "./sources.mjs";

/** Put into the grader's bundle when it is made, see launch.mjs; there is none if the sources run directly. */
declare const GRADER_IDENTITY: string | undefined;

/** Identifies the grader's program: a hash of its sources. */
export const programIdentity: string =
  typeof GRADER_IDENTITY === "string" ? GRADER_IDENTITY : hashOfSources(projectRoot, graderSources);

/** Identifies this grader with the course that it teaches. Another grader, or another course, may give other verdicts. */
export const graderIdentity = programIdentity + outside.identity;
