import { parseArgs } from "node:util";
import { newNetwork } from "./new/network.ts";
import { newSteps } from "./new/steps.ts";
import { newTypes } from "./new/types.ts";
import { say } from "./tell.ts";
import { UsageError } from "./usage.ts";

export const newHelp = `new network NAME [--course FOLDER]
new step TENSOR ... | --all [--part N] [--course FOLDER]
new types --course FOLDER
    Writes what teaches a network of your own: docs/own-network.md. Nothing that exists is overwritten.
    network NAME       a network and a part about it, to be completed; the folder is begun if it does not exist
    step TENSOR        a room, a solution to complete and a lesson for the gradient with respect to a tensor
    --all              for each tensor with a gradient that has none yet
    --part N           the part that they belong to; by default the one about the network that has the tensor
    types              the types that exercises are checked with, from the rooms as they are now`;

/** Exit status 0. */
export function newCommand(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { all: { type: "boolean", default: false }, part: { type: "string" } },
  });
  const [what, ...names] = positionals;
  for (const line of write(what, names, values)) say(line);
  return Promise.resolve(0);
}

function write(
  what: string | undefined,
  names: readonly string[],
  { all, part }: { all: boolean; part?: string | undefined },
): string[] {
  switch (what) {
    case "network":
      if (names.length !== 1) throw new UsageError("new network takes one name, such as gru");
      return newNetwork(names[0]!);
    case "step":
      if (all === names.length > 0) throw new UsageError("new step takes the names of tensors, such as h; or --all");
      return newSteps(all ? undefined : names, part);
    case "types":
      return newTypes();
    default:
      throw new UsageError(`new ${what ?? "what"}? write new network NAME, new step TENSOR or new step --all`);
  }
}
