/**
 * What the learner is told if the browser runs no code of theirs.
 *
 * @param why as far as it is known
 */
export function nothingRuns(why: string): string {
  return (
    `This browser does not run your code: ${why}. An extension, a setting or a policy of the network may forbid frames or ` +
    "workers. Try a private window or another browser, or grade on the command line, with a copy from “Your work”. " +
    "Nothing that you wrote is lost."
  );
}
