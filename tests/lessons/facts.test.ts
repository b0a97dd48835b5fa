import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as library from "#tensor";
import { functionSteps, parts, steps } from "../../grader/course/steps.ts";
import { headingsOf } from "../../grader/kit/lesson.ts";
import type { KnownMistake } from "../../grader/kit/mistake.ts";
import type { Line } from "../../grader/network/line.ts";
import { lines as makemoreLines } from "../../grader/course/makemore/lines.ts";
import { trainingRun } from "../../grader/course/makemore/run.ts";
import { readNames, shippedNames } from "../../grader/runner/data.ts";
import { projectRoot } from "../../grader/runner/project.ts";
import { dojo, withCopy } from "../copies.ts";
import { hasOwnNumbers } from "./blocks.ts";
import { forwardPass } from "../../grader/course/makemore/network.ts";

const read = (file: string): string => readFileSync(path.join(projectRoot, file), "utf8");
const lessonOf = (part: number): string => read(`exercises/${parts[part as keyof typeof parts]}/README.md`);
/** Without line breaks, so that a sentence can be found. */
const flat = (text: string): string => text.replaceAll(/\s+/g, " ");

/** The operations that a line's expression calls, with numbers instead of tensors where its text has numbers. */
function operationsOf(line: Line): Set<string> {
  const called = new Set<string>();
  const recorder: object = new Proxy(
    {},
    {
      get: (_, name) => {
        if (name === "shape") return [2, 2, 2];
        called.add(String(name));
        // a call gives something to go on with, and so does max's values
        return name === "values" ? recorder : () => recorder;
      },
    },
  );
  const inputs = Object.fromEntries(line.inputs.map((name) => [name, recorder]));
  line.expression(inputs as never);
  // a mean is a sum and a factor; of a negated number the slope is that of a difference's second term
  const pieces: Record<string, string[]> = { mean: ["sum", "mul"], neg: ["sub"], values: [] };
  return new Set([...called].flatMap((name) => pieces[name] ?? [name]));
}

it("part 0's lesson is right that every operation of the forward pass is in one of its steps", () => {
  const warmups = functionSteps.filter(({ part }) => part === 0).flatMap(({ runs }) => runs.flat());
  const taught = new Set(warmups.flatMap((line) => [...operationsOf(line)]));
  const needed = new Set((makemoreLines as readonly Line[]).flatMap((line) => [...operationsOf(line)]));
  expect([...needed].filter((name) => !taught.has(name))).toEqual([]);
  expect([...needed].sort()).toEqual(
    expect.arrayContaining(["exp", "gather", "gatherRows", "log", "max", "pow", "view"]),
  );
  const [introduction] = lessonOf(0).split("\n## ");
  expect(flat(introduction!)).toContain("Each of part 1's 26 gradients is a combination of these");
  expect(flat(introduction!)).toContain("Every operation of the forward pass is in one of them.");
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
    const own = [ask, rule, piece].filter((text) => text !== undefined);
    return [...own, ...known.map(({ look }) => look), ...Object.values(looks)].map((text) => ({ step, text }));
  });

  it("refer to sections of the lesson, or of another page, by titles that exist", () => {
    const named = texts.flatMap(({ step, text }) =>
      [...text.matchAll(/(the lesson's|exercises\/[\w.-]+,) section "([^"]*)"/gi)].map(([, page, title]) => ({
        page: page!.startsWith("exercises/") ? read(page!.slice(0, -1)) : lessonOf(step.part),
        title: title!,
      })),
    );
    expect(named.length).toBeGreaterThan(2);
    for (const { page, title } of named) expect(headingsOf(page).map(({ title }) => title)).toContain(title);
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
