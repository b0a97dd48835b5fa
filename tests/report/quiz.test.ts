import { describe, expect, it } from "vitest";
import { tensor, type Tensor } from "#tensor";
import type { Measured } from "../../grader/autograd/measured.ts";
import { functionSteps, steps } from "../../grader/course/steps.ts";
import { clipped, stepOf as afterStep } from "../../grader/course/transformer/adamw.ts";
import { makeCase } from "../../grader/kit/case.ts";
import { positionsIn } from "../../grader/kit/dependence.ts";
import { smallInstance } from "../../grader/kit/instance.ts";
import type { Check as Accepts, Truth, Value, ValueRecord } from "../../grader/kit/program.ts";
import type { Question } from "../../grader/kit/question.ts";
import { answerName, upstreamsOf, type FunctionStep, type ProgramStep, type Step } from "../../grader/kit/step.ts";
import { evaluate } from "../../grader/network/backward.ts";
import { Generator } from "../../grader/network/random.ts";
import type { Sizes } from "../../grader/network/shape.ts";
import { short } from "../../grader/report/hint/numbers.ts";
import { questionLines, replyLines } from "../../grader/report/quiz/lines.ts";
import { hasQuestions, questionsOf } from "../../grader/report/quiz/questions.ts";
import { stepOf } from "../trees.ts";

/*
 * The questions are made from the float64 reference. Each right answer is checked here against a correct form of the step
 * instead, run in float32 on another random batch: by a formula that a person wrote, with other numbers and sizes.
 */

type Given = Readonly<Record<string, Tensor>>;

const textOfRight = ({ options, right }: Question): string => options[right]!.text;
const formOf = (step: FunctionStep, given: Given): Tensor => step.forms[0]!(given);
const numbersIn = (value: Tensor): number[] => [...value.toArray()];

/** A batch without zeros among its values, which would hide what depends on what; and its sizes. */
function batchFor(step: FunctionStep): { given: Given; sizes: Sizes } {
  const generator = new Generator(77);
  const { given, sizes } = makeCase(step, step.network.batches.plain(generator), generator);
  const filled = Object.entries(given).map(([name, value]): [string, Tensor] => {
    if (step.roles[name] !== "value") return [name, value];
    return [
      name,
      tensor(
        Array.from(value.toArray(), (x) => (x === 0 ? 1 : x)),
        value.shape,
      ),
    ];
  });
  return { given: Object.fromEntries(filled), sizes };
}

/** For an entry of a given tensor: how the form's answer changes with it. */
function changesWith(step: FunctionStep, given: Given, name: string): (entry: number) => number[] {
  const above = step.asks === "gradient" ? upstreamsOf(step) : [];
  const isUpstream = above.includes(name);
  const silent = Object.fromEntries(above.map((other) => [other, given[other]!.mul(0)]));
  const before = isUpstream ? [] : numbersIn(formOf(step, given));
  return (entry) => {
    const numbers = isUpstream ? numbersIn(silent[name]!) : numbersIn(given[name]!);
    numbers[entry] = isUpstream ? 1 : numbers[entry]! * 1.5 + 1;
    const changed = { ...given, ...(isUpstream && silent), [name]: tensor(numbers, given[name]!.shape) };
    return numbersIn(formOf(step, changed)).map((x, j) => x - (before[j] ?? 0));
  };
}

/** The number that an option's words or names stand for: "the entries of one column (n of them)" are n. */
function countOf(text: string, sizes: Sizes): number {
  if (/^(only the|a single) entry\b/.test(text)) return 1;
  const product = /^(?:all entries|the entries of one (?:column|row)) \((.*) of them\)$/.exec(text)![1]!;
  return product.split(/ ?\* ?/).reduce((all, name) => all * sizes[name]!, 1);
}

function extentsIn(text: string, sizes: Sizes): number[] {
  const inner = text.slice(1, -1);
  if (inner === "") return [];
  return inner
    .split(", ")
    .map((extent) => (extent === "1" ? 1 : extent.split("*").reduce((all, name) => all * sizes[name]!, 1)));
}

/** The tensors that a text names, apart from those in brackets. */
const namesIn = (text: string): string[] => text.replace(/\(or \w+\)/g, "").match(/\b[A-Za-z_]\w*\b/g) ?? [];

type Check = (step: FunctionStep, question: Question) => void;

