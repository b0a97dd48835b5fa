import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeBatches, makeCase } from "../grader/kit/case.ts";
import { functionSteps } from "../grader/course/steps.ts";
import { Generator } from "../grader/network/random.ts";
import { bundleLibrary } from "../grader/runner/bundle.ts";
import { graderFolder, projectRoot } from "../grader/runner/project.ts";
import { bundleOwn } from "../grader/runner/program.mjs";

/**
 * The layers of the grader, from the lowest up: a file imports from its own layer and those below. Hosts, which run what
 * learners write, are runner and any that are added next to it.
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
  "class",
  "commands",
];

/** Files below the hosts that still import Node. An entry that no longer does makes the test fail. */
const stillOfNode = new Set<string>();

/** The layers below the hosts that may import packages: reports are written for people. */
const withPackages = new Set(["report"]);
/** The packages that run next to learner code, on any host. */
const packagesOfGuests = new Set(["loupe"]);

interface Import {
  /** The importing file, from the grader's folder. */
  from: string;
  /** What it imports: a package, a node: module, or a file from the project's root. */
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
  // statements begin a line; text in a string may also contain the word from
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

describe("a file imports from lower layers only", () => {
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

  it("only reports, and what runs next to learner code, import packages", () => {
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

  it("by naming their folders, except in the module that names all folders", () => {
    const upToRunner = files.filter((file) => floorOf(file) >= 0 && floorOf(file) <= floors.indexOf("runner"));
    const found = upToRunner.filter((file) => {
      const code = readFileSync(path.join(graderFolder, file), "utf8").replace(/\/\*[^]*?\*\/|\/\/.*/g, "");
      return file !== "runner/project.ts" && /["'`/](exercises|solutions)["'`/]/.test(code);
    });
    expect(found).toEqual([]);
  });

  it("and none reads the correct forms and the known mistakes in a step's room", () => {
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

/** What calls a program next to learner code, and what builds the graphs that some programs are given. */
const callers = /^grader\/(?:kit\/program|course\/frames|course\/6-engine\/(?:frames|graph))\.ts$/;

describe("the script that learner code runs on", () => {
  it("contains no reference, verdict, tolerance or case", async () => {
    const library = await bundleLibrary();
    const modules = [...library.matchAll(/^\s*\/\/ (\S+)$/gm)].map(([, file]) => file!);
    expect(modules.some((file) => file.endsWith("grader/tensor/tensor.ts"))).toBe(true);
    expect(
      modules.filter(
        (file) =>
          /autograd|verdict|diagnosis|model|kit|course\/(?!exercise\.ts$)|solutions|exercises\//.test(file) &&
          !callers.test(file),
      ),
    ).toEqual([]);
    expect(library).not.toContain(projectRoot);
  });
});

/** The project's files that a script of the page is made from, by the script's first file. */
function modulesOf(entry: string): string[] {
  const flags = ["--format=iife", "--main-fields=module,main", "--define:SITE={}", "--define:LANGUAGE=[]"];
  const more = ["--define:GRADER_IDENTITY=''", "--define:FRAME_DOCUMENT=''", "--external:typescript-6"];
  const script = bundleOwn(projectRoot, entry, [...flags, ...more]);
  return [...script.matchAll(/^\s*\/\/ (\S+\.(?:ts|mjs|js))$/gm)].map(([, file]) => file!);
}

describe("the page, a host for browsers,", () => {
  it("imports nothing of the host for Node, of its commands, or of the solutions", () => {
    for (const entry of [
      "page/grader/worker.ts",
      "page/frame/inner.ts",
      "page/frame/learner.ts",
      "page/types/worker.ts",
    ]) {
      const modules = modulesOf(entry);
      expect(modules, entry).toContain(entry);
      const found = modules.filter((file) =>
        /^grader\/(runner|commands)\/|^(solutions|exercises|tests)\/|^page\/build/.test(file),
      );
      expect(found, entry).toEqual([]);
    }
  });

  it("gives learner code no reference, verdict, tolerance or case", () => {
    const modules = modulesOf("page/frame/learner.ts");
    expect(modules).toContain("grader/tensor/tensor.ts");
    const found = modules.filter(
      (file) => /autograd|verdict|diagnosis|network|kit|course\/(?!exercise\.ts$)/.test(file) && !callers.test(file),
    );
    expect(found).toEqual([]);
  });

  it("runs in the frame nothing but the frame's own script", () => {
    expect(modulesOf("page/frame/inner.ts")).toEqual(["page/frame/inner.ts"]);
  });
});
