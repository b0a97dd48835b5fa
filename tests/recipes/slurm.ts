import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { hostname, userInfo } from "node:os";
import path from "node:path";
import { expect, vi } from "vitest";
import { findProgram, tied } from "../../grader/runner/box.ts";
import { run } from "./handed-in.ts";

/** A Slurm of one node, which runs as long as a test. */
export interface Slurm {
  /** Submits a script as `sbatch` does, and waits until no job runs or waits. */
  run: (...args: string[]) => Promise<void>;
  end: () => Promise<void>;
}

/** Why Slurm cannot run here; undefined if it can. */
export function problemOfSlurm(): string | undefined {
  const missing = ["slurmctld", "slurmd", "sbatch", "squeue", "scancel"].filter((name) => !findProgram(name));
  if (missing.length > 0) return `${missing.join(", ")} not installed (on Debian: slurmctld slurmd slurm-client)`;
  return process.getuid?.() === 0 ? undefined : "its daemon starts jobs as their users, for which it must be root";
}

/** How long the daemons take to start, and jobs to end, on a machine that is busy, in milliseconds. */
const STARTED = 60_000;
const ENDED = 600_000;

/** Two jobs of two processors each run at once. Nobody else can reach this Slurm: so it asks nobody who they are. */
const configuration = (folder: string, name: string, [controller, node]: readonly number[]): string => `
ClusterName=test
SlurmctldHost=${name}(127.0.0.1)
SlurmUser=${userInfo().username}
SlurmctldPort=${controller}
SlurmdPort=${node}
AuthType=auth/none
CredType=cred/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=sched_min_interval=0,batch_sched_delay=0
SlurmdParameters=config_overrides
ReturnToService=2
MpiDefault=none
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
NodeName=${name} NodeAddr=127.0.0.1 CPUs=4 RealMemory=16000
PartitionName=all Nodes=ALL Default=YES
`;

/**
 * Starts Slurm with a configuration of its own in a folder.
 *
 * @throws Error if it does not start on this machine
 */
export async function startSlurm(folder: string): Promise<Slurm> {
  const [name] = hostname().split(".");
  for (const made of ["state", "spool", "printed"]) mkdirSync(path.join(folder, made), { recursive: true });
  const file = path.join(folder, "slurm.conf");
  writeFileSync(file, configuration(folder, name!, await freePorts(2)));
  const env = { SLURM_CONF: file };
  // tied: they end with the tests, however those end
  const start = (program: string): ChildProcess => {
    const [command, ...args] = [...tied(), findProgram(program)!, "-D"];
    return spawn(command!, args, { env: { ...process.env, ...env }, stdio: "ignore" });
  };
  const daemons = [start("slurmctld"), start("slurmd")];
  const ask = async (program: string, ...args: string[]): Promise<string> => (await run(program, args, env)).trim();
  const says = (answer: string, timeout: number, ...[program, ...args]: [string, ...string[]]): Promise<void> =>
    vi.waitFor(async () => expect(await ask(program, ...args)).toBe(answer), { timeout, interval: 100 });
  const idle = (): Promise<void> => says("", ENDED, "squeue", "--noheader");
  try {
    await says("idle", STARTED, "sinfo", "--noheader", "--format=%T");
  } catch (error) {
    await endNow(daemons);
    throw error;
  }
  return {
    async run(...args) {
      await ask("sbatch", `--output=${folder}/printed/%A-%a`, ...args);
      await idle();
    },
    async end() {
      await ask("scancel", "--user", userInfo().username);
      await idle();
      await endNow(daemons);
    },
  };
}

/** Nothing is lost: what the daemons would still write is in the folder of the test. */
async function endNow(daemons: readonly ChildProcess[]): Promise<void> {
  for (const daemon of daemons.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
    const ended = new Promise((resolve) => daemon.once("exit", resolve));
    daemon.kill("SIGKILL");
    await ended;
  }
}

/** Ports that nobody listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const { port } = server.address() as AddressInfo;
      await new Promise((resolve) => server.close(resolve));
      return port;
    }),
  );
}
