import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { limits } from "./limits.ts";
import { graderFolder } from "./project.ts";

/** Everything that differs between operating systems and Node versions, in one place. */

const here = path.join(graderFolder, "runner");
const bootstrap = path.join(here, "child.mjs");
const frames = path.join(here, "frames.mjs");

const isWindows = process.platform === "win32";
const isLinux = process.platform === "linux";

/** What this system lacks, to be said once; undefined where nothing is. */
export const missingHere: string | undefined = isLinux
  ? undefined
  : `On this system an exercise's memory is limited by the JavaScript heap alone (${limits.heapMb} MB)` +
    (isWindows ? ", and a process it starts is not ended with it." : "; array buffers are not counted.");

/** Starts the process that runs learner code: no environment, no rights but to read its own two files. */
export function startChild(): ChildProcess {
  const nodeArguments = [...permissionFlags(), `--max-old-space-size=${limits.heapMb}`, bootstrap];
  const [command, ...args] = [...memoryLimits(), process.execPath, ...nodeArguments];
  return spawn(command!, args, {
    // Windows cannot start a program without its own few variables
    env: isWindows ? { SystemRoot: process.env["SystemRoot"] ?? "" } : {},
    cwd: here,
    // a process group of its own, so that what it starts can be ended with it
    detached: !isWindows,
    stdio: ["pipe", "ignore", "pipe", "pipe"],
    windowsHide: true,
  });
}

/** Ends the process and, where the system has process groups, everything it started. */
export function endChild(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (isWindows) child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

function permissionFlags(): string[] {
  const major = Number(process.versions.node.split(".")[0]);
  const since22 = major >= 22 ? ["--disable-sigusr1", "--no-experimental-sqlite"] : [];
  return [
    major >= 22 ? "--permission" : "--experimental-permission",
    `--allow-fs-read=${bootstrap}`,
    `--allow-fs-read=${frames}`,
    "--disallow-code-generation-from-strings",
    "--no-warnings",
    ...since22,
  ];
}

/** The command before node that limits memory and file sizes: V8's own limit does not count array buffers. */
function memoryLimits(): string[] {
  if (!isLinux) return [];
  const prlimit = (process.env["PATH"] ?? "")
    .split(":")
    .map((folder) => path.join(folder, "prlimit"))
    .find((file) => existsSync(file));
  if (prlimit) return [prlimit, `--data=${limits.dataBytes}`, `--fsize=${limits.fileBytes}`, "--core=0"];
  return ["/bin/sh", "-c", `ulimit -d ${limits.dataBytes / 1024}; ulimit -c 0; exec "$0" "$@"`];
}
