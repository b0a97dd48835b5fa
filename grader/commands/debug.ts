import { parseArgs } from "node:util";
import { endOf, startThroughTsx } from "../runner/tsx.ts";
import { exampleStep, oneStep, UsageError } from "./usage.ts";

export const debugHelp = `debug step [--port N]
    Calls your function with small numbers, those of its second hint if there is one, in a process that waits for a
    debugger: breakpoints and debugger; lines hold in VS Code and in Chrome. Then prints your answer, the reference and
    the difference.
    --port             the port that the debugger connects to (9229 by default)`;

/** The port that debuggers look at. */
const USUAL_PORT = 9229;

/** Exit status 0 if the answer is right; 1 if not. */
export function debug(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { port: { type: "string" } },
  });
  const [word, ...others] = positionals;
  if (word === undefined) throw new UsageError(`debug which step? name one, such as ${exampleStep.id}`);
  if (others.length > 0) throw new UsageError("debug takes one step");
  const port = values.port === undefined ? USUAL_PORT : Number(values.port);
  if (!(Number.isInteger(port) && port >= 0 && port < 2 ** 16) || values.port === "") {
    throw new UsageError(`--port ${values.port}: give a port's number, such as ${USUAL_PORT + 1}`);
  }
  return endOf(startThroughTsx("commands/debug/call.ts", [oneStep("debug", word).id, String(port)]));
}
