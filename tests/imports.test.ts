import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { bundleLibrary } from "../grader/runner/bundle.ts";
import { graderFolder, projectRoot } from "../grader/runner/project.ts";

/** The floors of the house, from the ground up: a file imports from its own floor and those below. */
const floors = [
  "tensor",
  "autograd",
  "model",
  "course",
  "verdict",
  "diagnosis",
  "lab",
  "grading",
  "report",
  "runner",
  "commands",
];

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
  const statements = text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g);
  return [...statements].map(([, wanted]) => {
    const file = wanted!.startsWith(".") ? path.posix.join("grader", path.posix.dirname(from), wanted!) : wanted!;
    return { from, to: internal[file] ?? file };
  });
});

const floorOf = (file: string): number => floors.indexOf(file.replace(/^grader\//, "").split("/")[0]!);
const show = ({ from, to }: Import): string => `${from} imports ${to}`;

describe("a file imports from lower floors only", () => {
  it("in every folder of the grader", () => {
    const upward = imports.filter(({ from, to }) => {
      const [here, there] = [floorOf(from), floorOf(to)];
      return to.startsWith("grader/") && here >= 0 && there > here;
    });
    expect(upward.map(show)).toEqual([]);
    expect(imports.length).toBeGreaterThan(100);
  });

  it("and nothing below the runner imports from Node", () => {
    const runner = floors.indexOf("runner");
    const found = imports.filter(({ from, to }) => {
      const floor = floorOf(from);
      // words are laid out with the help of packages; what they need, any host has
      const isPackage = !to.startsWith("grader/") && floor !== floors.indexOf("report");
      return floor >= 0 && floor < runner && (to.startsWith("node:") || isPackage);
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
});

describe("the script that learner code runs on", () => {
  it("holds no reference, verdict, tolerance or case", async () => {
    const library = await bundleLibrary();
    const modules = [...library.matchAll(/^\s*\/\/ (\S+)$/gm)].map(([, file]) => file!);
    expect(modules.some((file) => file.endsWith("grader/tensor/tensor.ts"))).toBe(true);
    expect(
      modules.filter((file) =>
        /autograd|verdict|diagnosis|model|cases|catalogue|mistakes|steps|solutions|exercises\//.test(file),
      ),
    ).toEqual([]);
    expect(library).not.toContain(projectRoot);
  });
});
