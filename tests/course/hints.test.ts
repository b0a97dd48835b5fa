import { readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { tensor, Tensor, zerosLike } from "#tensor";
import { Measured } from "../../grader/autograd/measured.ts";
import { exampleCase } from "../../grader/kit/case.ts";
import { looks } from "../../grader/course/looks.ts";
import { functionSteps, steps, type FunctionStepId } from "../../grader/course/steps.ts";
import { smallInstance } from "../../grader/kit/instance.ts";
import { isLadder, type HintLadder } from "../../grader/kit/hint.ts";
import type { KnownMistake } from "../../grader/kit/mistake.ts";
import { line } from "../../grader/course/makemore/lines.ts";
import { glossary } from "../../grader/commands/glossary.ts";
import { forwardLines } from "../../grader/kit/stub.ts";
import { plainCase } from "../../grader/kit/dependence.ts";
import { signQuestion } from "../../grader/report/quiz/sign.ts";
import { numberLines, workedText } from "../../grader/report/hint/numbers.ts";
import { rungLines } from "../../grader/report/hint/hint.ts";
import { rungsFor, type Rung } from "../../grader/report/hint/piece.ts";
import { solutionsFolder } from "../../grader/runner/project.ts";
import type { StepResult } from "../../grader/verdict/result.ts";
import { casesOf, diagnosisOf } from "../diagnosis/ask.ts";
import { gradeFiles, stepOf } from "../trees.ts";
import { truthOf } from "../../grader/kit/truth.ts";
import { type FunctionStep, type Step, answerName, upstreamsOf } from "../../grader/kit/step.ts";

const textOf = (step: Step, rung: Rung, result?: StepResult, columns?: number): string =>
  stripVTControlCharacters(rungLines(step, rung, { result, columns }).join("\n"));
/** Without line breaks, so that a sentence can be found. */
const flat = (text: string): string => text.replaceAll(/\s+/g, " ");
const squeezed = (text: string): string => text.replaceAll(/\s+/g, "");

/** A result as grading returns it, with a named mistake. */
function failed(step: Step, mistake: StepResult["mistake"], message = "2 of 6 values differ"): StepResult {
  const { id, part, number, file } = step;
  const unknown = {
    tensors: [],
    source: null,
    inChain: null,
    at: null,
    excerpt: null,
    notes: [],
    why: null,
    printed: "",
  };
  return { id, part, number, file, verdict: "wrong", passed: false, message, mistake, milliseconds: 1, ...unknown };
}

/** The text between the markers of a step's solution. */
function solutionBody(step: Step): string {
  const text = readFileSync(path.join(solutionsFolder, step.file), "utf8");
  return /\/\/ solution\n([^]*?)\/\/ end of solution/.exec(text)![1]!;
}

/** Every expression of a text that contains a method call: a.b(c), a.b(c).d(e), ...a.b.c(d). */
function calls(code: string): string[] {
  const text = squeezed(code.replaceAll(/\b(const|return|let)\b/g, ";"));
  return [...text.matchAll(/(?<![\w.])[A-Za-z_]\w*/g)].flatMap(({ index, 0: name }) => {
    const found: string[] = [];
    let end = index + name.length;
    for (;;) {
      const property = /^\.\w+/.exec(text.slice(end))?.[0];
      if (property !== undefined) end += property.length;
      else if (text[end] === "(") {
        end = closing(text, end) + 1;
        const expression = text.slice(index, end);
        if (expression.includes(".")) found.push(expression);
      } else return found;
    }
  });
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "(") depth += 1;
    if (text[i] === ")") depth -= 1;
    if (depth === 0) return i;
  }
  throw new Error(`a bracket is not closed in ${text}`);
}

/** Everything that a hint to a step can say: the three hints, and the third for every mistake of the catalogue. */
function allTexts(step: Step): string[] {
  const known: readonly KnownMistake[] = step.mistakes;
  const looksAt = [...known.map(({ look }) => look), ...Object.values(step.looks)];
  const named = known.map((mistake) => textOf(step, 3, failed(step, mistake)));
  const lines = step.kind === "function" ? forwardLines(step) : [];
  // hints need not keep secret what the comment above the function says
  const hints = rungsFor(step).map((rung) => {
    return lines.reduce((text, line) => text.replace(`${line.output} = ${line.text}`, ""), textOf(step, rung));
  });
  return [...hints, ...named, ...looksAt];
}

