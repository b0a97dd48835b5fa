import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as library from "#tensor";
import { functionSteps, parts, steps } from "../../grader/course/steps.ts";
import type { KnownMistake } from "../../grader/kit/mistake.ts";
import { forwardLines } from "../../grader/kit/stub.ts";
import { trainingRun } from "../../grader/course/makemore/run.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { dojo, withCopy } from "../copies.ts";
import { hasOwnNumbers } from "./blocks.ts";
import { sectionTitles } from "./sections.ts";
import { forwardPass } from "../../grader/course/makemore/network.ts";

const read = (file: string): string => readFileSync(path.join(projectRoot, file), "utf8");
const lessonOf = (part: number): string => read(`exercises/${parts[part as keyof typeof parts]}/README.md`);
/** Without line breaks, so that a sentence can be found. */
const flat = (text: string): string => text.replaceAll(/\s+/g, " ");

describe("the table of operations in part 1's lesson", () => {
  const section = lessonOf(1).split("\n## The tensors\n")[1]!;
  const here = section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(" | ")[1]!);
  const written = here.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!));

  it("lists every operation of a tensor", () => {
    const operations = Object.getOwnPropertyNames(library.Tensor.prototype).filter((name) => name !== "constructor");
    const isWritten = (name: string): boolean => written.some((code) => new RegExp(`\\.${name}\\b`).test(code));
    expect([...operations, "shape", "dtype"].filter((name) => !isWritten(name))).toEqual([]);
    expect(operations.length).toBeGreaterThan(30);
  });

  it("lists, with the text below it, everything that #tensor exports", () => {
    const missing = Object.keys(library).filter((name) => !new RegExp(`\`${name}\\b|\\b${name}\\)`).test(section));
    expect(missing).toEqual([]);
  });

  it("lists nothing that does not work", () => {
    const { tensor, ones } = library;
    const values = [1, 2, 3, 4, 5, 6];
    const matrices = { a: ones(2, 2), b: ones(2, 2), x: ones(2, 3), y: ones(2, 3), C: ones(4, 2), t: ones(4, 2) };
    const index = (...numbers: number[]): library.Tensor => tensor(numbers, [numbers.length], "int32");
    const indexed = { Xb: index(0, 3), indices: index(1, 1), rows: ones(2, 2), i: index(0, 1) };
    const picked = { c: index(0, 1).view(2, 1), s: ones(2, 1), mask: index(0, 1, 1) };
    const others = { values, v: 0.5, k: 3, n: 2, m: 1, console: { log: () => undefined } };
    const known = { ...library, ...matrices, ...indexed, ...picked, ...others };
    const run = (code: string): unknown => Function(...Object.keys(known), `return ${code}`)(...Object.values(known));
    expect(written.length).toBeGreaterThan(50);
    for (const code of written) expect(() => run(code), code).not.toThrow();
  });

  it("says which shape oneHot returns for a column of indices", () => {
    const column = library.tensor([0, 2], [2, 1], "int32");
    expect(library.oneHot(column, 3).shape).toEqual([2, 3]);
    expect(section).toContain("for `i` of shape [n, 1] it is [n, k] too");
  });
});

