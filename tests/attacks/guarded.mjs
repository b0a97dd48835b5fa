/**
 * A stand-in for the grader that attacks can aim at: it runs a command in its box, has a secret in its environment,
 * ignores SIGUSR1 as the grader does, and reports what the command wrote.
 */
import { spawn } from "node:child_process";

process.on("SIGUSR1", () => {});
const [canaryText, ...words] = process.argv.slice(2);
// the command was made by the parent process, but must be tied to this one, which starts it
const [command = "", ...args] = words.map((word) => (word === String(process.ppid) ? String(process.pid) : word));
const canary = { ...JSON.parse(canaryText ?? ""), parent: process.pid };
/** @type {import("node:child_process").SpawnOptionsWithStdioTuple<"pipe", "pipe", "pipe">} */
const options = { cwd: canary.folder, env: {}, detached: true, stdio: ["pipe", "pipe", "pipe"] };
const child = spawn(command, args, options);
child.stdin.end(JSON.stringify(canary));
let written = "";
for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (written += String(chunk)));
const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
child.on("close", () => {
  clearTimeout(timer);
  process.stdout.write(JSON.stringify({ alive: true, written: written.slice(0, 2000) }));
});