describe("the hints to each step", () => {
  it("are three, or one in an exam, each of some length, without leftover braces, and fit in 80 columns and in 40", () => {
    for (const step of steps) {
      const own = rungsFor(step);
      for (const [i, rung] of own.entries()) {
        const text = textOf(step, rung, undefined, 80);
        expect(text).toMatch(new RegExp(`^${step.id}: hint ${i + 1} of ${own.length}, `));
        expect(text.length, `${step.id}, hint ${rung}`).toBeGreaterThan(120);
        expect(text.replace(/\{ loss,\s+gradients \}/, "")).not.toMatch(/[{}]|undefined|NaN/);
        for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
      }
      for (const rung of own.filter((one) => one !== 2)) {
        for (const line of textOf(step, rung, undefined, 40).split("\n")) expect(line.length).toBeLessThanOrEqual(60);
      }
    }
  });

  it("speak calmly", () => {
    for (const step of steps) {
      for (const text of allTexts(step)) expect(text).not.toMatch(/!|\bjust\b|\bsimply\b|\bobviously\b|\beasy\b/i);
    }
  });

  it("name the shapes that are given and the one to return", () => {
    expect(textOf(stepOf("dcounts"), 1)).toMatch(
      /probs = counts \* counts_sum_inv\n +given +counts, probs, dprobs +\[n, vocab\]\n +counts_sum, .*\[n, 1\]\n +return +dcounts +\[n, vocab\]/,
    );
    expect(flat(textOf(stepOf("dbngain"), 1))).toContain("Upstream: dhpreact has n where the answer has 1.");
    expect(textOf(stepOf("train"), 1)).toMatch(/W1 +\[block\*embd, hidden\]/);
    expect(flat(textOf(stepOf("dx"), 1))).toContain("Upstream: du and dv have the answer's shape, [rows, columns].");
    for (const step of functionSteps.filter(({ hints }) => isLadder(hints))) {
      for (const name of step.given) expect(textOf(step, 1)).toMatch(new RegExp(`\\b${name}\\b`));
      expect(textOf(step, 1)).toMatch(new RegExp(`\n +return +${answerName(step)} +\\[`));
    }
  });

  it("name the value if the step asks for one, and leave out the lines that compute it, unless they are in words", () => {
    const normalize = stepOf("normalize") as FunctionStep;
    const text = textOf(normalize, 1);
    expect(text).toMatch(
      /forward +P = N, each row divided by its own sum\n +given +N .*\n +return +P +\[vocab, vocab\]/,
    );
    expect(text).not.toMatch(/\bdP\b|Upstream/);
    const sums = line("total", ["N"], "N.sum(1, keepdim)", ["rows", 1], ({ N }) => N.sum(1, true));
    const quotient = line("P", ["N", "total"], "N / total", ["vocab", "vocab"], ({ N, total }) => N.div(total));
    const shapes = { ...normalize.shapes, total: sums.shape };
    const inCode = textOf({ ...normalize, shapes, runs: [[sums, quotient]] }, 1);
    expect(inCode).not.toMatch(/forward|N\.sum|N \/ total/);
    expect(inCode).toMatch(/\n +given +N +\[vocab, vocab\]\n +between +total +\[rows, 1\]\n +return +P /);
  });

  it("mention no gradient in a mistake if the step asks for a value", () => {
    for (const step of functionSteps.filter(({ asks }) => asks === "value")) {
      const { piece } = step.hints;
      if (step.mistakes.some(({ id }) => id === "sign")) continue;
      const text = flat(textOf(step, 3, failed(step, { id: "sign", sentence: "the sign is flipped" })));
      expect(text).toContain(`the sign is flipped the missing piece: ${piece}`);
    }
  });
});

