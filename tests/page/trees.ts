import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { steps } from "../../grader/course/steps.ts";
import type { FunctionStep } from "../../grader/kit/step.ts";
import { bundleOwn } from "../../grader/runner/program.mjs";
import { projectRoot, solutionsFolder } from "../../grader/runner/project.ts";
import { stubOf } from "../../grader/runner/workspace/stubs.ts";
import { heldBack as classes } from "../diagnosis/held-back/classes.ts";
import { heldBack as sequences } from "../diagnosis/held-back/exam-sequences.ts";
import { heldBack as layers } from "../diagnosis/held-back/exam.ts";
import { heldBack as fifth } from "../diagnosis/held-back/fifth.ts";
import { heldBack as first } from "../diagnosis/held-back/first.ts";
import { heldBack as fourth } from "../diagnosis/held-back/fourth.ts";
import { heldBack as second } from "../diagnosis/held-back/second.ts";
import { heldBack as third } from "../diagnosis/held-back/third.ts";
import { heldBack as transformer } from "../diagnosis/held-back/transformer.ts";
import { attacks } from "../attacks/exercises.ts";
import { shortAttacks } from "../attacks/together.ts";
import { loopWith, oddities, treeOf, wrongLoops } from "../grading/oddities.ts";
import { wrongTrees } from "../report/wrong-trees.ts";
import { someSteps } from "../sample.ts";
import { exercise, stepOf } from "../trees.ts";
import type { Job } from "./jobs.ts";

/** Trees that every host must grade alike. */

const functions = steps.filter((step): step is FunctionStep => step.kind === "function");

const solutions = Object.fromEntries(
  steps.map(({ file }) => [file, readFileSync(path.join(solutionsFolder, file), "utf8")]),
);

const some = someSteps(steps, 8).map(({ id }) => id);

export const solutionsJob: Job = { name: "solutions", files: solutions, steps: some };

export const stubsJob: Job = {
  name: "stubs",
  files: Object.fromEntries(steps.map((step) => [step.file, stubOf(step)])),
  steps: some,
};

/** Answers that are code of our own: in the tree, each step's file calls one of a module beside it. */
interface Answered {
  step: FunctionStep;
  /** The module's file in the tree, and the expression in it that is the answer. */
  module: string;
  answer: string;
}

/**
 * Our own modules as files for a tree: #tensor is imported, everything else is in them. All are bundled in one call, because
 * each call of the bundler takes longer than what it bundles.
 *
 * @param modules by the name of the file, such as first.js, where the module is
 * @returns their texts by the name of the file
 */
function asFiles(modules: Readonly<Record<string, string>>): Record<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), "backprop-dojo-trees-"));
  try {
    const [first, ...others] = Object.entries(modules).map(([name, file]) => `${path.parse(name).name}=${file}`);
    const flags = ["--format=esm", "--external:#tensor", "--platform=neutral", "--main-fields=module,main"];
    bundleOwn(projectRoot, first!, [...others, ...flags, `--outdir=${folder}`]);
    const names = Object.keys(modules);
    return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(folder, name), "utf8")]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Where each step is declared: `export const dh = gradientRoom(relu, { id: "relu-dh",`; most have their constant as id. */
