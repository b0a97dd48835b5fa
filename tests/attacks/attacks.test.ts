import { spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { readFileSync, readdirSync } from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { boxCommand, bubblewrapProblem, type Box } from "../../grader/runner/box.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { processorTime } from "../../grader/runner/processor-time.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import { dojo } from "../copies.ts";
import { sampled } from "../sample.ts";
import { exercise, stepOf, withFolder } from "../trees.ts";
import { escapedAttacks } from "./escaped.ts";
import { attacks, HARM, type Attack } from "./exercises.ts";
import { shortAttacks } from "./together.ts";

const major = Number(process.versions.node.split(".")[0]);
const problem = bubblewrapProblem();
const boxes: Box[] = problem === undefined ? ["plain", "bubblewrap"] : ["plain"];
if (problem !== undefined) process.stdout.write(`\nSKIPPED: attacks in bubblewrap: ${problem}\n`);

const SECRET = "s3cret-canary";
const right = {
  dprobs: exercise("dprobs", "return given.dlogprobs.div(given.probs);"),
  dnorm_logits: exercise("dnorm_logits", "return given.counts.mul(given.dcounts);"),
};
/** Text that every solution contains and no report does. */
const SOLUTION = /end of solution/;
/**
 * The most processor time that grading three steps, one of them an attack, may take, in milliseconds: the step's limits, and
 * the bundler's.
 */
const MOST_MS = 20_000;
/** How long a busy machine may need for it. */
const LONGEST_MS = 6 * MOST_MS;
/** The most memory that may be in use: the limits of the learner process and of the bundler, and the grader's own. */
const MOST_MB = 2500;

interface Outcome {
  status: number;
  output: string;
  /** Processor time that the grader and everything it started used. */
  milliseconds: number;
  /** The most memory that the grader and everything it started used at once. */
  megabytes: number;
}

/** Grades an attack with a correct step before it and one after it. */
async function gradeAttack(
  { text, others = {}, prepare }: Omit<Attack, "family" | "name">,
  box: Box,
): Promise<Outcome> {
  const files = {
    "1-step-by-step/02-dprobs.ts": right.dprobs,
    "1-step-by-step/05-dcounts.ts": text,
    "1-step-by-step/06-dnorm_logits.ts": right.dnorm_logits,
    ...others,
  };
  return withFolder(files, async (root) => {
    prepare?.(root);
    const untrusted = box === "bubblewrap" ? ["--untrusted"] : [];
    const running = dojo(["grade", "dprobs", "dcounts", "dnorm_logits", "--from", root, ...untrusted]);
    const used = watchUse(running.pid);
    const { status, stdout, stderr } = await running;
    return { status, output: stdout + stderr, ...used() };
  });
}

/** The harm that so many attacks have done, as a list; empty if they have done none. */
function harmDone({ status, output, milliseconds, megabytes }: Outcome, count = 1): string[] {
  const passed = (line: string): boolean =>
    output.split("\n").some((one) => one.startsWith(line) && /exact: true/.test(one));
  return [
    ...(output.includes(HARM) ? ["it said so"] : []),
    ...(output.includes(SECRET) ? ["the secret came out"] : []),
    ...(SOLUTION.test(output) ? ["a solution came out"] : []),
    ...(passed(" 2  dprobs") && passed(" 6  dnorm_logits") ? [] : ["a right step did not pass"]),
    ...(status === 1 ? [] : [`the grader ended with ${status}`]),
    ...(output.split("\n").some((line) => line.startsWith(`2 passed, ${count} wrong`))
      ? []
      : ["the count is another one"]),
    ...(/^::|^##\[|(?!\n)\p{Cc}/mu.test(output) ? ["it steered the terminal or CI"] : []),
    ...(megabytes > MOST_MB ? [`it took ${megabytes} MB`] : []),
    ...(milliseconds > MOST_MS ? [`it took ${milliseconds} ms`] : []),
  ];
}

process.env["DOJO_CANARY"] = SECRET;
afterAll(() => delete process.env["DOJO_CANARY"]);

/** A sixth of the attacks are tried alone, each in one of the boxes, and nightly all in all; the short ones together, see below. */
const attacksIn = (box: Box): readonly Attack[] => sampled(attacks, 8 * boxes.length, boxes.indexOf(box));

describe.each(boxes)("exercises that attack the grader (%s)", (box) => {
  const stopped = new Set<Attack>();
  const tried = attacksIn(box);

  it.concurrent.each(tried.map((attack) => [`${attack.family}: ${attack.name}`, attack] as const))(
    "%s",
    async (_name, attack) => {
      expect(harmDone(await gradeAttack(attack, box))).toEqual([]);
      stopped.add(attack);
    },
    LONGEST_MS,
  );

  afterAll(() => process.stdout.write(`\nattacks by exercises, ${box}: ${stopped.size} of ${tried.length} stopped\n`));
});

describe.each(boxes)("exercises that attack the grader together (%s)", (box) => {
  const rightSteps = ["dprobs", "dnorm_logits"];
  const places = functionSteps.filter(({ id }) => !rightSteps.includes(id));
  const half = Math.ceil(shortAttacks.length / 2);

  it.each([
    ["the first half", shortAttacks.slice(0, half)],
    ["the second half", shortAttacks.slice(half)],
  ])(
    "%s",
    async (_name, some) => {
      const files: Record<string, string> = {
        [stepOf("dprobs").file]: right.dprobs,
        [stepOf("dnorm_logits").file]: right.dnorm_logits,
      };
      for (const [i, { text, others = {} }] of some.entries()) {
        const { file, export: name } = places[i]!;
        files[file] = text(name);
        for (const [other, text] of Object.entries(others)) files[`${path.posix.dirname(file)}/${other}`] = text;
      }
      await withFolder(files, async (root) => {
        for (const [i, { prepare }] of some.entries()) prepare?.(path.join(root, path.dirname(places[i]!.file)));
        const ids = [...rightSteps, ...places.slice(0, some.length).map(({ id }) => id)];
        const untrusted = box === "bubblewrap" ? ["--untrusted"] : [];
        const running = dojo(["grade", ...ids, "--from", root, ...untrusted]);
        const used = watchUse(running.pid);
        const { status, stdout, stderr } = await running;
        const output = stdout + stderr;
        expect(harmDone({ status, output, ...used() }, some.length)).toEqual([]);
        // nothing is revealed about the grader's own files
        expect(output).not.toContain("node_modules");
      });
    },
    LONGEST_MS,
  );

  afterAll(() => process.stdout.write(`\nattacks together, ${box}: ${shortAttacks.length}\n`));
});

describe.each(boxes)("controls (%s)", (box) => {
  it("a correct exercise passes", async () => {
    const text = readFileSync(path.join(solutionsFolder, "1-step-by-step/05-dcounts.ts"), "utf8");
    const { status, output } = await gradeAttack({ text }, box);
    expect(status).toBe(0);
    expect(output).toContain("3 of 3 passed");
  });

  it("a wrong exercise fails for being wrong", async () => {
    const outcome = await gradeAttack({ text: exercise("dcounts", "return given.counts;") }, box);
    expect(harmDone(outcome)).toEqual([]);
    expect(outcome.output).toContain("looks like: ");
  });
});

describe.each(boxes)("code that has escaped from its context (%s)", (box) => {
  const stopped: string[] = [];

  it.each(escapedAttacks.map((attack) => [attack.name, attack] as const))(
    "%s",
    async (_name, attack) => {
      const harm = await harmOutside(attack.body, box);
      if (harm.length === 0) stopped.push(attack.name);
      const isOpen = box === "plain" && attack.openWithoutBubblewrap?.(major);
      if (!isOpen) expect(harm).toEqual([]);
    },
    15_000,
  );

  it("a script that does no harm reports its result", async () => {
    expect(await harmOutside("return 1;", box)).toEqual([`it came back with ${HARM} 1`]);
  });

  afterAll(() => {
    process.stdout.write(
      `\nattacks from outside the context, ${box}: ${stopped.length} of ${escapedAttacks.length} stopped\n`,
    );
  });
});

/** Runs a script in the box, next to a secret, sockets and a grader, and returns the harm it has done. */
function harmOutside(body: string, box: Box): Promise<string[]> {
  const files = { "secret.json": `"${SECRET}"`, "box/attack.cjs": scriptOf(body) };
  return withFolder(files, async (folder) => {
    const connections: string[] = [];
    const listen = async (where: number | string): Promise<Server> => {
      const server = createServer((socket) => {
        connections.push(String(where));
        socket.destroy();
      });
      return new Promise((resolve) => server.listen(where, () => resolve(server)));
    };
    const socket = path.join(folder, "s");
    const udp = createSocket("udp4", () => connections.push("udp"));
    await new Promise<void>((resolve) => udp.bind(0, "127.0.0.1", resolve));
    const servers = [await listen(0), await listen(socket)];
    const canary = {
      file: path.join(folder, "secret.json"),
      folder,
      port: (servers[0]!.address() as { port: number }).port,
      udp: udp.address().port,
      socket,
    };
    const before = String(filesIn(folder));
    const { alive, written } = await runGuarded(canary, boxCommand(box, [path.join(folder, "box/attack.cjs")]));
    const after = String(filesIn(folder));
    for (const server of servers) server.close();
    udp.close();
    return [
      ...(alive ? [] : ["the grader is gone"]),
      ...(written.includes(SECRET) || written.includes(HARM) ? [`it came back with ${written}`] : []),
      ...(connections.length > 0 ? [`it connected to ${connections.join()}`] : []),
      ...(after === before ? [] : [`files: ${after}`]),
    ];
  });
}

/** Measures what a process and everything below it use, ten times a second, until it is gone. */
function watchUse(pid: number | undefined): () => Pick<Outcome, "milliseconds" | "megabytes"> {
  const most = { kilobytes: 0, milliseconds: 0 };
  const timer = setInterval(() => {
    const kilobytes = pid === undefined ? 0 : memoryBelow(pid);
    if (kilobytes === 0) return clearInterval(timer);
    most.kilobytes = Math.max(most.kilobytes, kilobytes);
    most.milliseconds = Math.max(most.milliseconds, processorTime(pid!) ?? 0);
  }, 100);
  return () => {
    clearInterval(timer);
    return { milliseconds: most.milliseconds, megabytes: Math.round(most.kilobytes / 1024) };
  };
}

/** Kilobytes used by a process and all its descendants; 0 if it is gone. */
function memoryBelow(pid: number): number {
  try {
    const [, own] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
    return Number(own ?? 0) + children.reduce((sum, child) => sum + memoryBelow(Number(child)), 0);
  } catch {
    return 0;
  }
}

/** A script that attacks, and reports what it got. */
function scriptOf(body: string): string {
  return `const text = require("fs").readFileSync(0, "utf8");
const canary = text ? JSON.parse(text) : {};
(async () => { ${body} })().then(
  (found) => { if (found !== undefined) process.stdout.write("HARM-DONE " + found); },
  () => {},
).finally(() => process.exit(0));
`;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name !== "s")
    .sort()
    .map((name) => (name === "secret.json" ? `${name}=${readFileSync(path.join(folder, name), "utf8")}` : name));
}

/** Runs a command as the child of another process, in a group of its own, which may be killed instead of this one. */
function runGuarded(canary: object, words: string[]): Promise<{ alive: boolean; written: string }> {
  return new Promise((resolve) => {
    const guard = path.join(import.meta.dirname, "guarded.mjs");
    const child = spawn(process.execPath, [guard, JSON.stringify(canary), ...words], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, DOJO_CANARY: SECRET },
    });
    let stdout = "";
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.on("close", () => {
      try {
        resolve(JSON.parse(stdout) as { alive: boolean; written: string });
      } catch {
        resolve({ alive: false, written: stdout });
      }
    });
  });
}