describe("no hint contains the solution", () => {
  it("the test finds the solution's expressions", () => {
    expect(calls(solutionBody(stepOf("dcounts")))).toEqual([
      "counts_sum_inv.mul(dprobs)",
      "counts_sum_inv.mul(dprobs).add(onesLike(counts).mul(dcounts_sum))",
      "onesLike(counts).mul(dcounts_sum)",
    ]);
    for (const step of steps) expect(calls(solutionBody(step)).length).toBeGreaterThan(0);
  });

  for (const step of steps) {
    it(step.id, () => {
      for (const text of allTexts(step)) {
        for (const expression of calls(solutionBody(step))) expect(squeezed(text)).not.toContain(expression);
        // nor two chained calls, nor an upstream gradient in a formula
        expect(squeezed(text)).not.toMatch(/\)\.\w+\(/);
        const given =
          step.kind === "function" ? step.given.filter((name) => name.startsWith("d")) : ["\\bd[A-Zbh]\\w+"];
        for (const name of given) {
          expect(text).not.toMatch(new RegExp(`[*@/]\\s*${name}\\b(?!\\[)|\\b${name}\\s*[*@/]`));
        }
      }
    });
  }
});

const numbersOf = (value: Measured | Tensor): number[] => [
  ...(value instanceof Tensor ? value.toArray() : value.value),
];

