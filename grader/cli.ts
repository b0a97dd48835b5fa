// first: everything else derives from the course what it says and does
import { typedArguments } from "./runner/outside/outside.ts";
import { runCommand } from "./commands/main.ts";
import { tell } from "./commands/tell.ts";
import { tieLearnerProcesses } from "./runner/process.ts";
import { whyNot } from "./runner/system.mjs";

// `npm run bench` reads these marks to show where the time of a cold run goes
performance.mark("grader loaded");
tieLearnerProcesses();

// the reader may close the pipe: grade | head
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit();
  tell(`the output cannot be written (${whyNot(error)})`);
  process.exit(2);
});

runCommand(typedArguments).then((status) => {
  process.exitCode = status;
});
