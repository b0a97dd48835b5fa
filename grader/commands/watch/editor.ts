import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Step } from "../../kit/step.ts";

/**
 * The command that opens a file, as the environment names it; undefined if it names none. If nobody has set EDITOR, npm
 * sets it to vi or notepad: that is nobody's choice, and vi is hard to leave. In the terminal of VS Code, the editor is
 * VS Code itself.
 */
export function editor(env = process.env): string | undefined {
  const byNpm = env["npm_lifecycle_event"] !== undefined && /^(vi|notepad\.exe)$/.test(env["EDITOR"] ?? "");
  const chosen = [env["VISUAL"], byNpm ? undefined : env["EDITOR"]];
  const isCode = env["TERM_PROGRAM"] === "vscode";
  return [...chosen, isCode ? "code" : undefined].find((command) => command !== undefined && command.trim() !== "");
}

/** The line in which the body of a step's function begins: 1 if the file has no such function. */
export function lineOfBody(file: string, step: Step): number {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const at = lines.findIndex((line) => line.includes(`function ${step.export}(`));
  return at < 0 ? 1 : at + 2;
}

/** How editors are told to open a file at a line. Packages that know this leave out nvim and nano. */
const forms: readonly { editors: RegExp; args: (file: string, line: number) => string[] }[] = [
  {
    editors: /^(vi|vim|nvim|nano|emacs|emacsclient|micro|kak|joe|ne)$/,
    args: (file, line) => [`+${line}`, file],
  },
  { editors: /^(code|code-insiders|codium|cursor|windsurf)$/, args: (file, line) => ["--goto", `${file}:${line}`] },
  { editors: /^(hx|subl|zed)$/, args: (file, line) => [`${file}:${line}`] },
  { editors: /^(idea|webstorm|phpstorm|pycharm)$/, args: (file, line) => ["--line", String(line), file] },
];

/** A command's own name, without its folder, its ending and its options: code, in /usr/bin/code --wait. */
const NAME = /(?:^|[/\\])([\w-]+)(?:\.\w+)?(?:\s+-\S+)*\s*$/;

/** What a shell exits with if there is no such command. */
const NOT_FOUND = 127;

/** What follows the command: the file, at a line if the editor is known to take one. */
export function editorArguments(command: string, file: string, line?: number): string[] {
  const name = NAME.exec(command)?.[1] ?? "";
  const form = line === undefined ? undefined : forms.find(({ editors }) => editors.test(name));
  return form ? form.args(file, line!) : [file];
}

/**
 * Opens a file in an editor that has the terminal to itself until it exits.
 *
 * @param command may have arguments: `code --wait`
 * @param line where the cursor should be
 * @returns what went wrong, if anything did
 */
export function edit(command: string, file: string, line?: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const args = editorArguments(command, file, line);
    const child =
      process.platform === "win32"
        ? spawn([command, ...args.map((arg) => `"${arg}"`)].join(" "), { shell: true, stdio: "inherit" })
        : spawn("/bin/sh", ["-c", `${command} "$@"`, "sh", ...args], { stdio: "inherit" });
    child.on("error", (error) => resolve(`${command} cannot be started: ${error.message}`));
    child.on("close", (code, signal) => {
      if (code === NOT_FOUND) resolve(`${command}: not found; set VISUAL to the editor you use`);
      else resolve(code === 0 ? undefined : `${command} ended with ${signal ?? code}`);
    });
  });
}