function declarations(): ReadonlyMap<string, { file: string; name: string }> {
  const folder = "grader/course";
  const files = readdirSync(path.join(projectRoot, folder), { recursive: true, encoding: "utf8" });
  const rooms = files
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => {
      const text = readFileSync(path.join(projectRoot, folder, file), "utf8");
      const found = text.matchAll(/^export const (\w+) = \w*Room\((?:\w+, )?\{\n(?: {2}id: "([^"]+)",)?/gm);
      return [...found].map(([, name, id]) => [id ?? name!, { file: `${folder}/${file}`, name: name! }] as const);
    });
  return new Map(rooms);
}
const declared = declarations();

/** Trees with one answer per step each, until all are in one. */
function jobsOf(name: string, modules: Record<string, string>, answers: readonly Answered[]): Job[] {
  const jobs: Job[] = [];
  const counts = new Map<FunctionStep, number>();
  for (const { step, module, answer } of answers) {
    const count = counts.get(step) ?? 0;
    counts.set(step, count + 1);
    const job = (jobs[count] ??= { name: `${name} ${count + 1}`, files: {}, steps: [] });
    job.files[step.file] =
      `import * as found from "../${module}";\nexport const ${step.export} = (given: any) => (found as any).${answer}(given);\n`;
    job.files[module] = modules[module]!;
    job.steps.push(step.id);
  }
  // the chain goes through the steps that have no answer left: these are solved
  return jobs.map((job) => ({ ...job, files: { ...solutions, ...job.files } }));
}

const sets = { first, second, third, fourth, fifth, classes, exam: layers, "exam-sequences": sequences, transformer };

/** Wrong answers that were written without seeing the catalogue. */
export function heldBackJobs(): Job[] {
  const modules = asFiles(
    Object.fromEntries(Object.keys(sets).map((name) => [`${name}.js`, `tests/diagnosis/held-back/${name}.ts`])),
  );
  return Object.entries(sets).flatMap(([name, entries]) => {
    const module = `${name}.js`;
    const answers = entries.map(({ step: id }, i): Answered => {
      return { step: functions.find((step) => step.id === id)!, module, answer: `heldBack[${i}].answer` };
    });
    return jobsOf(`held back, ${name}`, modules, answers);
  });
}

/** A step, the constant that declares it, that constant's file from the project's root, and its module's name in a tree. */
const rooms = functions.map((step) => {
  const { file, name } = declared.get(step.id)!;
  return { step, name, file, module: `${step.id}.js` };
});

/** The known mistakes and the correct answers in other forms, of every room. */
export function roomJobs(): Record<"mistakes" | "forms", Job[]> {
  const modules = asFiles(Object.fromEntries(rooms.map(({ module, file }) => [module, file])));
  const jobs = (what: "mistakes" | "forms"): Job[] => {
    const answers = rooms.flatMap(({ step, name, module }): Answered[] => {
      const field = what === "mistakes" ? ".answer" : "";
      return step[what].map((_, i) => ({ step, module, answer: `${name}.${what}[${i}]${field}` }));
    });
    return jobsOf(what, modules, answers);
  };
  return { mistakes: jobs("mistakes"), forms: jobs("forms") };
}

/** Code that returns no right tensor, throws or prints; loops that are wrong; and files that do not compile. */
export const oddJobs: readonly Job[] = [
  ...Object.entries(oddities).map(([name, files]) => job(`code that ${name}`, files)),
  ...wrongLoops.map(([what, is, other]) => job(`a loop that ${what}`, loopWith(is, other))),
  ...wrongTrees.map(({ learner, bodies }) => {
    const texts = Object.entries(bodies).map(([id, body]) => [id, exercise(stepOf(id).export, body)]);
    return job(`a learner who ${learner}`, { ...solutions, ...treeOf(Object.fromEntries(texts)) });
  }),
];

/** A tree of which all steps are graded that are there. */
function job(name: string, files: Record<string, string>): Job {
  return { name, files, steps: steps.filter(({ file }) => file in files).map(({ id }) => id) };
}

/** Files that attack the grader, each next to a correct step; those that need more than files are left out. */
export function attackJobs(): Job[] {
  const right = stepOf("dprobs");
  const files = { [right.file]: exercise("dprobs", "return given.dlogprobs.div(given.probs);") };
  const attacked = stepOf("dcounts");
  const whole = attacks
    .filter(({ prepare }) => !prepare)
    .map(({ family, name, text, others = {} }): Job => {
      return {
        name: `${family}: ${name}`,
        files: { ...files, [attacked.file]: text, ...others },
        steps: ["dprobs", "dcounts"],
      };
    });
  const folder = attacked.file.split("/")[0]!;
  const short = shortAttacks
    .filter(({ prepare }) => !prepare)
    .map(({ family, name, text, others = {} }): Job => {
      const beside = Object.entries(others).map(([file, text]) => [`${folder}/${file}`, text]);
      const tree = { ...files, [attacked.file]: text(attacked.export), ...Object.fromEntries(beside) };
      return { name: `${family}: ${name}`, files: tree, steps: ["dprobs", "dcounts"] };
    });
  return [...whole, ...short];
}
