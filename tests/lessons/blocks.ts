import { Measured } from "../../grader/autograd/measured.ts";
import { bodyExample, headExample } from "../../grader/course/examples.ts";
import { functionSteps } from "../../grader/course/steps.ts";
import { stepTask } from "../../grader/kit/stub.ts";
import type { BatchName } from "../../grader/course/makemore/lines.ts";
import { fusedDifference, orderOfSums, tanhSlopes } from "./rounding.ts";
import { computed, draw, float64, gradientOf, waysBack, work, written, type Column, type Worked } from "./worked.ts";
import { type FunctionStep, tensorOf } from "../../grader/kit/step.ts";

// The numbers that the examples start from; everything else in a worked block follows from them. The numbers that a hint
// starts from are in the step's room, where the lesson takes them from.

const head = work(headExample);

/** Products with upstream gradients that are never zero, like those that the grader draws. */
const products = work({
  inputs: {
    counts: [
      [1, 2, 1],
      [3, 1, 4],
    ],
  },
  upstream: {
    dprobs: [
      [2, -1, 4],
      [1, 3, -2],
    ],
  },
});

const maxima = work({
  inputs: {
    logits: [
      [1, 5, 2],
      [4, 0, 3],
    ],
  },
  upstream: {
    dnorm_logits: [
      [1, -2, 4],
      [2, 3, -1],
    ],
  },
});

const linear = work({
  inputs: {
    h: [
      [0.5, -0.5, 0],
      [0.2, 0.1, -0.4],
    ],
    W2: [
      [1, 2, 0, 3],
      [-1, 0, 1, 2],
      [4, 1, -2, 0],
    ],
    b2: [0, 0, 0, 0],
  },
  upstream: {
    dlogits: [
      [2, 0, 0, -1],
      [0, 1, -3, 0],
    ],
  },
});

const squashed = work({
  inputs: {
    hpreact: [
      [0, 0.5, -0.5],
      [0.8, 0.9, 0.99],
    ].map((row) => row.map(Math.atanh)),
  },
  upstream: {
    dh: [
      [2, 4, -4],
      [10, 10, 10],
    ],
  },
});

const body = work(bodyExample);

/** Two variances, of which one is as small as epsilon. */
const epsilon = work({ inputs: { bnvar: [[0.24999, 0.00009]] }, upstream: { dbnvar_inv: [[2, 2]] } });

const pair = work({
  inputs: {
    hprebn: [
      [1, 10],
      [3, 2],
    ],
    bngain: [[2, -1]],
    bnbias: [[0, 0]],
  },
  upstream: {
    dhpreact: [
      [5, 2],
      [-1, 7],
    ],
  },
});

/** A bias with upstream gradients that do not cancel. */
const bias = work({
  inputs: { embcat: [[1], [2]], W1: [[1, 0, 1]], b1: [0, 0, 0] },
  upstream: {
    dhprebn: [
      [1, -2, 4],
      [2, 3, -1],
    ],
  },
});

/** The columns of `body` at the usual starting values: gains of one, biases of zero. */
const fresh: Worked = {
  ...body,
  values: { ...body.values, bngain: float64([[1, 1]]), bnbias: float64([[0, 0]]) },
};

/** Two neurons: one varies, the other is almost constant, so that epsilon is as large as its variance. */
const hardly = work({
  inputs: {
    hprebn: [
      [1, 0.1],
      [3, 0.104],
      [2, 0.098],
    ],
  },
});

/** Two neurons, one with weights that are far too large. */
const saturated = work({ inputs: { ...hintNumbers("rescaled"), b1: [0, 0] } });

const errors = own("dpredicted");
const magnitudes = own("spacing");

const LEARNING_RATE = 0.1;

/** The example that shows an answer's block. */
const exampleOf = new Map<string, Worked>();