describe("the small numbers", () => {
  it("have the shapes of their tensors, and end at the reference's answer", () => {
    const { values, answer } = smallInstance(stepOf("dcounts"));
    expect(answer).toBe("dcounts");
    // counts_sum_inv is 1/4 and 1/5; local gradient times upstream gradient, plus a copy of the sum's gradient
    const expected = [0.25 * 2 + 0.5, -0.25 + 0.5, 1 + 0.5, -3, 5 / 5 - 3, -2 / 5 - 3];
    for (const [i, x] of numbersOf(values["dcounts"]!).entries()) expect(x).toBeCloseTo(expected[i]!, 6);
  });

  it("are the lesson's if the step has its own example", () => {
    const own = functionSteps.filter(({ example }) => example);
    expect(own.length).toBeGreaterThan(8);
    for (const step of own.filter(({ hints }) => !hints.numbers)) {
      const { values, answer } = smallInstance(step);
      for (const [name, rows] of Object.entries(step.example!))
        expect(numbersOf(values[name]!)).toEqual(([rows].flat(3) as number[]).map(Math.fround));
      expect(answer).toBe(answerName(step));
      expect(numbersOf(values[answer]!)).toEqual(numbersOf(exampleCase(step).truth));
    }
  });

  it("may lead through the model's lines to one that only the step has, and to a single number", () => {
    const { example: _, ...others } = stepOf("normalize") as FunctionStep;
    const runs = [[line("average", ["bnvar"], "the mean over the neurons", [], ({ bnvar }) => bnvar.mean())]];
    const own = { tensor: "average", given: ["bnvar"], runs };
    const bndiff2 = [
      [1, 9],
      [4, 0],
      [1, 9],
    ];
    const { values, answer } = smallInstance({ ...others, ...own, hints: { ...others.hints, numbers: { bndiff2 } } });
    expect(answer).toBe("average");
    expect(numbersOf(values["bnvar"]!)).toEqual([3, 9]);
    expect(numbersOf(values["average"]!)).toEqual([6]);
  });

  it("are zero if they are nothing but rounding, and are shown if all of a tensor is small", () => {
    const values = {
      x: Measured.from(tensor([2e-8, 1, 0])),
      y: Measured.from(tensor([2e-7, 1e-7])),
    };
    expect(
      numberLines(
        { ...(stepOf("da").hints as HintLadder), worked: "", show: ["x"] },
        { values, given: {}, answer: "y" },
        80,
      ),
    ).toEqual(["  x [3] = [0, 1, 0]", "", "  y [2] = [2e-7, 1e-7]"]);
  });

  it("are shown in full if they are short, and with three digits otherwise", () => {
    const values = { x: Measured.from(tensor([5.125, -0.03125, 2 / 3, 1234.5])), y: Measured.from(tensor([2 ** -17])) };
    expect(
      numberLines(
        { ...(stepOf("da").hints as HintLadder), worked: "", show: ["x"] },
        { values, given: {}, answer: "y" },
        80,
      ),
    ).toEqual(["  x [4] = [   5.125, -0.03125,    0.667,   1234.5]", "", "  y [1] = [7.63e-6]"]);
  });

  it("are not in brackets twice, and an entry that is copied is said once", () => {
    const instance = {
      values: { x: Measured.from(tensor([-2, 3])), y: Measured.from(tensor([-2, 3])) },
      given: {},
      answer: "y",
    };
    expect(workedText("y[0] = {x 0} * exp({x 0}) - ({x 0} - 1)", instance)).toBe(
      "y[0] = (-2) * exp(-2) - ((-2) - 1) = -2",
    );
    expect(workedText("y[1] = {x 1}", instance)).toBe("y[1] = 3");
  });

  it("have their shapes next to them, so that a row and a vector look different", () => {
    expect(flat(textOf(stepOf("dbngain"), 2))).toMatch(/\bdbngain \[1, 2\] = \[/);
    expect(flat(textOf(stepOf("db2"), 2))).toMatch(/\bdb2 \[3\] = \[/);
    for (const step of functionSteps.filter(({ hints }) => isLadder(hints))) {
      const { values, answer } = smallInstance(step);
      const { shape } = values[answer]!;
      const start = shape.length === 0 ? `${answer} = ` : `${answer} [${shape.join(", ")}] = [`;
      expect(textOf(step, 2), step.id).toContain(start);
    }
  });

  it("show a task in words as prose, whatever the width", () => {
    const lines = textOf(stepOf("maximum"), 1, undefined, 60).split("\n");
    expect(lines).toContain("  The largest entries along a dimension were found:");
    expect(lines).toContain("    indices: where along dim each maximum is, integers in");
    expect(lines).toContain("      the output's shape; the first one in a tie");
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    const [first] = textOf(stepOf("unbroadcast"), 1, undefined, 80).split("\n\n").slice(1);
    // the comment's lines, which are broken at 120 columns, are joined first
    for (const line of first!.split("\n").slice(0, -1)) expect(line.length).toBeGreaterThan(65);
  });

  it("break a long equation before its equals signs", () => {
    const equation = (columns: number): string[] => {
      const lines = textOf(stepOf("dleft"), 2, undefined, columns).split("\n");
      return lines.slice(lines.lastIndexOf("") + 1);
    };
    expect(equation(80)).toEqual([
      "  dleft[0, 1] = dproduct[0, 0] * right[1, 0] + dproduct[0, 1] * right[1, 1]",
      "              = 1 * 7 + (-1) * 8 = -1",
    ]);
    for (const line of equation(60)) expect(line.length).toBeLessThanOrEqual(60);
  });

  for (const step of steps.filter(({ hints }) => isLadder(hints))) {
    it(`${step.id}: the worked line is true`, () => {
      const lines = textOf(step, 2, undefined, 1000).split("\n");
      const worked = flat(lines.slice(lines.lastIndexOf("") + 1).join(" ")).trim();
      const { values, answer } = smallInstance(step);
      const at = (_: string, name: string, place = "0"): string => {
        const value = values[name]!;
        const i = place.split(", ").reduce((sum, index, dim) => sum * (value.shape[dim] ?? 1) + Number(index), 0);
        return `(${numbersOf(value)[i]})`;
      };
      const sides = worked.split(" = ").map((side) => side.replaceAll(/(?<!\w)([A-Za-z_]\w*)(?:\[([\d, ]+)\])?/g, at));
      expect(sides.length).toBeGreaterThan(1);
      for (const side of sides) expect(side).toMatch(/^[\d\s.()*/+e-]+$/);
      const numbers = sides.map((side) => Function(`return ${side}`)() as number);
      // three digits are shown, even if all of the answer is small
      const unit = Math.min(Math.max(...numbersOf(values[answer]!).map(Math.abs)), 1);
      const size = Math.max(...numbers.map(Math.abs), 1e-3 * unit);
      for (const x of numbers) expect(Math.abs(x - numbers[0]!)).toBeLessThan(0.005 * size + 0.0005 * unit);
    });
  }
});

/** Positions in a tensor, from its first element (0) to its last (1). */
const PLACES = [0, 0.13, 0.29, 0.41, 0.58, 0.66, 0.79, 0.91];

const SIGN = { id: "sign", sentence: "the sign is flipped" };

/** The signs of the local gradients of a step's lines, over random cases: what one element changes, and in which direction. */
function signsOfSlopes(step: FunctionStep): Set<number> {
  const signs = new Set<number>();
  for (const { given } of casesOf(step, 7)) {
    const above = upstreamsOf(step);
    const off = Object.fromEntries(above.map((name) => [name, zerosLike(given[name]!)]));
    // an upstream gradient of a single one, at several positions; if the loss itself is the output, there is none
    const questions = above.flatMap((name) =>
      PLACES.map((place) => {
        const one = off[name]!.toArray();
        one[Math.floor(place * one.length)] = 1;
        return { ...given, ...off, [name]: tensor(one, given[name]!.shape) };
      }),
    );
    for (const question of questions.length > 0 ? questions : [given]) {
      for (const x of numbersOf(truthOf(step, question))) if (x !== 0) signs.add(Math.sign(x));
    }
  }
  return signs;
}

describe("the third hint, or the only one", () => {
  const lastHint = (step: Step): string => `${step.id}: hint ${rungsFor(step).length} of ${rungsFor(step).length}`;

  it("is the piece that the room contains if nothing is known about the answer", () => {
    for (const step of steps) {
      const text = `${lastHint(step)}, the missing piece ${step.hints.piece}`;
      expect(flat(textOf(step, 3))).toBe(text);
      for (const verdict of ["not-started", "missing", "exact"] as const) {
        const result = { ...failed(step, null), verdict, passed: verdict === "exact" };
        expect(flat(textOf(step, 3, result))).toBe(text);
      }
    }
  });

  it("has the mistake that the diagnosis names, what to look at, and the piece, each under its heading", () => {
    for (const step of functionSteps) {
      const { piece } = step.hints;
      for (const mistake of step.mistakes) {
        expect(flat(textOf(step, 3, failed(step, mistake)))).toBe(
          `${lastHint(step)}, what to look at, and the missing piece looks like: ${mistake.sentence} ` +
            `what to look at: ${mistake.look} the missing piece: ${piece}`,
        );
      }
    }
  });

  it("has the piece even without advice: if something was only seen, or if the code throws", () => {
    for (const step of steps) {
      const { piece } = step.hints;
      const seen = failed(step, { id: "seen", sentence: "every value has the right sign", isSeen: true });
      const threw = { ...failed(step, null, "TensorError: no"), verdict: "threw" as const };
      const begin = `${lastHint(step)}, the missing piece`;
      expect(flat(textOf(step, 3, seen))).toBe(
        `${begin} seen: every value has the right sign the missing piece: ${piece}`,
      );
      expect(flat(textOf(step, 3, threw))).toBe(`${begin} threw: TensorError: no the missing piece: ${piece}`);
    }
  });

  it("asks whether the output rises or falls only if there is one answer", () => {
    const asks = "does the output rise or fall?";
    const rising = functionSteps.filter((step) => textOf(step, 3, failed(step, SIGN)).includes(asks));
    expect(rising.length).toBeGreaterThan(10);
    for (const step of rising) expect(signsOfSlopes(step).size, step.id).toBe(1);
  });

  it("says that a product contains no minus sign, and in other cases has a text that the step provides", () => {
    const says = "There is no minus sign in the forward lines of this step";
    for (const step of functionSteps.filter(({ asks }) => asks === "gradient")) {
      const text = flat(textOf(step, 3, failed(step, SIGN)));
      const own = step.mistakes.find(({ id }) => id === SIGN.id)?.look ?? step.looks[SIGN.id];
      if (signsOfSlopes(step).size === 1) expect(text, step.id).not.toContain(says);
      else if (own === undefined || own === looks.sign(step.tensor)) expect(text, step.id).toContain(says);
      if (!text.includes(says)) continue;
      expect(text).toContain(`with respect to ${step.tensor} is`);
      expect(
        forwardLines(step)
          .map(({ text }) => text)
          .join(),
      ).not.toContain("-");
    }
  });

  it("has something to look at for each known mistake, of some length", () => {
    for (const step of steps) {
      const known: readonly KnownMistake[] = step.mistakes;
      for (const { id, look } of known) expect(look.length, `${step.id}: ${id}`).toBeGreaterThan(15);
    }
  });

  it("has something to look at for each finding that is not a known mistake, and each of its ids is found somewhere", () => {
    const found: [id: string, change: (right: Tensor, given: Readonly<Record<string, Tensor>>) => Tensor][] = [
      ["half", (right) => right.mul(0.5)],
      ["double", (right) => right.mul(2)],
      ["sign", (right) => right.neg()],
      ["zero", zerosLike],
      ["times-n", (right) => right.mul(right.size(0))],
      ["over-n", (right) => right.div(right.size(0))],
      ["transposed", (right) => right.T],
      ["reshaped", (right) => right.view(-1)],
      [
        "not-summed",
        (right, { dlogits, W2 }) => (W2 && dlogits ? dlogits.view(dlogits.size(0), 1, -1).mul(W2) : right),
      ],
    ];
    const gradients = functionSteps.filter(({ asks }) => asks === "gradient");
    for (const [id, change] of found) {
      const step = gradients.find(({ id: step, mistakes, forms }) => {
        if (mistakes.some((mistake) => mistake.id === id)) return false;
        return diagnosisOf(step as FunctionStepId, (given) => change(forms[0]!(given), given), 5)?.id === id;
      });
      expect(step, id).toBeDefined();
      expect(step!.looks, id).toHaveProperty(id);
    }
    for (const { id, looks } of gradients)
      expect(Object.keys(looks).sort(), id).toEqual(found.map(([name]) => name).sort());
  });

  it("names the line of an error", () => {
    const result: StepResult = { ...failed(stepOf("da"), null, "TensorError: no"), verdict: "threw" };
    expect(textOf(stepOf("da"), 3, { ...result, at: { line: 16, column: 3 } })).toContain("TensorError: no (line 16)");
  });

  it("follows the answer: another mistake, another hint", () => {
    const step = stepOf("dcounts") as FunctionStep;
    const texts = ["second-branch-missing", "difference", "own-factor"].map((id) => {
      const { answer } = step.mistakes.find((mistake) => mistake.id === id)!;
      const diagnosis = diagnosisOf("dcounts", answer as never, 5);
      expect(diagnosis?.id).toBe(id);
      return flat(textOf(step, 3, failed(step, diagnosis)));
    });
    expect(texts[0]).toMatch(
      /the branch through counts_sum is missing: .*The line of counts_sum: every entry of counts is a term/,
    );
    expect(texts[1]).toMatch(/the two branches are subtracted: .*by how much does it rise along both\?/);
    expect(texts[2]).toMatch(/is multiplied by counts; .*Which tensor is counts multiplied by in the forward line\?/);
  });

  it("addresses both of two mistakes", () => {
    const mistake = {
      id: "keepdim+sign",
      sentence: "two things: first, the sum drops its dimension; second, the sign is flipped",
    };
    expect(flat(textOf(stepOf("dbnmeani"), 3, failed(stepOf("dbnmeani"), mistake)))).toMatch(
      /looks like: two things: first, the sum drops .* what to look at: The second argument of sum .* Let one entry of bnmeani grow a little/,
    );
  });

  it("begins with the error if the code threw, and shows nothing that could steer a terminal", () => {
    const step = stepOf("dprobs");
    const text = rungLines(step, 3, {
      result: { ...failed(step, null, "\u001b[2Jmul: oh \u0007no"), verdict: "threw" },
    }).join("\n");
    expect(stripVTControlCharacters(text)).toContain("threw: mul: oh no");
    for (const control of ["[2J", "\u0007"]) expect(text).not.toContain(control);
  });

  it("of the training loop addresses the parameter that the report names", async () => {
    const right = readFileSync(path.join(solutionsFolder, stepOf("train").file), "utf8");
    const tries: [from: string, to: string, hint: RegExp][] = [
      [".mul(learningRate)", ".mul(-learningRate)", /Check the sign of the step/],
      [".sub_(gradients", ".sub(gradients", /Which operation changes a tensor in place\?/],
      ["const dW1 = embcat.T.matmul(dhprebn)", "const dW1 = embcat.T.matmul(dhprebn).mul(2)", /as in step 23/],
    ];
    for (const [from, to, hint] of tries) {
      expect(right).toContain(from);
      const { train } = await gradeFiles({ train: right.replace(from, to) });
      const text = flat(textOf(stepOf("train"), 3, train));
      expect(text).toMatch(hint);
      expect(text).toContain(`the missing piece: ${stepOf("train").hints.piece}`);
    }
  });
});

describe("the glossary below a hint", () => {
  const known = glossary()!;
  /** What the last lines of a step's hints name. */
  const named = (step: Step, result?: StepResult): string[][] =>
    rungsFor(step).map((rung) => {
      const text = flat(stripVTControlCharacters(rungLines(step, rung, { result, glossary: known }).join("\n")));
      const [, terms] = /exercises\/GLOSSARY\.md explains: (.*)$/.exec(text) ?? [];
      return terms?.trim().split(", ") ?? [];
    });

  it("has the headings of the page as its terms", () => {
    expect(known.terms).toContain("Vector-Jacobian product");
    expect(known.terms).toContain("With respect to");
    expect(known.terms).not.toContain("Terms");
    expect(known.terms).not.toContain("The chain rule");
  });

  it("names each term in the first of the step's hints that uses it, whatever its inflection", () => {
    expect(named(stepOf("dC"))).toEqual([["batch", "upstream gradient"], ["backward pass", "lookup", "scatter"], []]);
    expect(named(stepOf("dh"))[2]).toEqual(["transpose"]);
    // times is no form of tie, and norm_logits no logits
    expect(named(stepOf("dlevels"))[2]).toEqual(["tie"]);
    expect(named(stepOf("dnorm_logits"))).toEqual([[], ["elementwise", "upstream gradient"], []]);
  });

  it("names the terms of what to look at", () => {
    const step = stepOf("dprobs");
    const mistake = step.mistakes.find(({ look }) => look.includes("local gradient"))!;
    expect(named(step)[2]).toEqual([]);
    expect(named(step, failed(step, mistake))[2]).toContain("local gradient");
  });

  it("names no term twice, and none that is not in the hint", () => {
    for (const step of steps) {
      const terms = named(step).flat();
      expect(new Set(terms).size, step.id).toBe(terms.length);
      const { ask, rule, piece } = step.hints;
      for (const term of terms) {
        expect(known.terms.map((one) => one.toLowerCase())).toContain(term);
        expect(`${ask} ${rule} ${piece}`.toLowerCase(), step.id).toContain(term.replace(/e$/, ""));
      }
    }
  });

  it("is left out if there is no such page", () => {
    expect(textOf(stepOf("dC"), 2)).not.toContain("GLOSSARY");
  });
});

it("a flipped sign is asked about only where the answer does not depend on the values", () => {
  const asked = functionSteps.flatMap((step) => {
    const question = signQuestion(step, plainCase(step, 1));
    const look = step.mistakes.find(({ id }) => id === "sign")?.look ?? step.looks["sign"];
    return question !== undefined && look === looks.sign(step.tensor) ? [{ id: step.id, answer: question.answer }] : [];
  });
  expect(asked.length).toBeGreaterThan(20);
  expect(asked.filter(({ answer }) => !answer.endsWith("whatever the values are"))).toEqual([]);
});
