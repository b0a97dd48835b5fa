import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { findProgram } from "../../grader/runner/box.ts";
import { run } from "./handed-in.ts";

/** Podman with a store of its own in a folder, which is all that there is of it. */
export type Podman = (...args: string[]) => Promise<string>;

/** What the image of Node has in it here: what the grader starts. */
const programs = ["node", "sh", "bash", "ldd", "setpriv", "prlimit", "bwrap"];

/** Why no image can be built and run here; undefined if it can. */
export function problemOfPodman(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return "an image of the grader is for Linux on x64";
  const missing = ["podman", "runc", ...programs].filter((name) => !findProgram(name));
  if (missing.length > 0) return `${missing.join(", ")} not installed (on Debian: podman runc)`;
  return process.getuid?.() === 0 ? undefined : "podman is tried as root";
}

/** The limits are those that a machine may lower without rights; a limit that is raised needs one more. */
const engine = (folder: string): string => `
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
lock_type = "file"
tmp_dir = "${folder}/tmp"
`;

const storage = (folder: string): string => `
[storage]
driver = "vfs"
graphroot = "${folder}/storage"
runroot = "${folder}/run"
`;

export function podmanIn(folder: string): Podman {
  const [containers, stored] = [path.join(folder, "containers.conf"), path.join(folder, "storage.conf")];
  mkdirSync(path.join(folder, "tmp"), { recursive: true });
  writeFileSync(containers, engine(folder));
  writeFileSync(stored, storage(folder));
  const env = { CONTAINERS_CONF: containers, CONTAINERS_STORAGE_CONF: stored, TMPDIR: path.join(folder, "tmp") };
  return (...args) => run("podman", args, env);
}

/**
 * Makes the image that the recipe begins with from this machine's own Node, because no registry can be asked.
 *
 * @param archive a file that is written
 * @throws Error if no container can be run on this machine
 */
export async function importNode(podman: Podman, archive: string, name: string): Promise<true> {
  const found = programs.map((program) => findProgram(program)!);
  const libraries = found.flatMap((file) => {
    const { stdout } = spawnSync("ldd", [file], { encoding: "utf8" });
    return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library!);
  });
  const shells = ["/bin/sh", "/bin/bash"];
  const files = [...new Set([...found, ...shells, ...libraries])].map((file) => file.slice(1));
  // an empty one stands for /tmp
  const empty = path.join(path.dirname(archive), "empty", "tmp");
  mkdirSync(empty, { recursive: true });
  await run("tar", ["--create", "--dereference", "--directory=/", `--file=${archive}`, ...files]);
  await run("tar", ["--append", `--file=${archive}`, `--directory=${path.dirname(empty)}`, "tmp"]);
  const folders = [...new Set(found.map((file) => path.dirname(file)))];
  await podman("import", "--change", `ENV PATH=${folders.join(":")}`, archive, name);
  await podman("run", "--rm", "--network=none", name, "node", "--version");
  return true;
}
