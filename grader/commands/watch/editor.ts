import { spawn } from "node:child_process";

/**
 * The command that opens a file, as the environment names it; undefined where it names none. npm sets EDITOR to vi, or
 * to notepad, where nobody has set it: that is no choice, and vi is hard to leave.
 */
export function editor(env = process.env): string | undefined {
  const byNpm = env["npm_lifecycle_event"] !== undefined && /^(vi|notepad\.exe)$/.test(env["EDITOR"] ?? "");
  if (byNpm && !env["VISUAL"]?.trim()) return undefined;
  return [env["VISUAL"], env["EDITOR"]].find((command) => command !== undefined && command.trim() !== "");
}

/** Editors that open a file at a line by +16 before its name. */
const TAKES_A_LINE = /(^|[/\\])(vi|vim|nvim|nano|emacs|micro|kak|joe|ne)(\s+-\S+)*\s*$/;
/** What a shell ends with where there is no such command. */
const NOT_FOUND = 127;

/**
 * Opens a file in an editor that has the terminal to itself, until it ends.
 *
 * @param command may have arguments: `code --wait`
 * @param line where the cursor is to be, in editors that are known to take it
 * @returns what went wrong, if anything did
 */
export function edit(command: string, file: string, line?: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const at = line !== undefined && TAKES_A_LINE.test(command) ? ` +${line}` : "";
    const child =
      process.platform === "win32"
        ? spawn(`${command}${at} "${file}"`, { shell: true, stdio: "inherit" })
        : spawn("/bin/sh", ["-c", `${command}${at} "$1"`, "sh", file], { stdio: "inherit" });
    child.on("error", (error) => resolve(`${command} cannot be started: ${error.message}`));
    child.on("close", (code, signal) => {
      if (code === NOT_FOUND) resolve(`${command}: not found; EDITOR names the editor to use`);
      else resolve(code === 0 ? undefined : `${command} ended with ${signal ?? code}`);
    });
  });
}
