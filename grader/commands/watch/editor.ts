import { spawn } from "node:child_process";

/** The command that opens a file, as the environment names it; undefined where it names none. */
export function editor(env = process.env): string | undefined {
  return [env["VISUAL"], env["EDITOR"]].find((command) => command !== undefined && command.trim() !== "");
}

/**
 * Opens a file in an editor that has the terminal to itself, until it ends.
 *
 * @param command may have arguments: `code --wait`
 * @returns what went wrong, if anything did
 */
export function edit(command: string, file: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child =
      process.platform === "win32"
        ? spawn(`${command} "${file}"`, { shell: true, stdio: "inherit" })
        : spawn("/bin/sh", ["-c", `${command} "$1"`, "sh", file], { stdio: "inherit" });
    child.on("error", (error) => resolve(`${command} cannot be started: ${error.message}`));
    child.on("close", (code, signal) => {
      resolve(code === 0 ? undefined : `${command} ended with ${signal ?? code}; EDITOR names the editor to use`);
    });
  });
}