it("part 0's lesson names the steps of part 1 that need more than its own operations", () => {
  const more = functionSteps.filter(
    (step) => step.part === 1 && forwardLines(step).some(({ text }) => /\*\*|log\(|exp\(|\[|\.max|\.view/.test(text)),
  );
  const [introduction] = lessonOf(0).split("\n## ");
  const named = [...introduction!.matchAll(/`(d\w+)`/g)].map(([, id]) => id!);
  expect(named.sort()).toEqual(more.map(({ id }) => id).sort());
  expect(flat(introduction!)).toContain("Nine of the 26 need one thing more");
});

it("part 1's lesson says which of its blocks have numbers of their own", () => {
  const sections = lessonOf(1).split(/^### /m).slice(1);
  const own = sections.flatMap((section, i) => {
    const blocks = [...section.matchAll(/<!-- worked: (.*) -->/g)].map(([, name]) => hasOwnNumbers(name!));
    return blocks.map((isOwn, k) => ({ step: i + 1, block: k + 1, isOwn }));
  });
  const outside = own.filter(({ step, isOwn }) => isOwn && (step < 7 || step > 12));
  expect(outside.map(({ step, block }) => [step, block])).toEqual([
    [3, 2],
    [17, 2],
    [24, 1],
  ]);
  const shared = own.filter(({ step, isOwn }) => !isOwn && step >= 7 && step <= 12);
  expect(shared.map(({ step, block }) => [step, block])).toEqual([
    [7, 2],
    [8, 2],
  ]);
  expect(flat(lessonOf(1))).toContain(
    "Steps 7 to 12 have numbers of their own, and so do the second example of step 3, the second of step 17 and the " +
      "first of step 24. The second examples of steps 7 and 8 continue with the head's numbers.",
  );
});

it("part 4's lesson says how large the first loss is", () => {
  const { start, nextBatch } = trainingRun(readNames(shippedNames).dataset());
  const loss = forwardPass(start, nextBatch())["loss"]!.item();
  const { losses } = JSON.parse(read("data/torch/training.json")) as { losses: number[] };
  expect(flat(lessonOf(4))).toContain(
    `$\\log 27 \\approx ${Math.log(27).toFixed(2)}$. This one starts a little higher, at ${loss.toFixed(2)} (on the ` +
      `lecture's names at ${losses[0]!.toFixed(2)})`,
  );
});

it("part 5's lesson says for every trap which kind it is", () => {
  const [introduction] = lessonOf(5).split("\n## ");
  const traps = functionSteps.filter(({ part }) => part === 5).map(({ id }) => `\`${id}\``);
  for (const trap of traps) expect(introduction).toContain(trap);
  expect(flat(introduction!)).toContain(
    `Four of the seven traps here are of that kind: ${traps.slice(0, 3).join(", ")}`,
  );
});

it("part 5's lesson gives the slope of a clipped number, and says where there is none", () => {
  const clip = (e: number): number => library.tensor(e).clamp(-1, 1).item();
  const [step, points] = [2 ** -10, [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2]];
  const slopes = points.map((e) => [(clip(e) - clip(e - step)) / step, (clip(e + step) - clip(e)) / step] as const);
  const undecided = points.filter((_, i) => slopes[i]![0] !== slopes[i]![1]);
  expect(undecided).toEqual([-1, 1]);
  for (const [i, e] of points.entries()) {
    if (!undecided.includes(e)) expect(slopes[i]![0]).toBe(-1 < e && e < 1 ? 1 : 0);
  }
  const text = flat(lessonOf(5));
  expect(text).toContain(
    "c'(e) = 1 \\text{ where } -1 < e < 1, ``` ```math c'(e) = 0 \\text{ where } e < -1 \\text{ or } e > 1 .",
  );
  expect(text).toContain("At 1 and -1 themselves the slope is undefined");
});

describe("the hints", () => {
  const texts = steps.flatMap((step) => {
    const { hints, mistakes, looks } = step;
    const known: readonly KnownMistake[] = mistakes;
    const { ask, rule, piece } = hints;
    return [ask, rule, piece, ...known.map(({ look }) => look), ...Object.values(looks)].map((text) => ({
      step,
      text,
    }));
  });

  it("refer to sections of the lesson by titles that exist", () => {
    const named = texts.flatMap(({ step, text }) =>
      [...text.matchAll(/the lesson's section "([^"]*)"/gi)].map(([, title]) => ({ part: step.part, title: title! })),
    );
    expect(named.length).toBeGreaterThan(2);
    for (const { part, title } of named) expect(sectionTitles(lessonOf(part))).toContain(title);
    // no section, row or page is referred to by number, which could become wrong
    for (const { text } of texts)
      expect(text).not.toMatch(/\b(last|first|next) (\w+ ){0,3}(section|row of the lesson)/);
  });

  it("refer to a step by its correct number", () => {
    const numbered = texts.flatMap(({ text }) => [...text.matchAll(/\b(d[A-Za-z]\w*) \(step (\d+)\)/g)]);
    expect(numbered.length).toBeGreaterThan(2);
    for (const [, id, number] of numbered) {
      expect(steps.find((step) => step.id === id && step.part === 1)?.number, id).toBe(Number(number));
    }
    // a text that names a parameter's gradient also names its step
    const { looks } = steps.find(({ id }) => id === "train")!;
    for (const [gradient, text] of Object.entries(looks).filter(([about]) => about.startsWith("gradient-"))) {
      const { number } = steps.find(({ id }) => id === `d${gradient.slice("gradient-".length)}`)!;
      expect(text, gradient).toMatch(new RegExp(`step ${number}\\b`));
    }
  });
});

describe("the README and the page on JSON", () => {
  it("show what the grader prints for their example, in the terminal and as JSON", async () => {
    await withCopy(async (root) => {
      const file = (name: string): string => path.join(root, "exercises/1-step-by-step", name);
      writeFileSync(file("01-dlogprobs.ts"), read("solutions/1-step-by-step/01-dlogprobs.ts"));
      const stub = readFileSync(file("02-dprobs.ts"), "utf8");
      writeFileSync(file("02-dprobs.ts"), stub.replace(/throw todo\(.*/, "return probs.mul(dlogprobs);"));

      const [, asked, transcript] = /^\$ npm run grade -- (.*)\n\n([^]*?)^```$/m.exec(read("README.md"))!;
      expect((await dojo(["grade", ...asked!.split(" ")], root)).stdout).toBe(transcript);

      const [, example] = /^```json\n([^]*?)^```$/m.exec(read("docs/json.md"))!;
      const { stdout } = await dojo(["grade", "--json"], root);
      const document = JSON.parse(stdout) as { steps: { id: string }[] };
      const steps = document.steps.filter(({ id }) => id === "dprobs");
      expect({ ...document, steps }).toEqual(asExpected(JSON.parse(example!)));
    });
  });

  /** A pattern for a shortened text's beginning, and for any version of Node and numbers of milliseconds and steps. */
  function asExpected(value: unknown, name = ""): unknown {
    if (name === "node") return expect.any(String);
    if (["milliseconds", "notStarted", "total"].includes(name)) return expect.any(Number);
    if (typeof value === "string" && value.endsWith("...")) {
      const start = value.slice(0, -"...".length).replaceAll(/[^\w\s]/g, "\\$&");
      return expect.stringMatching(new RegExp(`^${start}`));
    }
    if (Array.isArray(value)) return value.map((part) => asExpected(part));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asExpected(part, name)]));
  }
});