/** The worked blocks of the lessons, by the name in `<!-- worked: name -->`. */
export const workedBlocks: Readonly<Record<string, string>> = {
  dlogprobs: answer(head, "dlogprobs", "logprobs", "Yb"),
  dprobs: answer(head, "dprobs", "probs", "dlogprobs"),
  dcounts_sum_inv: answer(head, "dcounts_sum_inv", "counts", "dprobs"),
  "dcounts_sum_inv, another dprobs": answer(products, "dcounts_sum_inv", "counts", "dprobs"),
  dcounts_sum: answer(head, "dcounts_sum", "counts_sum", "dcounts_sum_inv"),
  dcounts: answer(head, "dcounts", "counts_sum_inv", "dprobs", "dcounts_sum"),
  dnorm_logits: answer(head, "dnorm_logits", "counts", "dcounts"),
  dlogit_maxes: answer(maxima, "dlogit_maxes", "dnorm_logits"),
  "dlogit_maxes, in the network": answer(head, "dlogit_maxes", "dnorm_logits"),
  dlogits: answer(maxima, "dlogits", "logits", "dnorm_logits", "dlogit_maxes"),
  "dlogits, in the network": answer(head, "dlogits", "dnorm_logits", "dlogit_maxes"),
  dh: answer(linear, "dh", "W2", "dlogits"),
  dW2: answer(linear, "dW2", "h", "dlogits"),
  db2: answer(linear, "db2", "dlogits"),
  dhpreact: answer(squashed, "dhpreact", "hpreact", "h", "dh"),
  dbngain: answer(body, "dbngain", "bnraw", "dhpreact"),
  dbnbias: answer(body, "dbnbias", "dhpreact"),
  dbnraw: answer(body, "dbnraw", "bngain", "dhpreact"),
  dbnvar_inv: answer(body, "dbnvar_inv", "bndiff", "dbnraw"),
  dbnvar: answer(body, "dbnvar", "bnvar", "dbnvar_inv"),
  "dbnvar, where epsilon matters": answer(epsilon, "dbnvar", "bnvar", "dbnvar_inv"),
  dbndiff2: answer(body, "dbndiff2", "bndiff2", "dbnvar"),
  dbndiff: answer(body, "dbndiff", "bndiff", "bnvar_inv", "dbnraw", "dbndiff2"),
  dbnmeani: answer(body, "dbnmeani", "dbndiff"),
  "dbnmeani, branch by branch": meanByBranches(),
  dhprebn: answer(body, "dhprebn", "dbndiff", "dbnmeani"),
  dembcat: answer(body, "dembcat", "W1", "dhprebn"),
  dW1: answer(body, "dW1", "embcat", "dhprebn"),
  db1: answer(bias, "db1", "dhprebn"),
  "db1, in the network": answer(body, "db1", "dhprebn"),
  demb: answer(body, "demb", "dembcat"),
  dC: answer(body, "dC", "Xb", "demb"),
  "fused-dlogits": answer(head, "fused-dlogits", "logits", "Yb"),
  "fused-dhprebn": answer(body, "fused-dhprebn", "bngain", "bnvar_inv", "bnraw", "dhpreact"),
  "fused-dhprebn, a batch of two": answer(pair, "fused-dhprebn", "bngain", "bnvar_inv", "bnraw", "dhpreact"),
  gap: value(body, "gap", ["bngain", "bnbias", "bnraw", "dhpreact"], ["mistaken", "correct"], ["gap"]),
  "gap, at gain 1 and bias 0": value(fresh, "gap", ["bngain", "bnbias"], ["mistaken", "correct"], ["gap"]),
  dpredicted: clipped(),
  forgotten: value(body, "forgotten", ["dbndiff"], ["forgotten"]),
  uses: value(body, "uses", ["Xb"], ["uses"]),
  "uses, what is left": overwritten(),
  spacing: spacings(),
  "spacing, the order of a sum": orderOfSums(),
  "spacing, part 2's formula": fusedDifference(),
  "spacing, two ways to tanh": tanhSlopes(),
  ratio: value(body, "ratio", ["hprebn"], ["biased", "unbiased"], ["ratio"]),
  "ratio, where epsilon matters": value(hardly, "ratio", ["hprebn"], ["biased", "unbiased"], ["ratio"]),
  rescaled: value(saturated, "rescaled", ["embcat", "W1"], ["wide"], ["rescaled"]),
  "rescaled, the slopes": slopes(),
  update: update(),
  "update, too early": tooEarly(),
};

/** Whether an answer's block has its own numbers, not those of the tiny head or body that most steps share. */
export function hasOwnNumbers(name: string): boolean {
  const example = exampleOf.get(workedBlocks[name] ?? "");
  return example !== undefined && example !== head && example !== body;
}

/** The contents of the comment above a step's function, for `<!-- step: id -->`. */
export function stepBlock(id: string): string {
  return stepTask(stepOf(id)).join("\n");
}

/** The given numbers, the gradient of each branch if there are several, and the gradient. */
function answer(worked: Worked, id: string, ...given: string[]): string {
  const step = stepOf(id);
  const ways = waysBack(step, worked);
  const groups = [given.map((name) => column(worked, name)), ...(ways.length > 1 ? [ways] : [])];
  const block = draw([...groups, [[`d${step.tensor}`, gradientOf(step, worked)]]]);
  exampleOf.set(block, worked);
  return block;
}

/** Groups of numbers: what a step is given, what it computes on the way, and its answer. */
function value(worked: Worked, id: string, ...groups: string[][]): string {
  const all = computed(stepOf(id), worked);
  return draw(
    groups.map((names) =>
      names.map((name): Column => (all[name] ? [name, all[name], writtenInFull] : column(worked, name))),
    ),
  );
}