const generated: Readonly<Record<string, Check>> = {
  shape: (step, question) => {
    const { given, sizes } = batchFor(step);
    const found = formOf(step, given).shape;
    expect(extentsIn(textOfRight(question), sizes)).toEqual(found);
    for (const [i, { text }] of question.options.entries()) {
      if (i !== question.right) expect(text).not.toBe(textOfRight(question));
    }
  },

  entries: (step, question) => {
    const { given, sizes } = batchFor(step);
    const right = countOf(textOfRight(question), sizes);
    const name = Object.keys(given).find((one) => new RegExp(`\\b(of|entry of) ${one} \\[`).test(question.ask))!;
    const change = changesWith(step, given, name);
    const isForward = question.ask.includes("contribute to");
    const answer = formOf(step, given);
    const positions = positionsIn(isForward ? answer.shape : given[name]!.shape);
    const at = Math.floor((isForward ? given[name]! : answer).numel() / 2);
    const belong = isForward
      ? change(at).flatMap((x, j) => (x === 0 ? [] : [positions[j]!]))
      : positions.filter((_, i) => change(i)[at] !== 0);
    expect(belong).toHaveLength(right);
    // in one column, or in one row
    const line = /of one (column|row)$/.exec(textOfRight(question))?.[1];
    if (line) expect(new Set(belong.map((place) => place[line === "column" ? 1 : 0])).size).toBe(1);
    if (textOfRight(question).includes("same position")) expect(positions.indexOf(belong[0]!)).toBe(at);
  },

  sign: (step, question) => {
    const { given } = batchFor(step);
    const [, name] = /^One entry of (\w+) is 1/.exec(question.ask)!;
    const change = changesWith(step, given, name!);
    const signs = new Set(numbersIn(given[name!]!).flatMap((_, i) => change(i).map(Math.sign)));
    const found = signs.has(1) ? (signs.has(-1) ? "either sign" : "plus") : "minus";
    expect(textOfRight(question).startsWith(found)).toBe(true);
  },

  needs: (step, question) => {
    const { given } = batchFor(step);
    const before = numbersIn(formOf(step, given));
    const stated = namesIn(textOfRight(question));
    const outputs = step.runs.flat();
    const computed = new Set(outputs.map(({ output }) => output));
    for (const name of new Set(outputs.flatMap(({ inputs }) => inputs))) {
      if (computed.has(name)) continue;
      // the values in another order and half of the first one, and what is computed from them computed again
      const numbers = numbersIn(given[name]!);
      const isIndex = step.roles[name] === "index";
      const floats = numbers.map((x, i) => (i === 0 ? x / 2 : x)).toReversed();
      const others = isIndex ? numbers.map(() => numbers.at(-1)!) : floats;
      const values: Record<string, Tensor> = {
        ...given,
        [name]: tensor(others, given[name]!.shape, isIndex ? "int32" : undefined),
      };
      for (const line of outputs) values[line.output] = evaluate<Tensor>(line, values);
      const after = numbersIn(formOf(step, Object.fromEntries(step.given.map((one) => [one, values[one]!]))));
      expect(
        after.some((x, i) => Math.abs(x - before[i]!) > 1e-6),
        `${step.id}: ${name}`,
      ).toBe(stated.includes(name));
    }
    for (const name of step.asks === "gradient" ? upstreamsOf(step) : []) expect(stated).toContain(name);
  },

  equal: (step, question) => {
    const answer = formOf(step, batchFor(step).given);
    const [rows, columns] = answer.shape as [number, number];
    const values = numbersIn(answer);
    const isNear = (x: number, y: number): boolean => Math.abs(x - y) <= 1e-5 * Math.abs(x);
    const inColumns = values.every((x, i) => isNear(x, values[i % columns]!));
    const inRows = values.every((x, i) => isNear(x, values[i - (i % columns)]!));
    const found = inColumns && inRows ? "all entries" : inColumns ? "all entries of a column" : "all entries of a row";
    expect(textOfRight(question)).toBe(inColumns || inRows ? found : "none, except by chance");
    if (!inColumns && !inRows) expect(new Set(values).size).toBeGreaterThan((rows * columns) / 2);
  },

  number: (step, question) => {
    const { given, values, answer } = smallInstance(step);
    const found = formOf(step, given);
    const at = /\[([\d, ]+)\]\?$/.exec(question.ask)?.[1]?.split(", ").map(Number) ?? [];
    const place = positionsIn(found.shape).findIndex((one) => String(one) === String(at));
    const scale = Math.max(...numbersIn(found).map(Math.abs));
    expect(Math.abs(Number(textOfRight(question)) - found.toArray()[place]!)).toBeLessThan(0.006 * scale);
    expect(question.ask).toContain(answer);
    const own = (values[answer] as { value: ArrayLike<number> }).value;
    for (const [i, { text, mistake }] of question.options.entries()) {
      if (i === question.right) continue;
      const made = step.mistakes
        .filter(({ sentence }) => sentence === mistake)
        .map((wrong) => wrong.answer(given).toArray()[place]!);
      expect(made.map((x) => short(Math.abs(x) < Number.EPSILON ? 0 : x, own))).toContain(text);
      expect(Math.abs(Number(text) - Number(textOfRight(question)))).toBeGreaterThan(0);
    }
  },
};

