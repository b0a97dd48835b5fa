// first: everything else derives from the course what it says and does
import { typedArguments } from "./runner/outside/outside.ts";
import { allCommands } from "./commands/all-commands.ts";
import { runTyped } from "./commands/from-terminal.ts";

runTyped(typedArguments, allCommands);
