import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";
import { RunnerError } from "../../runner/process.ts";
import { graderFolder } from "../../runner/project.ts";
import type { TreeTexts } from "../../runner/tree.ts";
import type { StepResult } from "../../verdict/result.ts";
import type { Grader } from "./grader.ts";
import type { FromWorker, ToWorker } from "./messages.ts";
import type { GradingSettings } from "./settings.ts";

/** The word that makes the command a worker. */
export const WORKER = "--worker";

/** What a worker's heap starts with, in megabytes: it makes many tensors, and collecting them took a seventh of its time. */
const HEAP = ["--initial-old-space-size=256", "--min-semi-space-size=16"];

/**
 * A grader in a process of its own: one parent computes references on one core, while the processes of learner code run on
 * others. It is started again if it ends before it answers.
 */
export function graderElsewhere(settings: GradingSettings): Grader {
  let child: ChildProcess | undefined;
  let isClosed = false;
  const start = (): ChildProcess => {
    const started = fork(path.join(graderFolder, "start.cjs"), ["class", WORKER], {
      execArgv: [...process.execArgv, ...HEAP],
      serialization: "advanced",
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    started.send({ settings } satisfies ToWorker);
    started.on("exit", () => {
      if (child === started) child = undefined;
    });
    // whoever waits for an answer hears of it
    started.on("error", () => {});
    return started;
  };
  return {
    async grade(texts) {
      child ??= start();
      try {
        return await answerOf(child, texts);
      } catch (error) {
        if (isClosed || error instanceof RunnerError) throw error;
        // one more time, in a new process: the system may have ended the first, and not because of this tree
        child = start();
        return answerOf(child, texts);
      }
    },
    close() {
      isClosed = true;
      child?.disconnect();
    },
  };
}

/** The process ended before it answered. */
class WorkerEnded extends Error {
  override name = "WorkerEnded";
}

function answerOf(child: ChildProcess, texts: TreeTexts): Promise<StepResult[]> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      child.off("message", onMessage);
      child.off("exit", onExit);
      act();
    };
    const onMessage = (message: FromWorker): void => {
      settle(() => ("results" in message ? resolve(message.results) : reject(new RunnerError(message.problem))));
    };
    const onExit = (code: number | null, signal: string | null): void => {
      settle(() => reject(new WorkerEnded(`the process that grades ended (${signal ?? code})`)));
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
    child.send({ texts: [...texts] } satisfies ToWorker, (error) => error && onExit(null, error.message));
  });
}
