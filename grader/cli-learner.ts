// first: everything else derives from the course what it says and does
import { typedArguments } from "./runner/outside/outside.ts";
import { runTyped } from "./commands/from-terminal.ts";
import { learnerCommands } from "./commands/learner-commands.ts";

runTyped(typedArguments, learnerCommands);