const rowOf = (value: Tensor, i: number): number[] =>
  numbersIn(value).slice(i * value.size(1), (i + 1) * value.size(1));
const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);

/** The questions that rooms write, each with what its right answer says. */
const written: Readonly<Record<string, Check>> = {
  "dlogprobs zeros": (step, question) => {
    const { given } = batchFor(step);
    const answer = formOf(step, given);
    for (let i = 0; i < answer.size(0); i++) expect(rowOf(answer, i).filter((x) => x !== 0)).toHaveLength(1);
    expect(textOfRight(question)).toBe("one in each row, so n");
  },
  "dlogprobs sign": (step, question) => {
    expect(numbersIn(formOf(step, batchFor(step).given)).filter((x) => x > 0)).toEqual([]);
    expect(textOfRight(question)).toBe("minus");
  },
  "dlogits entries": (step, question) => {
    const { given } = batchFor(step);
    const changes = changesWith(step, given, "dlogit_maxes")(2);
    const row = rowOf(given["logits"]!, 2);
    expect(changes.flatMap((x, i) => (x === 0 ? [] : [i]))).toEqual([2 * row.length + row.indexOf(Math.max(...row))]);
    expect(textOfRight(question)).toBe("one: in its row, at the largest logit");
  },
  "dC entries": (step, question) => {
    const C = tensor([0, 0, 0, 0], [4, 1]);
    const given = {
      C,
      Xb: tensor([1, 2, 2, 2], [2, 2], "int32"),
      emb: tensor([0, 0, 0, 0], [2, 2, 1]),
      demb: tensor([1, 1, 1, 1], [2, 2, 1]),
    };
    expect(numbersIn(formOf(step, given))).toEqual([0, 1, 3, 0]);
    expect(textOfRight(question)).toBe("one for each time it was read, so 3");
  },
  "dC zeros": (step, question) => {
    const { given } = batchFor(step);
    const answer = formOf(step, given);
    const read = new Set(numbersIn(given["Xb"]!));
    for (let i = 0; i < answer.size(0); i++) expect(rowOf(answer, i).some((x) => x !== 0)).toBe(read.has(i));
    expect(textOfRight(question)).toBe("those of characters that do not occur in Xb");
  },
  "fused-dlogits row-sums": (step, question) => {
    const answer = formOf(step, batchFor(step).given);
    for (let i = 0; i < answer.size(0); i++)
      expect(sum(rowOf(answer, i))).toBeCloseTo(Number(textOfRight(question)), 6);
  },
  "fused-dlogits sign": (step, question) => {
    const { given } = batchFor(step);
    const answer = formOf(step, given);
    for (let i = 0; i < answer.size(0); i++)
      expect(rowOf(answer, i).flatMap((x, j) => (x < 0 ? [j] : []))).toEqual([given["Yb"]!.get(i)]);
    expect(textOfRight(question)).toBe("one in each row, at the label");
  },
  "fused-dhprebn entries": generated["entries"]!,
  "fused-dhprebn sums": (step, question) => {
    const answer = formOf(step, batchFor(step).given);
    const size = Math.max(...numbersIn(answer).map(Math.abs));
    for (const x of numbersIn(answer.sum(0)))
      expect(Math.abs(x - Number(textOfRight(question)))).toBeLessThan(1e-4 * size);
  },
  "normalize divisor": (step, question) => {
    const { given } = batchFor(step);
    const { N } = given as { N: Tensor };
    expect(textOfRight(question)).toBe("[vocab, 1]");
    expect(numbersIn(N.div(N.sum(1).view(-1, 1)))).toEqual(numbersIn(formOf(step, given)));
  },
};

