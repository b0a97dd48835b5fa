import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { functionSteps } from "../grader/course/steps.ts";
import { factorsOf } from "../grader/network/shape.ts";
import { graderFolder } from "../grader/runner/project.ts";

/** The floors below course/: they know no network. */
const floors = ["network", "kit", "verdict", "diagnosis", "grading", "report"];

/**
 * Names of tensors or sizes that are also ordinary words and mean something else in the engine: an x is any tensor, a loss
 * is what a training step returns. None of them may be looked up (the second test), and each is needed (the third).
 */
const ordinary = new Set(
  (
    "a b block column columns correct counts cube forgotten gap h heads hidden inner joined K later left loss mask masked n N normalize out P picks predicted product Q ratio " +
    "right row rows spread table target time total u uses v w W weights wide width x y z"
  ).split(" "),
);

/** The names of a network's tensors, their gradients, sizes and steps. */
function namesOf(): Set<string> {
  const networks = [...new Set(functionSteps.map(({ network }) => network))];
  const lines = [
    ...networks.flatMap((network) => network.lines),
    ...functionSteps.flatMap(({ runs, before = [] }) => [...runs.flat(), ...before]),
  ];
  const tensors = [
    ...lines.flatMap(({ output, inputs }) => [output, ...inputs]),
    ...networks.flatMap(({ parameters, indices }) => Object.keys({ ...parameters, ...indices })),
  ];
  const sizes = networks.flatMap(({ words }) => Object.keys(words.sizes).flatMap(factorsOf));
  const steps = functionSteps.flatMap(({ id, given }) => [id, ...given]);
  return new Set([...tensors, ...tensors.map((name) => `d${name}`), ...sizes, ...steps]);
}

const names = namesOf();

interface Mention {
  file: string;
  name: string;
}

/** The places in code, including strings but not comments, that mention a name. */
function mentions(file: string, code: string, isName: (name: string) => boolean): Mention[] {
  const plain = code.replaceAll(/\/\*[^]*?\*\/|(?<!:)\/\/.*/g, "");
  return [...plain.matchAll(/[A-Za-z_]\w*/g)].flatMap(([name]) => (isName(name) ? [{ file, name }] : []));
}

/** The places that look up a name as a string: values["loss"]. */
function lookedUp(file: string, code: string): Mention[] {
  return [...code.matchAll(/\["([A-Za-z_]\w*)"\]/g)].flatMap(([, name]) =>
    names.has(name!) ? [{ file, name: name! }] : [],
  );
}

const files = floors.flatMap((floor) => {
  const folder = path.join(graderFolder, floor);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => ({ file: `${floor}/${file}`, code: readFileSync(path.join(folder, file), "utf8") }));
});

describe("the engine", () => {
  it("names no tensor, gradient, size or step of a network, except words that mean something else there", () => {
    const found = files.flatMap(({ file, code }) =>
      mentions(file, code, (name) => names.has(name) && !ordinary.has(name)),
    );
    expect(found).toEqual([]);
    expect(names.size).toBeGreaterThan(100);
    expect(files.length).toBeGreaterThan(50);
  });

  it("looks up none of them by name", () => {
    expect(files.flatMap(({ file, code }) => lookedUp(file, code))).toEqual([]);
  });

  it("needs each of those words, and each is a name of the course", () => {
    const needed = new Set(
      files.flatMap(({ file, code }) => mentions(file, code, (name) => ordinary.has(name))).map(({ name }) => name),
    );
    expect([...ordinary].filter((name) => !needed.has(name) || !names.has(name))).toEqual([]);
  });

  it("is searched in a way that finds such names", () => {
    const isName = (name: string): boolean => names.has(name);
    expect(mentions("", 'given["bnraw"]; // logits', isName)).toEqual([{ file: "", name: "bnraw" }]);
    expect(mentions("", "const { vocab } = sizes; /* hidden */", isName)).toEqual([{ file: "", name: "vocab" }]);
    expect(lookedUp("", 'values["loss"]')).toEqual([{ file: "", name: "loss" }]);
  });
});
