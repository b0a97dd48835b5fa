import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { oncePer } from "../network/once.ts";
import { limits } from "./limits.ts";
import { graderFolder } from "./project.ts";

/**
 * The box that learner code runs in: a plain Node process with no environment and no rights except to read its own two
 * files; for other people's code also bubblewrap, inside which it sees no other file, no network and no other process.
 * Everything that differs between operating systems and Node versions is here.
 */
export type Box = "plain" | "bubblewrap";

const here = path.join(graderFolder, "runner");
const bootstrap = path.join(here, "child.mjs");
const frames = path.join(here, "frames.mjs");

const isWindows = process.platform === "win32";
const isLinux = process.platform === "linux";

/** What this system lacks, to be said once; undefined if it lacks nothing. */
export const missingHere: string | undefined = isLinux
  ? undefined
  : `On this system an exercise's memory is limited only by the JavaScript heap (${limits.heapMb} MB)` +
    (isWindows ? ", and processes that it starts do not end with it." : "; array buffers are not counted.");

/** Starts the process that runs learner code. */
export function startBox(box: Box): ChildProcess {
  const [command, ...args] = boxCommand(box);
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

/**
 * The command that runs a script in a box, as a list of words.
 *
 * @param files the script, and what else it may read
 */
export function boxCommand(box: Box, files: readonly [string, ...string[]] = [bootstrap, frames]): string[] {
  const node = [process.execPath, ...permissionFlags(files), ...heapFlags, files[0]];
  const inside = box === "bubblewrap" ? [bubblewrap()!, ...mounts(files), "--", ...node] : node;
  return [...tied(), ...resourceLimits(), ...inside];
}

/**
 * The heap's limit and, in megabytes, what it starts with: V8 begins with a small one, and would spend a fifth of the time
 * of brief processes on collecting garbage. The small heap is marked at once: on a busy machine, marking in between goes on
 * for so long that the kernels' memory is full before any of it is freed.
 */
const heapFlags = [
  `--max-old-space-size=${limits.heapMb}`,
  `--initial-old-space-size=${limits.heapMb / 2}`,
  "--min-semi-space-size=16",
  "--no-incremental-marking",
];

/** Ends the process and, where the system has process groups, everything it started. */
export function endBox(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (isWindows) child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    child.kill("SIGKILL");
  }
}

/** Makes the process write its position to standard error, and end. Windows cannot. */
export function interruptBox(child: ChildProcess): void {
  if (isWindows) endBox(child);
  else child.kill("SIGINT");
}

/** Why bubblewrap cannot be used here, and what to do; undefined if it can. */
export function bubblewrapProblem(): string | undefined {
  if (!isLinux) return "bubblewrap runs only on Linux; grade inside a Linux container or virtual machine";
  const program = bubblewrap();
  if (!program) return "bubblewrap is not installed (on Debian and Ubuntu: apt-get install bubblewrap)";
  const { status, stderr } = spawnSync(program, [...mounts([bootstrap, frames]), "--", process.execPath, "--version"], {
    env: {},
    encoding: "utf8",
    timeout: 10_000,
  });
  if (status === 0) return undefined;
  const [said] = stderr.trim().split("\n");
  return `bubblewrap does not run here (${said || `status ${status}`}); a container may need to allow user namespaces`;
}

function permissionFlags(files: readonly string[]): string[] {
  const major = Number(process.versions.node.split(".")[0]);
  const since22 = major >= 22 ? ["--disable-sigusr1", "--no-experimental-sqlite"] : [];
  return [
    major >= 22 ? "--permission" : "--experimental-permission",
    ...files.map((file) => `--allow-fs-read=${file}`),
    "--disallow-code-generation-from-strings",
    // Node creates an error's stack outside the context that reads it: code that escapes this way finds nothing to change
    "--frozen-intrinsics",
    "--no-warnings",
    // the rights are for these paths, whatever the folder's real name is, see start.cjs
    "--preserve-symlinks",
    "--preserve-symlinks-main",
    // an interrupted process reports its position, see interruptBox
    "--trace-sigint",
    ...since22,
  ];
}

/**
 * The command that makes the kernel end the process when the grader ends, however that happens, and that does not start
 * it if the grader has already ended, which the kernel would not report.
 */
export function tied(): string[] {
  const program = isLinux ? findProgram("setpriv") : undefined;
  if (!program) return [];
  // if the grader has ended before the kernel is asked, nothing would end the process: it is another's child by then
  const unlessOrphan = ["/bin/sh", "-c", '[ "$PPID" = "$0" ] && exec "$@"', String(process.pid)];
  return [program, "--pdeathsig", "KILL", "--", ...unlessOrphan];
}

/** The prefix that limits the memory of a process of Node and the files it writes, if the system has such limits. */
export function resourceLimits(dataBytes: number = limits.dataBytes): string[] {
  if (!isLinux) return [];
  const program = findProgram("prlimit");
  const bytes = dataBytes + (setAside ??= setAsideForCode());
  if (program) return [program, `--data=${bytes}`, `--fsize=${limits.fileBytes}`, "--core=0"];
  return ["/bin/sh", "-c", `ulimit -d ${bytes / 1024}; ulimit -c 0; exec "$0" "$@"`];
}

let setAside: number | undefined;

/**
 * The memory that V8 sets aside for compiled code, in bytes, in this process as in any other of this Node: from Node 24 on,
 * half a gigabyte that may be written to and run, and so counts as used from the start.
 */
function setAsideForCode(): number {
  try {
    const writable = readFileSync("/proc/self/maps", "utf8").matchAll(/^(\w+)-(\w+) rwxp/gm);
    return [...writable].reduce(
      (sum, [, start, end]) => sum + Number.parseInt(end!, 16) - Number.parseInt(start!, 16),
      0,
    );
  } catch {
    return 0;
  }
}

/** What the process of learner code can see: node, its libraries and some files. */
function mounts(own: readonly string[]): string[] {
  const files = [process.execPath, ...librariesOf(process.execPath), ...own];
  return [...sandbox(files, [], path.dirname(own[0]!)), "--proc", "/proc", "--dev", "/dev"];
}

/**
 * The arguments of bubblewrap before a command: new namespaces of every kind, no capabilities, no environment, and only
 * the named files mounted, at the same paths.
 *
 * @param folder the command's working directory
 */
export function sandbox(readable: readonly string[], writable: readonly string[], folder: string): string[] {
  return [
    ..."--unshare-all --die-with-parent --new-session --clearenv --cap-drop ALL".split(" "),
    ...readable.flatMap((found) => ["--ro-bind", found, found]),
    ...writable.flatMap((found) => ["--bind", found, found]),
    "--chdir",
    folder,
  ];
}

/** The shared libraries that a program loads, as the system's loader lists them; asked once, for it takes two processes. */
const librariesOf = oncePer((program: string): string[] => {
  const { stdout } = spawnSync("ldd", [program], { encoding: "utf8", timeout: 10_000 });
  return [...(stdout ?? "").matchAll(/(\/\S+) \(0x/g)].map(([, file]) => file!);
});

const bubblewrap = (): string | undefined => findProgram("bwrap");

/** A program on the path. */
export function findProgram(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(":")
    .map((folder) => path.join(folder, name))
    .find((file) => path.isAbsolute(file) && existsSync(file));
}