const writtenForTraining: Readonly<Record<string, (question: Question) => void>> = {
  order: (question) => {
    const order = functionSteps.filter(({ part }) => part === 1).map(({ tensor }) => tensor);
    const offered = question.options.map(({ text }) => text);
    expect(offered.toSorted((a, b) => order.indexOf(b) - order.indexOf(a))[0]).toBe(textOfRight(question));
  },
  update: (question) => expect(Number(textOfRight(question))).toBeCloseTo(2 - 0.1 * -3),
  when: (question) => expect(textOfRight(question)).toBe("after all gradients have been computed"),
  fused: (question) => expect(textOfRight(question)).toBe("it is the same, except for rounding"),
  "same-gradient": (question) => {
    let before: Readonly<Record<string, Tensor>> = {
      p: tensor([0]),
      "m.p": tensor([0]),
      "v.p": tensor([0]),
      t: tensor(0),
    };
    let last = before;
    for (let i = 0; i < 200; i++) [last, before] = [before, afterStep(before, { p: tensor([0.5]) }, 0.1, { decay: 0 })];
    expect(Number(textOfRight(question))).toBeCloseTo(last["p"]!.item() - before["p"]!.item(), 3);
  },
  "common-norm": (question) => {
    const after = clipped({ a: tensor([3, 0]), b: tensor([0, -4]) });
    const norms = Object.values(after).map((x) => x.pow(2).sum().sqrt().item().toFixed(1));
    expect(textOfRight(question)).toBe(norms.join(" and "));
  },
  again: (question) => expect(textOfRight(question)).toBe("nothing: each forward pass builds a new one"),
};

/** What a program's reference gives for a question's values. */
function rightFor(id: string, ...given: Value[]): Truth {
  return steps.find((step): step is ProgramStep => step.id === id)!.program.right(given) as Truth;
}

const numbersOf = (truth: Truth): number[] => [...(truth as Measured).value];
/** What a rule gives for one operation on single numbers, or on one row. */
const ruleFor = (id: string, done: ValueRecord): Truth => rightFor(id, done);
const scalar = (x: number): Tensor => tensor(x);

