import { execFile } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../../grader/runner/box.ts";

/** A pack as it lies on its platform. */
export interface Placed {
  /** What is there, by its absolute path on the platform: the folder or file here that it is. */
  readonly files: Readonly<Record<string, string>>;
  /** The folders that can be written: everything else is read-only. */
  readonly writable: Readonly<Record<string, string>>;
  /** The working directory on the platform. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

export interface Ran {
  readonly status: number;
  readonly output: string;
}

/** The user that graders run as here: nobody, who owns nothing, if that can be chosen. */
const OTHER_USER = 65_534;

const SYSTEM = ["/usr", "/etc", "/lib", "/lib64", "/bin", "/sbin"];

/**
 * Runs a command as a platform would: its folders are at its own paths, the root file system is read-only, /tmp too; there is
 * no network, and the user is another one than the files' owner.
 */
export function runPlaced({ files, writable, folder, command, environment = {} }: Placed): Promise<Ran> {
  for (const made of Object.values(writable)) {
    mkdirSync(made, { recursive: true });
    chmodSync(made, 0o777);
  }
  const node = path.dirname(process.execPath);
  const bind = (how: string, all: Readonly<Record<string, string>>): string[] =>
    Object.entries(all).flatMap(([there, here]) => [how, here, there]);
  const all = { PATH: "/node:/usr/bin:/bin", LANG: "C.UTF-8", ...environment };
  const boxed = [
    ..."bwrap --unshare-all --die-with-parent --new-session --clearenv --proc /proc --dev /dev".split(" "),
    ...SYSTEM.filter((one) => existsSync(one)).flatMap((one) => ["--ro-bind", one, one]),
    "--ro-bind",
    node,
    "/node",
    "--dir",
    "/tmp",
    ...bind("--ro-bind", files),
    ...bind("--bind", writable),
    ...Object.entries(all).flatMap(([name, value]) => ["--setenv", name, value]),
    "--remount-ro",
    "/",
    "--chdir",
    folder,
    "--",
    ...command,
  ];
  return run([...asOther(), ...boxed]);
}

/** Changes the user, if this one may. */
function asOther(): string[] {
  const setpriv = process.getuid?.() === 0 && findProgram("setpriv");
  return setpriv ? [setpriv, `--reuid=${OTHER_USER}`, `--regid=${OTHER_USER}`, "--clear-groups", "--"] : [];
}

export function run([program, ...args]: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program!, args, { env }, (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

/** Why nothing can be run that way here; undefined if it can. */
export async function problemOfPlacing(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return "the platforms are Linux on x64";
  if (!findProgram("bwrap")) return "bubblewrap is not installed";
  const { status, output } = await runPlaced({ files: {}, writable: {}, folder: "/", command: ["node", "--version"] });
  return status === 0 ? undefined : `bubblewrap does not run here: ${output.trim().split("\n")[0]}`;
}
