import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { functionSteps, requiredSteps } from "../grader/course/steps.ts";
import { readNames, shippedNames } from "../grader/runner/data.ts";
import { gradeTree } from "../grader/runner/grade.ts";
import { prepareLearner, takeLearner } from "../grader/runner/process.ts";
import { projectRoot, solutionsFolder } from "../grader/runner/project.ts";
import { inMemory } from "../grader/runner/store.ts";
import { timeByLabel } from "./profile.ts";

const run = promisify(execFile);

/** Milliseconds, by activity. */
export type Times = Record<string, number>;

/** Prints the grader's marks when it ends; see performance.mark in grader/. */
const printMarks = `data:text/javascript,process.on("exit", () => process.stdout.write(
  "\\n" + JSON.stringify(performance.getEntriesByType("mark").map(({ name, startTime }) => [name, startTime]))))`;

/** The parts that follow the lecture: those beyond it are optional, and the goals are older than they. */
const PARTS = [...new Set(requiredSteps.map(({ part }) => `part${part}`))];
const GRADE = [...PARTS, "--from", "solutions", "--fresh"];

/**
 * The variable that names certificates to Node. If it is set, each process of Node 20 reads them when it starts, npm's as
 * well, which can take longer than the rest of its start. The grader uses none.
 */
export const CERTIFICATES = "NODE_EXTRA_CA_CERTS";

/** The times of grading all solutions in a new process, with and without npm, and of its stages. */
export async function coldGrade(): Promise<Times> {
  const npm = await timed("npm", ["run", "-s", "grade", "--", ...GRADE]);
  const node = await timed("node", ["-e", "0"]);
  const direct = await timed("node", ["--import", printMarks, "grader/start.cjs", "grade", ...GRADE]);
  const marks = new Map(JSON.parse(direct.stdout.trimEnd().split("\n").at(-1)!) as [string, number][]);
  const at = (name: string): number => marks.get(name)!;
  return {
    "npm run grade": npm.milliseconds,
    npm: npm.milliseconds - direct.milliseconds,
    node: node.milliseconds,
    "the grader's own code": at("grader loaded") - node.milliseconds,
    "files bundled": at("files bundled") - at("grader loaded"),
    "process ready, meanwhile": at("process ready") - at("grader loaded"),
    verdicts: at("graded") - at("files bundled"),
    "report and end": direct.milliseconds - at("graded"),
  };
}

/** Where the time of grading all solutions goes, in milliseconds: the grader's process by folder, and learner code. */
export async function profiledGrade(): Promise<Times> {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-bench-"));
  try {
    const options = ["--cpu-prof", "--cpu-prof-interval=200", `--cpu-prof-dir=${folder}`];
    const { stdout } = await timed("node", [...options, "grader/start.cjs", "grade", ...GRADE, "--json"]);
    const { steps } = JSON.parse(stdout) as { steps: { milliseconds: number }[] };
    return {
      ...timeByLabel(path.join(folder, readdirSync(folder)[0]!), labelOfSource),
      "learner code, meanwhile": steps.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What a folder of the grader does, in words; undefined for those that compute on behalf of others. */
function labelOfSource(source: string): string | undefined {
  const [top, room = ""] = source.split("/");
  if (top !== "grader") return undefined;
  if (/^(course|kit|model|network)$/.test(room)) return "cases and correct answers";
  if (/^(verdict|diagnosis)$/.test(room)) return "judging";
  if (/^(runner|grading)$/.test(room)) return "reading files, starting processes, packing";
  if (/^(report|commands|cli\.ts)$/.test(room)) return "report";
  return undefined;
}

async function timed(command: string, words: string[]): Promise<{ milliseconds: number; stdout: string }> {
  const start = performance.now();
  const env = { ...process.env };
  delete env[CERTIFICATES];
  const { stdout } = await run(command, words, { cwd: projectRoot, env });
  return { milliseconds: performance.now() - start, stdout };
}

/** One changed step graded again by a running grader: a step early in the chain, and the last one. */
export async function regrade(times: number): Promise<Record<string, number[]>> {
  const root = mkdtempSync(path.join(tmpdir(), "backprop-dojo-bench-"));
  try {
    cpSync(solutionsFolder, root, { recursive: true });
    const names = readNames(shippedNames);
    const store = inMemory(undefined);
    const found: Record<string, number[]> = { dcounts: [], dC: [] };
    for (let i = 0; i <= times; i++) {
      for (const [id, all] of Object.entries(found)) {
        const step = functionSteps.find((step) => step.id === id)!;
        const file = path.join(root, step.file);
        writeFileSync(file, `${readFileSync(file, "utf8")}// changed\n`);
        // as a grader that watches files does while nothing changes
        prepareLearner("plain");
        await setTimeout(200);
        const start = performance.now();
        const [result] = await gradeTree({ root, steps: [step], names, reference: "ours", store });
        if (!result!.passed) throw new Error(`${id} does not pass`);
        // before the first time, the grader is not running yet
        if (i > 0) all.push(performance.now() - start);
      }
    }
    return found;
  } finally {
    takeLearner("plain").close();
    rmSync(root, { recursive: true });
  }
}