const writtenForPrograms: Readonly<Record<string, (question: Question) => void>> = {
  "unbroadcast dimension": (question) => {
    const gradient = tensor([...Array(12).keys()], [4, 3]);
    expect(numbersOf(rightFor("unbroadcast", gradient, [3]))).toEqual([...gradient.sum(0).toArray()]);
    expect(textOfRight(question)).toBe("dimension 0");
  },
  "unbroadcast unchanged": (question) => {
    const gradient = tensor([...Array(12).keys()], [4, 3]);
    expect(numbersOf(rightFor("unbroadcast", gradient, [4, 3]))).toEqual([...gradient.toArray()]);
    expect(textOfRight(question)).toBe("the gradient as it is");
  },
  "arithmetic quotient": (question) => {
    const done = { name: "div", a: scalar(6), b: scalar(2), output: scalar(3), upstream: scalar(1) };
    const [, db] = ruleFor("arithmetic", done) as readonly Truth[];
    expect(numbersOf(db!)).toEqual([Number(textOfRight(question))]);
  },
  "arithmetic sum": (question) => {
    const done = { name: "add", a: scalar(6), b: scalar(2), output: scalar(8), upstream: scalar(4) };
    for (const part of ruleFor("arithmetic", done) as readonly Truth[]) {
      expect(`${numbersOf(part)[0]} each`).toBe(textOfRight(question));
    }
  },
  "elementwise flat": (question) => {
    const done = { name: "tanh", x: scalar(0), exponent: 1, output: scalar(0), upstream: scalar(1) };
    expect(numbersOf(ruleFor("elementwise", done))).toEqual([Number(textOfRight(question))]);
  },
  "elementwise outputs": (question) => {
    const slopeOf = (name: "exp" | "tanh", x: number): number => {
      const output = scalar(x)[name]();
      return numbersOf(ruleFor("elementwise", { name, x: scalar(x), exponent: 1, output, upstream: scalar(1) }))[0]!;
    };
    expect(slopeOf("exp", 0.5)).toBeCloseTo(Math.exp(0.5), 6);
    expect(slopeOf("tanh", 0.5)).toBeCloseTo(1 - Math.tanh(0.5) ** 2, 6);
    expect(textOfRight(question)).toBe("those of exp and tanh");
  },
  "reduction mean": (question) => {
    const x = tensor([1, 2, 3, 4, 5]);
    const done = { name: "mean", x, dim: 0, keepdim: false, output: scalar(3), upstream: scalar(10) };
    for (const part of numbersOf(ruleFor("reduction", done))) expect(part).toBe(Number(textOfRight(question)));
  },
  "reduction shape": (question) => {
    const [x, upstream] = [tensor([...Array(12).keys()], [3, 4]), tensor([1, 2, 3])];
    const done = { name: "sum", x, dim: 1, keepdim: false, output: x.sum(1), upstream };
    const viewed = upstream.view(...(JSON.parse(textOfRight(question)) as number[]));
    expect(numbersOf(ruleFor("reduction", done))).toEqual([...x.mul(0).add(viewed).toArray()]);
  },
  "matrixProduct upstream": (question) => {
    const output = tensor([...Array(6).keys()], [2, 3]).matmul(tensor([...Array(12).keys()], [3, 4]));
    expect(JSON.stringify(output.shape).replace(",", ", ")).toBe(textOfRight(question));
  },
  "matrixProduct product": (question) => {
    const [a, b] = [tensor([1, 2, 3, 4], [2, 2]), tensor([5, 6, 7, 8], [2, 2])];
    const upstream = tensor([1, -2, 3, 5], [2, 2]);
    const [, db] = ruleFor("matrixProduct", { a, b, output: a.matmul(b), upstream }) as readonly Truth[];
    expect(numbersOf(db!)).toEqual([...a.T.matmul(upstream).toArray()]);
    expect(textOfRight(question)).toBe("a transposed, times upstream");
  },
  "maximum picked": (question) => expectPicked(question, [1, 5, 2], 10),
  "maximum tie": (question) => expectPicked(question, [4, 3, 4], -2),
  "rearrangement twice": (question) => {
    expect(gathered([1, 1], [3, 4])[1]).toBe(Number(textOfRight(question)));
  },
  "rearrangement never": (question) => {
    expect(gathered([1, 1], [3, 4])[0]).toBe(0);
    expect(textOfRight(question)).toBe("zero");
  },
  "topologicalOrder place": (question) => {
    const check = rightFor("topologicalOrder", [[], [0]], [1]) as unknown as Accepts;
    expect([check([[0, 1]]), check([[1, 0]]) === undefined]).toEqual([undefined, false]);
    expect(textOfRight(question)).toBe("at the last");
  },
  "topologicalOrder orders": (question) => {
    const names = ["x", "y", "x * x", "x * y", "sum"];
    const check = rightFor("topologicalOrder", [[], [], [0, 0], [0, 1], [2, 3]], [4]) as unknown as Accepts;
    for (const { text } of question.options) {
      const isRight = check([text.split(", ").map((name) => names.indexOf(name))]) === undefined;
      expect(isRight, text).toBe(text === textOfRight(question));
    }
  },
  "backward times": (question) => {
    const uses = [
      [0, 0],
      [0, 1],
    ]
      .flat()
      .filter((input) => input === 0);
    expect(String(uses.length)).toBe(textOfRight(question));
  },
  "backward when": (question) => {
    expect(textOfRight(question)).toBe("once all nodes that use it have passed on theirs");
  },
};

function expectPicked(question: Question, row: number[], upstream: number): void {
  const x = tensor([row]);
  const { values: output, indices } = x.max(1);
  const done = { x, dim: 1, keepdim: false, output, indices, upstream: tensor([upstream]) };
  expect(`[${numbersOf(ruleFor("maximum", done)).join(", ")}]`).toBe(textOfRight(question));
}

/** The gradient of a column of two entries of which some were looked up. */
function gathered(rows: number[], upstream: number[]): number[] {
  const x = tensor([[1], [2]]);
  const index = tensor(rows, [rows.length], "int32");
  const above = tensor(upstream, [upstream.length, 1]);
  return numbersOf(
    ruleFor("rearrangement", { name: "gatherRows", x, index, output: x.gatherRows(index), upstream: above }),
  );
}

const isWritten = (step: Step, { id }: Question): boolean => step.questions?.some((one) => one.id === id) ?? false;

const asked = new Map(steps.filter(hasQuestions).map((step) => [step, questionsOf(step)]));

