import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeBatches, makeCase } from "../grader/kit/case.ts";
import { functionSteps } from "../grader/course/steps.ts";
import { Generator } from "../grader/network/random.ts";
import { bundleLibrary } from "../grader/runner/bundle.ts";
import { graderFolder, projectRoot } from "../grader/runner/project.ts";

/**
 * The floors of the house, from the ground up: a file imports from its own floor and those below. Hosts, which run what
 * learners write, are runner and whatever is added beside it.
 */
const floors = [
  "tensor",
  "autograd",
  "network",
  "kit",
  "verdict",
  "diagnosis",
  "grading",
  "report",
  "course",
  "runner",
  "commands",
];

/** What still imports Node below the hosts. To be taken out one by one: an entry that needs it no more fails. */
const stillOfNode = new Set<string>();

/** The floors below the hosts that may import packages: reports are written for people. */
const withPackages = new Set(["report"]);
/** The packages that run beside learner code, whatever runs that. */
const packagesOfGuests = new Set(["loupe"]);

interface Import {
  /** The importing file, from the grader's folder. */
  from: string;
  /** What it names: a package, a node: module, or a file from the project's root. */
  to: string;
}

const files = readdirSync(graderFolder, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.(ts|mjs)$/.test(file));
const internal: Record<string, string> = {
  "#tensor": "grader/tensor/index.ts",
  "#course": "grader/course/exercise.ts",
};

const imports: Import[] = files.flatMap((from) => {
  const text = readFileSync(path.join(graderFolder, from), "utf8");
  // statements begin a line; prose in a string may say from, too
  const statements = text.matchAll(/^(?:import|export(?: type)? [{*])[^"`=]*"([^"]+)"|\bimport\(\s*"([^"]+)"/gm);
  return [...statements].map(([, named, loaded]) => {
    const wanted = named ?? loaded;
    const file = wanted!.startsWith(".") ? path.posix.join("grader", path.posix.dirname(from), wanted!) : wanted!;
    return { from, to: internal[file] ?? file };
  });
});

const floorOf = (file: string): number => floors.indexOf(file.replace(/^grader\//, "").split("/")[0]!);
const show = ({ from, to }: Import): string => `${from} imports ${to}`;

/** Packages that use nothing but the language, so that any host can run them. */
const plainPackages = new Set(["fastest-levenshtein"]);

describe("a file imports from lower floors only", () => {
  const arrows = imports.filter(({ from, to }) => {
    const [here, there] = [floorOf(from), floorOf(to)];
    return to.startsWith("grader/") && here >= 0 && there > here;
  });

  it("in every folder of the grader", () => {
    expect(arrows.map(show)).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });
});

describe("below the hosts", () => {
  const outside = imports.filter(({ from, to }) => {
    const floor = floorOf(from);
    return floor >= 0 && floor < floors.indexOf("runner") && !to.startsWith("grader/");
  });

  it("nothing imports from Node", () => {
    const ofNode = outside.filter(({ to }) => to.startsWith("node:"));
    expect(ofNode.filter(({ from }) => !stillOfNode.has(from)).map(show)).toEqual([]);
    expect([...stillOfNode].filter((file) => ofNode.every(({ from }) => from !== file))).toEqual([]);
  });

  it("nothing imports a package but reports, and what runs beside learner code", () => {
    const found = outside.filter(({ from, to }) => {
      const isAllowed =
        plainPackages.has(to) ||
        withPackages.has(from.split("/")[0]!) ||
        (from.startsWith("grading/") && packagesOfGuests.has(to));
      return !to.startsWith("node:") && !isAllowed;
    });
    expect(found.map(show)).toEqual([]);
  });
});

describe("no oracle can reach an exercise or a solution", () => {
  it("by an import", () => {
    const found = imports.filter(({ to }) => /exercises|solutions/.test(to));
    expect(found.map(show)).toEqual([]);
  });

  it("by naming their folders, but for the module that names all folders", () => {
    const upToRunner = files.filter((file) => floorOf(file) >= 0 && floorOf(file) <= floors.indexOf("runner"));
    const found = upToRunner.filter((file) => {
      const code = readFileSync(path.join(graderFolder, file), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
      return file !== "runner/project.ts" && /["'`/](exercises|solutions)["'`/]/.test(code);
    });
    expect(found).toEqual([]);
  });

  it("nor reads the right forms and the known mistakes of a step, which stand beside its lines", () => {
    for (const step of functionSteps) {
      const [made] = makeBatches(step.network, 1);
      const bare = Object.defineProperties({ ...step }, { forms: unreadable, mistakes: unreadable, hints: unreadable });
      const [expected, found] = [step, bare].map((step) => makeCase(step, made!, new Generator(3)).truth.value);
      expect(found, step.id).toEqual(expected);
    }
  });
});

const unreadable = {
  get: (): never => {
    throw new Error("no oracle may read this");
  },
};

describe("the script that learner code runs on", () => {
  it("holds no reference, verdict, tolerance or case", async () => {
    const library = await bundleLibrary();
    const modules = [...library.matchAll(/^\s*\/\/ (\S+)$/gm)].map(([, file]) => file!);
    expect(modules.some((file) => file.endsWith("grader/tensor/tensor.ts"))).toBe(true);
    expect(
      modules.filter((file) =>
        /autograd|verdict|diagnosis|model|kit|course\/(?!exercise\.ts$)|solutions|exercises\//.test(file),
      ),
    ).toEqual([]);
    expect(library).not.toContain(projectRoot);
  });
});
