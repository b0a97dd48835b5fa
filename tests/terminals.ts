import { spawn } from "node:child_process";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { spawn as spawnInTerminal } from "@lydell/node-pty";

/** The longest wait for output, in milliseconds: other tests keep the machine busy. */
const LONGEST_WAIT_MS = 40_000;

/** A command that is running. */
export interface Running {
  /** What it has written so far, without colors. */
  output: () => string;
  /** Waits until it has written something, after what was waited for before. */
  says: (text: string | RegExp) => Promise<string>;
  write: (text: string) => void;
  signal: (signal: NodeJS.Signals) => void;
  /** Its exit status. */
  ended: Promise<number>;
}

/** Runs a command of a copy of the project without a terminal, for as long as `use` takes. */
export async function inPipes(
  root: string,
  args: readonly string[],
  use: (running: Running) => Promise<void>,
  before: readonly string[] = [],
): Promise<void> {
  const [command, ...first] = [...before, process.execPath, path.join(root, "grader/start.cjs")];
  // a group of its own, so that what it has started can be ended with it
  const child = spawn(command!, [...first, ...args], { cwd: root, env: environment(root), detached: true });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
  const ended = new Promise<number>((resolve) => child.on("close", (code) => resolve(code ?? -1)));
  await running(use, {
    output: () => stripVTControlCharacters(output),
    write: (text) => child.stdin.write(text),
    signal: (signal) => void process.kill(signal === "SIGKILL" ? -child.pid! : child.pid!, signal),
    ended,
  });
}

/** The same in a terminal. */
export async function inTerminal(
  root: string,
  args: readonly string[],
  use: (running: Running) => Promise<void>,
): Promise<void> {
  const pty = spawnInTerminal(process.execPath, [path.join(root, "grader/start.cjs"), ...args], {
    name: "xterm-256color",
    cols: 100,
    rows: 30,
    cwd: root,
    env: environment(root),
  });
  let output = "";
  pty.onData((data) => (output += data));
  const ended = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  await running(use, {
    output: () => stripVTControlCharacters(output).replaceAll("\r", ""),
    write: (text) => pty.write(text),
    signal: (signal) => process.kill(pty.pid, signal),
    ended,
  });
}

/** Where watch begins to draw its whole screen, and where it has drawn it. */
const FRAME = "\u001b[H";
const DRAWN = "\u001b[?2026l";

/** What watch has drawn last as a whole, and what was written since: a screen that is still arriving is none. */
export function lastFrame(output: string): string {
  const drawn = output.lastIndexOf(DRAWN);
  const begin = output.lastIndexOf(FRAME, drawn);
  const next = output.indexOf(FRAME, drawn);
  return drawn < 0 ? "" : output.slice(begin, next < 0 ? undefined : next);
}

function environment(root: string): Record<string, string> {
  const { NODE_OPTIONS: _, ...env } = process.env as Record<string, string>;
  return { ...env, NO_COLOR: "1", INIT_CWD: root };
}

async function running(use: (running: Running) => Promise<void>, command: Omit<Running, "says">): Promise<void> {
  let seen = 0;
  const says = async (text: string | RegExp): Promise<string> => {
    const pattern = typeof text === "string" ? text : new RegExp(text, text.flags.replace("g", ""));
    for (const end = performance.now() + LONGEST_WAIT_MS; ;) {
      const rest = command.output().slice(seen);
      const at = rest.search(typeof pattern === "string" ? literally(pattern) : pattern);
      if (at >= 0) {
        const [found = text as string] = typeof pattern === "string" ? [pattern] : (pattern.exec(rest) ?? []);
        seen += at + found.length;
        return found;
      }
      if (performance.now() > end)
        throw new Error(`waited in vain for ${String(text)}; there was:\n${command.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  try {
    await use({ ...command, says });
  } finally {
    try {
      command.signal("SIGKILL");
    } catch {
      // it has ended, as it should
    }
    await command.ended;
  }
}

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
}