describe.each([...asked.keys()].map((step) => ({ id: step.id, step })))("the questions to $id", ({ step }) => {
  const questions = asked.get(step)!;

  it("are two or three, with three or four different answers each, and the same ones each time", () => {
    expect(questions.length).toBeGreaterThanOrEqual(2);
    expect(questions.length).toBeLessThanOrEqual(3);
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    for (const { options, right, why, ask } of questions) {
      expect(options.length).toBeGreaterThanOrEqual(3);
      expect(options.length).toBeLessThanOrEqual(4);
      expect(new Set(options.map(({ text }) => text)).size).toBe(options.length);
      expect(options[right]).toBeDefined();
      expect(ask).toMatch(/\?$/);
      expect(why).toMatch(/[.?]$/);
      expect(`${ask} ${why} ${options.map(({ text }) => text).join()}`).not.toMatch(/undefined|NaN| {2}|from \./);
    }
    expect(questionsOf(step)).toEqual(questions);
  });

  it.each(questions.map((question) => ({ about: question.id, question })))(
    "$about: the right answer is right",
    ({ question }) => {
      if (step.kind === "train") return writtenForTraining[question.id]!(question);
      if (step.kind === "program") return writtenForPrograms[`${step.id} ${question.id}`]!(question);
      const check = isWritten(step, question) ? written[`${step.id} ${question.id}`] : generated[question.id];
      expect(check, "every question needs a check of its own").toBeDefined();
      check!(step, question);
    },
  );
});

describe("the questions of the course", () => {
  const all = [...asked.values()].flat();

  it("cannot be answered by the place, or by the length of the right answer", () => {
    for (const place of [0, 1, 2]) {
      const count = all.filter(({ right }) => right === place).length;
      expect(count / all.length).toBeGreaterThan(0.2);
      expect(count / all.length).toBeLessThan(0.45);
    }
    const longest = all.filter(({ options, right }) =>
      options.every(({ text }) => text.length <= options[right]!.text.length),
    );
    expect(longest.length / all.length).toBeLessThan(0.5);
  });

  it("cannot be answered by their kind: no kind has the same answer at most of its steps", () => {
    for (const kind of ["entries", "sign", "equal"]) {
      const texts = all.filter(({ id }) => id === kind).map(textOfRight);
      const most = Math.max(...texts.map((text) => texts.filter((other) => other === text).length));
      expect(texts.length, kind).toBeGreaterThan(4);
      expect(most / texts.length, kind).toBeLessThan(0.67);
    }
  });

  it("are of every kind", () => {
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set([...Object.keys(generated), ...all.map(({ id }) => id)]));
  });
});

it("no option begins with a number that could be taken for its own", () => {
  for (const [, questions] of asked) {
    for (const { options } of questions) for (const { text } of options) expect(text).not.toMatch(/^\d+:/);
  }
});

describe("what a reply shows", () => {
  it("names the answer that a given tensor does not change, as another tensor may well depend on it", () => {
    const replies = functionSteps.flatMap((step) =>
      (asked.get(step) ?? [])
        .filter(({ id, why }) => id === "needs" && why.includes("Changing"))
        .map(({ why }) => ({ step, why })),
    );
    expect(replies.length).toBeGreaterThan(4);
    for (const { step, why } of replies) expect(why).toContain(` alone does not change ${answerName(step)}.`);
  });

  it("says where a wrong number would be right", () => {
    const dcolumn = stepOf("dcolumn");
    const number = asked.get(dcolumn)!.find(({ id }) => id === "number")!;
    const at = number.options.findIndex(({ elsewhere }) => elsewhere !== undefined);
    const { text, elsewhere } = number.options[at]!;
    const flat = replyLines(number, at, 80).join(" ").replaceAll(/\s+/g, " ");
    expect(flat).toMatch(/what is dcolumn|No: the answer is/);
    expect(flat).toContain(` ${text} is ${elsewhere}. ${text} also comes from a known mistake: `);
  });

  const step = stepOf("dcounts");
  const question = asked.get(step)!.find(({ id }) => id === "number")!;

  it("has the numbers with the question, but not the answer", () => {
    const text = questionLines(step, question, "question 3 of 3", 80).join("\n");
    expect(text).toContain("dprobs [2, 3] = [");
    expect(text).not.toContain("dcounts [2, 3]");
  });

  it("names the mistake behind a wrong number", () => {
    const wrong = question.options.findIndex((_, i) => i !== question.right);
    const { text, mistake, elsewhere } = question.options[wrong]!;
    const place = elsewhere
      ? ` ${text} is ${elsewhere}. ${text} also comes from a known mistake:`
      : ` ${text} comes from a known mistake:`;
    const flat = replyLines(question, wrong, 80).join(" ").replaceAll(/\s+/g, " ");
    expect(flat).toContain(`the answer is ${textOfRight(question)}.${place} ${mistake}.`);
    expect(replyLines(question, question.right, 80).join(" ")).toContain("Right.");
  });
});