/** Small numbers should not look like zeros if the text is about epsilon. */
function writtenInFull(x: number): string {
  return Math.abs(x) < 1e-4 && Math.abs(x) > 1e-12 ? x.toExponential(1) : written(x);
}

/**
 * The example whose numbers the small instance of a step's hint starts from, if the lesson works through the same numbers.
 * A test checks that both agree where the lesson computes them.
 */
export const sharedNumbers = { gap: body, forgotten: body, uses: body, ratio: body, rescaled: saturated };

/** The numbers that the small instance of a step's hint starts from, by name. */
export function hintNumbers(id: string): NonNullable<FunctionStep["hints"]["numbers"]> {
  return stepOf(id).hints.numbers!;
}

/** The example of a step with its own lines. */
function own(id: string): Worked {
  return work({ inputs: stepOf(id).example! });
}

/** The clipped gradient, and the gradient of the loss with the error clipped in it, which is the known mistake. */
function clipped(): string {
  const { predicted, target, dpredicted } = computed(stepOf("dpredicted"), errors) as Record<string, Measured>;
  const given = { predicted: predicted!.toTensor(), target: target!.toTensor() };
  const trap = stepOf("dpredicted")
    .mistakes.find(({ id }) => id === "silenced")!
    .answer(given);
  return draw([
    [
      ["predicted", predicted!],
      ["target", target!],
      ["predicted - target", predicted!.sub(target!)],
    ],
    [
      ["dpredicted", dpredicted!],
      ["with the error clipped in the loss", trap],
    ],
  ]);
}

/** dC with = instead of +=, next to the correct one. */
function overwritten(): string {
  const given = { ...body.batch, C: body.values["C"]!.toTensor(), demb: body.gradients["emb"]!.toTensor() };
  const trap = stepOf("dC")
    .mistakes.find(({ id }) => id === "overwritten")!
    .answer(given);
  return draw([
    [column(body, "demb")],
    [
      ["dC", body.gradients["C"]!],
      ["dC with = instead of +=", trap],
    ],
  ]);
}

/** Spacings, with their exponents. */
function spacings(): string {
  const { x, spacing } = computed(stepOf("spacing"), magnitudes) as Record<string, Measured>;
  const exponent = new Measured(spacing!.shape, spacing!.value.map(Math.log2));
  return draw([
    [
      ["x", x!],
      ["spacing", exponent, (x) => `2^${x}`],
      ["in decimals", spacing!, (x) => x.toExponential(2)],
    ],
  ]);
}

/** The slope of tanh before and after a column is rescaled. */
function slopes(): string {
  const { embcat, wide, rescaled } = computed(stepOf("rescaled"), saturated) as Record<string, Measured>;
  const slope = (x: Measured): Measured => x.tanh().pow(2).neg().add(1);
  const narrow = embcat!.matmul(rescaled!);
  return draw([
    [
      ["wide", wide!],
      ["slope of tanh there", slope(wide!)],
    ],
    [
      ["embcat @ rescaled", narrow],
      ["slope of tanh there", slope(narrow)],
    ],
  ]);
}

/** The two branches of dbndiff, and dbnmeani from each alone. */
function meanByBranches(): string {
  const branches = waysBack(stepOf("dbndiff"), body);
  const alone = branches.map(([, bndiff]): Column => {
    const gradients = { ...body.gradients, bndiff: bndiff as Measured };
    return ["dbnmeani of this branch", gradientOf(stepOf("dbnmeani"), { ...body, gradients })];
  });
  return draw([branches.map(([way, part]): Column => [`dbndiff ${way}`, part]), alone]);
}

function updated(): Measured {
  return linear.values["W2"]!.sub(linear.gradients["W2"]!.mul(LEARNING_RATE));
}

function update(): string {
  return draw([[column(linear, "W2"), column(linear, "dW2")], [["W2 after the update", updated()]]]);
}

/** dh from W2, and from a W2 that has already been updated. */
function tooEarly(): string {
  const values = { ...linear.values, W2: updated() };
  return draw([
    [
      ["dh", gradientOf(stepOf("dh"), linear)],
      ["dh from the updated W2", gradientOf(stepOf("dh"), { ...linear, values })],
    ],
  ]);
}

export function column({ values, batch, gradients }: Worked, name: string): Column {
  const found = values[name] ?? batch[name as BatchName] ?? gradients[tensorOf(name)];
  if (found === undefined) throw new Error(`the worked example has no ${name}`);
  return [name, found];
}

function stepOf(id: string): FunctionStep {
  const step = functionSteps.find((step) => step.id === id);
  if (!step) throw new Error(`no step is called ${id}`);
  return step;
}
