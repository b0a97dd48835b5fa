import { oneHot, tensor, zeros, zerosLike, type Tensor } from "#tensor";
import { build } from "../../grader/course/elements.ts";
import { makemore } from "../../grader/course/makemore/network.ts";
import { type FunctionStep, answerExtents, shapeOf } from "../../grader/kit/step.ts";
import type { Extent } from "../../grader/network/shape.ts";

/** A wrong answer that is easy to write in a loop: correct for most inputs, and easy to overlook. */
export interface Slip {
  step: string;
  what: string;
  answer: (given: Given) => Tensor;
}

type Given = Readonly<Record<string, Tensor>>;

/** A change of a tensor's elements by their index along one of its dimensions. */
type Change = (x: number, i: number, extent: number) => number;

/** What a loop along a dimension skips, or counts twice. */
function ofPlaces(
  { one, several }: { one: string; several: string },
  isNeverOdd: boolean,
): Readonly<Record<string, Change>> {
  return {
    [`the first ${one} is left out`]: (x, i) => (i === 0 ? 0 : x),
    [`the last ${one} is left out`]: (x, i, extent) => (i === extent - 1 ? 0 : x),
    ...(!isNeverOdd && {
      [`${several} by twos, an odd one is left`]: (x: number, i: number, extent: number) =>
        extent % 2 === 1 && i === extent - 1 ? 0 : x,
    }),
    [`every second ${one}`]: (x, i) => (i % 2 === 1 ? 0 : x),
    [`the first ${one} is counted twice`]: (x, i) => (i === 0 ? 2 * x : x),
  };
}

/** What an entry along a dimension is called: a row or a column of a matrix. */
function wordsFor(dim: number, dims: number): { one: string; several: string } {
  if (dim === 0) return { one: "row", several: "rows" };
  if (dims === 2) return { one: "column", several: "columns" };
  return { one: `entry along dimension ${dim}`, several: `entries along dimension ${dim}` };
}

/** The lecture's sizes as a loop's bounds, for its own network: rows and columns beyond them are skipped. */
const bounds: Partial<Record<Extent, number>> = {
  n: 32,
  "block*embd": 30,
  embd: 10,
  hidden: 64,
  vocab: 27,
  rows: 32,
  columns: 64,
  inner: 27,
  pages: 27,
  layers: 3,
  slots: 10,
  "layers*slots": 30,
};

/** What a condition or a call does to signs, and to numbers outside -1 to 1. */
const ofSigns: Readonly<Record<string, (x: number) => number>> = {
  "only if it is above 0": (x) => (x > 0 ? x : 0),
  "only if it is below 0": (x) => (x < 0 ? x : 0),
  "its absolute value": Math.abs,
};

const ofSizes: Readonly<Record<string, (x: number) => number>> = {
  "cut to a whole number, 1 for 0 by ||": (x) => Math.trunc(x) || 1,
  "between -1 and 1": (x) => Math.max(-1, Math.min(1, x)),
};

/** Sizes that are never odd: a multiple of four heads, and their number. */
const neverOdd: Readonly<Record<string, readonly Extent[]>> = { transformer: ["embd", "heads"] };

/** Tensors whose elements always have one sign, and those whose elements are between -1 and 1; some in one step alone. */
const oneSigned = [
  "squares: v",
  "direction: v",
  "updated: v",
  "counts",
  "counts_sum",
  "counts_sum_inv",
  "probs",
  "bnvar",
  "bnvar_inv",
  "bndiff2",
  "N",
  "z",
  "exps",
  "nudge",
  "gate",
  "mask",
  "target",
  "temperature",
  "lnvar",
  "lnvar_inv",
  "rms_inv",
  "inv",
  "inv2_0",
  "weights",
  "weights_0",
  "most",
  "learningRate",
  "t",
];
const within = [
  "h",
  "h_0",
  "out",
  "nudge",
  "counts",
  "counts_sum_inv",
  "probs",
  "gate",
  "mask",
  "target",
  "bent",
  "weights",
  "weights_0",
  "learningRate",
];

/** The first query reads itself alone, with a weight of 1 whatever its score is, and no gradient goes back through it. */
const ofFirstQuery: Readonly<Record<string, { tensors: readonly string[]; dim: number }>> = {
  "attention-dmasked": { tensors: ["weights", "dweights", "the answer"], dim: 1 },
  "attention-fused-dQ": { tensors: ["Q", "dout", "the answer"], dim: 1 },
  "attention-fused-dK": { tensors: ["Q", "dout"], dim: 1 },
  "block-dQ": { tensors: ["weights", "dweights", "the answer"], dim: 2 },
  dln1_0: { tensors: ["q_0"], dim: 2 },
};

/** Changes that do not affect the answer: the sign in a square, a factor that cancels, a row that keeps its order. */
const harmless = [
  ...Object.entries(ofFirstQuery).flatMap(([step, { tensors, dim }]) =>
    tensors.flatMap((name) =>
      ["is left out", "is counted twice"].map(
        (what) => `${step}: ${name}: the first entry along dimension ${dim} ${what}`,
      ),
    ),
  ),
  "dpre: out: its absolute value",
  "dhpreact: h: its absolute value",
  "relu-dpre: h: the first row is counted twice",
  "relu-dpre: h: the first column is counted twice",
  "relu-dpre: h: only if it is above 0",
  "relu-dpre: h: its absolute value",
  "gelu-dinner: bent: its absolute value",
  "gelu-dx: x: its absolute value",
  "clipped: g: its absolute value",
  "squares: G: its absolute value",
  "dy_0: h_0: its absolute value",
  // a number of steps
  "direction: t: cut to a whole number, 1 for 0 by ||",
  "updated: t: cut to a whole number, 1 for 0 by ||",
  "spacing: x: its absolute value",
  "normalize: N: the first row is counted twice",
  "rescaled: W1: the first column is counted twice",
  "dlogits: logits: the first row is counted twice",
  "dlevels: levels: the first row is counted twice",
  // the ratio of the two variances is that of n and n - 1, whatever their size, unless they are as small as epsilon
  "ratio: hprebn: between -1 and 1",
];

/** A tensor with its elements changed by their index along a dimension; without one, whatever their index is. */
function changed(x: Tensor, change: Change, dim = 0): Tensor {
  const extent = x.shape[dim] ?? 1;
  const inner = x.shape.slice(dim + 1).reduce((product, other) => product * other, 1);
  return tensor(
    x.toArray().map((value, i) => change(value, Math.floor(i / inner) % extent, extent)),
    x.shape,
  );
}

/** What can be skipped in a tensor of a shape, by what is said of it. */
function changesOfPlaces({ network }: FunctionStep, extents: readonly Extent[]): [string, (x: Tensor) => Tensor][] {
  return extents.flatMap((extent, dim) => {
    if (extent === 1) return [];
    const words = wordsFor(dim, extents.length);
    const bound = network === makemore ? bounds[extent] : undefined;
    const isNeverOdd = neverOdd[network.name]?.includes(extent) ?? false;
    const changes: Readonly<Record<string, Change>> = {
      ...ofPlaces(words, isNeverOdd),
      ...(bound && { [`${bound} ${words.several}`]: (x: number, i: number) => (i < bound ? x : 0) }),
    };
    return Object.entries(changes).map(([what, change]): [string, (x: Tensor) => Tensor] => [
      what,
      (x) => changed(x, change, dim),
    ]);
  });
}

/** The first correct form of a step, with one given tensor or its answer changed by a slip in a loop. */
export function slipsOf(step: FunctionStep, given: Given): Slip[] {
  const form = step.forms[0]!;
  const right = String(form(given).toArray());
  const floats = step.given.filter((name) => given[name]!.dtype === "float32");
  // a tensor that the answer does not depend on leaves nothing to get wrong
  const used = floats.filter((name) => {
    const other = { ...given, [name]: given[name]!.mul(-1.7).add(0.3) };
    return String(form(other).toArray()) !== right;
  });
  const ofGiven = used.flatMap((name) => {
    const ofValues = {
      ...(oneSigned.includes(name) || oneSigned.includes(`${step.id}: ${name}`) ? {} : ofSigns),
      ...(within.includes(name) ? {} : ofSizes),
    };
    const changes = [
      ...changesOfPlaces(step, shapeOf(step, name)),
      ...Object.entries(ofValues).map(([what, of]) => [what, (x: Tensor) => changed(x, of)] as const),
    ];
    return changes.map(([what, change]): Slip => ({
      step: step.id,
      what: `${name}: ${what}`,
      answer: (given) => form({ ...given, [name]: change(given[name]!) }),
    }));
  });
  const ofAnswer = changesOfPlaces(step, answerExtents(step)).map(([what, change]): Slip => ({
    step: step.id,
    what: `the answer: ${what}`,
    answer: (given) => change(form(given)),
  }));
  return [...ofGiven, ...ofAnswer].filter(({ step, what }) => !harmless.includes(`${step}: ${what}`));
}

/** How a hand-written search for a row's maximum goes wrong. */
interface Search {
  from?: number;
  /** How many columns at the end are skipped. */
  short?: number;
  /** The initial running maximum; by default, the first element of the search. */
  start?: number;
  read?: (x: number) => number;
  isBetter?: (x: number, best: number) => boolean;
  /** What is not reset from row to row. */
  keeps?: "maximum" | "index" | "both";
}

function placesOfMaxima(logits: Tensor, search: Search): number[] {
  const { from = 0, short = 0, start, read = (x) => x, isBetter = (x, best) => x > best, keeps } = search;
  const [n, vocab] = logits.shape as [number, number];
  let best = start ?? read(logits.get(0, from));
  let at = from;
  return Array.from({ length: n }, (_, i) => {
    if (keeps !== "maximum" && keeps !== "both") best = start ?? read(logits.get(i, from));
    if (keeps !== "index" && keeps !== "both") at = start === undefined ? from : 0;
    for (let j = from; j < vocab - short; j++) {
      const x = read(logits.get(i, j));
      if (isBetter(x, best)) [best, at] = [x, j];
    }
    return at;
  });
}

const searches: Readonly<Record<string, Search>> = {
  "the search starts at column 1": { from: 1 },
  "the search starts at column 2": { from: 2 },
  "the search stops before the last column": { short: 1 },
  "the search stops before the last two": { short: 2 },
  "the running maximum starts at 0": { start: 0 },
  "the running maximum starts at Number.MIN_VALUE": { start: Number.MIN_VALUE },
  "the running maximum starts at Number.EPSILON": { start: Number.EPSILON },
  "the running maximum starts at -1": { start: -1 },
  "the running maximum starts at 1": { start: 1 },
  "the running maximum starts at -10": { start: -10 },
  "the running maximum starts at -99": { start: -99 },
  "the running maximum starts at -100": { start: -100 },
  "the running maximum is kept from row to row": { keeps: "maximum" },
  "the running maximum is kept, from -Infinity": { keeps: "maximum", start: -Infinity },
  "the index is kept from row to row": { keeps: "index" },
  "both are kept from row to row": { keeps: "both" },
  "absolute values": { read: Math.abs },
  squares: { read: (x) => x * x },
  "whole numbers, the first of equals": { read: Math.round },
  "whole numbers, the last of equals": { read: Math.round, isBetter: (x, best) => x >= best },
  "cut to whole numbers": { read: Math.trunc },
  "two decimals": { read: (x) => Number(x.toFixed(2)) },
  "two decimals, the last of equals": { read: (x) => Number(x.toFixed(2)), isBetter: (x, best) => x >= best },
  "three decimals, the last of equals": { read: (x) => Number(x.toFixed(3)), isBetter: (x, best) => x >= best },
  "better by a thousandth": { isBetter: (x, best) => x > best + 1e-3 },
  "better, or worse by less than a thousandth": { isBetter: (x, best) => x > best - 1e-3 },
  "compared as text": { isBetter: (x, best) => String(x) > String(best) },
  "the smallest": { isBetter: (x, best) => x < best },
  "what is not above 0 counts as 0": { read: (x) => (x > 0 ? x : 0) },
};

const ofMaxima: Slip[] = [
  ...Object.entries(searches).map(([what, search]): [string, (given: Given) => number[]] => [
    what,
    ({ logits }) => placesOfMaxima(logits!, search),
  ]),
  ...([
    ["the label where it is not 0", ({ logits, Yb }) => placesOfMaxima(logits!, {}).map((k, i) => Yb!.get(i) || k)],
    ["the last column for column 0, by ||", ({ logits }) => ended(logits!)],
    ["the first row's for all", ({ logits }) => placesOfMaxima(logits!, {}).map((_, _i, all) => all[0]!)],
    ["the row before's", ({ logits }) => placesOfMaxima(logits!, {}).map((k, i, all) => all[i - 1] ?? k)],
    ["sorted as text", ({ logits }) => rows(logits!).map((row) => row.indexOf(Number(row.map(String).sort().at(-1))))],
    ["where dnorm_logits is largest", ({ dnorm_logits }) => placesOfMaxima(dnorm_logits!, {})],
    ["where dnorm_logits is smallest", ({ dnorm_logits }) => placesOfMaxima(dnorm_logits!, searches["the smallest"]!)],
  ] as [string, (given: Given) => number[]][]),
].map(([what, places]) => ({
  step: "dlogits",
  what,
  answer: (given) => addedAt(given, places(given)),
}));

function ended(logits: Tensor): number[] {
  return placesOfMaxima(logits, {}).map((k) => k || logits.size(1) - 1);
}

function rows(x: Tensor): number[][] {
  const columns = x.size(1);
  return Array.from({ length: x.size(0) }, (_, i) => Array.from({ length: columns }, (_, j) => x.get(i, j)));
}

function addedAt({ dnorm_logits, dlogit_maxes }: Given, places: readonly number[]): Tensor {
  const d = dnorm_logits!.clone();
  for (const [i, k] of places.entries()) d.set(i, k, d.get(i, k) + dlogit_maxes!.get(i, 0));
  return d;
}

/** The rows in which the second branch of dlogits is added, by what a loop or a condition lets through. */
const guards: Readonly<Record<string, (i: number, k: number, given: Given) => boolean>> = {
  "not in the first row": (i) => i > 0,
  "not in the last row": (i, _, { logits }) => i < logits!.size(0) - 1,
  "not in column 0, by if (k)": (_, k) => k !== 0,
  "not in the last column": (_, k, { logits }) => k < logits!.size(1) - 1,
  "not at the label": (i, k, { Yb }) => Yb!.get(i) !== k,
  "only at the label": (i, k, { Yb }) => Yb!.get(i) === k,
  "only if the maximum is above 0": (i, k, { logits }) => logits!.get(i, k) > 0,
  "only if its gradient is above 0": (i, _, { dlogit_maxes }) => dlogit_maxes!.get(i, 0) > 0,
  "once for each column": (i, k, { logits }) => placesOfMaxima(logits!, {}).indexOf(k) === i,
};

const ofGuards = Object.entries(guards).map(([what, holds]): Slip => ({
  step: "dlogits",
  what,
  answer: (given) => {
    const d = given["dnorm_logits"]!.clone();
    for (const [i, k] of placesOfMaxima(given["logits"]!, {}).entries()) {
      if (holds(i, k, given)) d.set(i, k, d.get(i, k) + given["dlogit_maxes"]!.get(i, 0));
    }
    return d;
  },
}));

/** Every position that is almost the maximum gets the gradient. */
const ofTolerances = [1e-3, 1e-4].map((tolerance): Slip => ({
  step: "dlogits",
  what: `wherever the maximum is as near as ${tolerance}`,
  answer: ({ norm_logits, dnorm_logits, dlogit_maxes }) =>
    build([...dnorm_logits!.shape], (i, j) => {
      const x = dnorm_logits!.get(i, j);
      return Math.abs(norm_logits!.get(i, j)) < tolerance ? x + dlogit_maxes!.get(i, 0) : x;
    }),
}));

/** What a loop over the examples assigns to a label in dlogprobs. */
const labelled: Readonly<
  Record<string, (label: number, i: number, labels: readonly number[], vocab: number) => number>
> = {
  "label 0 is left out, by if (Yb)": (label) => (label ? 1 : 0),
  "the last label is left out": (label, _, _labels, vocab) => (label < vocab - 1 ? 1 : 0),
  "the first of equal labels alone": (label, i, labels) => (labels.indexOf(label) === i ? 1 : 0),
  "the last of equal labels alone": (label, i, labels) => (labels.lastIndexOf(label) === i ? 1 : 0),
  "as often as the label stands in the batch": (label, _, labels) => labels.filter((l) => l === label).length,
  "divided by the number of different labels": (_, _i, labels) => labels.length / new Set(labels).size,
  "nothing after a label that was seen": (_, i, labels) => (new Set(labels.slice(0, i + 1)).size === i + 1 ? 1 : 0),
  "only where the label is not the one before": (label, i, labels) => (labels[i - 1] === label ? 0 : 1),
  "only where the label is above the one before": (label, i, labels) => (label > (labels[i - 1] ?? -1) ? 1 : 0),
  "the first example is left out": (_, i) => (i === 0 ? 0 : 1),
  "the last example is left out": (_, i, labels) => (i === labels.length - 1 ? 0 : 1),
  "labels below 27": (label) => (label < 27 ? 1 : 0),
};

const ofLabels = Object.entries(labelled).flatMap(([what, factor]): Slip[] => {
  const factors = ({ Yb }: Given, vocab: number): number[] => {
    const labels = [...Yb!.toArray()];
    return labels.map((label, i) => factor(label, i, labels, vocab));
  };
  return [
    {
      step: "dlogprobs",
      what,
      answer: (given) => {
        const { logprobs, Yb } = given as { logprobs: Tensor; Yb: Tensor };
        const d = zerosLike(logprobs);
        for (const [i, f] of factors(given, logprobs.size(1)).entries()) d.set(i, Yb.get(i), -f / Yb.size(0));
        return d;
      },
    },
    {
      step: "fused-dlogits",
      what: `the label's 1: ${what}`,
      answer: (given) => {
        const { logits, Yb } = given as { logits: Tensor; Yb: Tensor };
        const p = logits.softmax(1);
        for (const [i, f] of factors(given, logits.size(1)).entries()) {
          p.set(i, Yb.get(i), p.get(i, Yb.get(i)) - f);
        }
        return p.div(p.size(0));
      },
    },
  ];
});

/** Softmax by hand, with something subtracted that is not near the maximum, or with terms missing from the sum. */
const softmaxes: Readonly<Record<string, (row: readonly number[]) => readonly number[]>> = {
  "the running maximum starts at 0": (row) => softmax(row, Math.max(0, ...row)),
  "the running maximum starts at Number.MIN_VALUE": (row) => softmax(row, Math.max(Number.MIN_VALUE, ...row)),
  "the running maximum starts at -1": (row) => softmax(row, Math.max(-1, ...row)),
  "the largest absolute value is subtracted": (row) => softmax(row, Math.max(...row.map(Math.abs))),
  "nothing is subtracted": (row) => softmax(row, 0),
  "the sum starts at column 1": (row) => softmax(row, Math.max(...row), (_, j) => j > 0),
  "the sum stops before the last column": (row) => softmax(row, Math.max(...row), (_, j) => j < row.length - 1),
  "the sum leaves the maximum out": (row) => softmax(row, Math.max(...row), (x) => x < Math.max(...row)),
  "only logits above 0": (row) => softmax(row, Math.max(...row), (x) => x > 0),
  "only logits below 0": (row) => softmax(row, Math.max(...row), (x) => x < 0),
};

/** In float32, rounded as a tensor's operations round: what overflows or underflows there is lost. */
function softmax(
  row: readonly number[],
  shift: number,
  isCounted: (x: number, j: number) => boolean = () => true,
): readonly number[] {
  const counts = row.map((x) => Math.fround(Math.exp(x - shift)));
  const sum = counts.reduce((sum, count, j) => sum + (isCounted(row[j]!, j) ? count : 0), 0);
  return counts.map((count) => count / sum);
}

const ofSoftmax = Object.entries(softmaxes).map(([what, probabilities]): Slip => ({
  step: "fused-dlogits",
  what,
  answer: ({ logits, Yb }) =>
    tensor(rows(logits!).flatMap(probabilities), logits!.shape)
      .sub(oneHot(Yb!, logits!.size(1)))
      .div(logits!.size(0)),
}));

/** An entry of Xb: its example, its position and its character, and all contexts. */
interface Place {
  i: number;
  j: number;
  character: number;
  contexts: readonly (readonly number[])[];
  vocab: number;
}

/** How often the gradient at an entry of Xb is added to its character's row. */
const added: Readonly<Record<string, (place: Place) => number>> = {
  "the first example is left out": ({ i }) => (i === 0 ? 0 : 1),
  "the last example is left out": ({ i, contexts }) => (i === contexts.length - 1 ? 0 : 1),
  "the first position is left out": ({ j }) => (j === 0 ? 0 : 1),
  "the last position is left out": ({ j, contexts }) => (j === contexts[0]!.length - 1 ? 0 : 1),
  "the very first place is left out": ({ i, j }) => (i === 0 && j === 0 ? 0 : 1),
  "the very last place is left out": ({ i, j, contexts }) =>
    i === contexts.length - 1 && j === contexts[0]!.length - 1 ? 0 : 1,
  "character 0 is left out, by if (Xb)": ({ character }) => (character ? 1 : 0),
  "the last character is left out": ({ character, vocab }) => (character < vocab - 1 ? 1 : 0),
  "characters below 27": ({ character }) => (character < 27 ? 1 : 0),
  "3 positions": ({ j }) => (j < 3 ? 1 : 0),
  "32 examples": ({ i }) => (i < 32 ? 1 : 0),
  "the first of a context alone, by indexOf": ({ i, j, character, contexts }) =>
    contexts[i]!.indexOf(character) === j ? 1 : 0,
  "the last of a context alone": ({ i, j, character, contexts }) => (contexts[i]!.lastIndexOf(character) === j ? 1 : 0),
  "the first of the batch alone": ({ i, j, character, contexts }) =>
    contexts.flat().indexOf(character) === i * contexts[0]!.length + j ? 1 : 0,
  "the last of the batch alone, by = for +=": ({ i, j, character, contexts }) =>
    contexts.flat().lastIndexOf(character) === i * contexts[0]!.length + j ? 1 : 0,
  "the last context alone that has it": ({ i, character, contexts }) =>
    contexts.slice(i + 1).some((context) => context.includes(character)) ? 0 : 1,
  "the first context alone that has it": ({ i, character, contexts }) =>
    contexts.slice(0, i).some((context) => context.includes(character)) ? 0 : 1,
  "not after a neighbour of the same character": ({ i, j, character, contexts }) =>
    contexts[i]![j - 1] === character ? 0 : 1,
  "not after a context that is the same": ({ i, contexts }) =>
    contexts.slice(0, i).some((context) => String(context) === String(contexts[i])) ? 0 : 1,
  "not in a context of one character": ({ i, contexts }) => (new Set(contexts[i]).size === 1 ? 0 : 1),
  "only characters that occur more than once": ({ character, contexts }) =>
    contexts.flat().filter((other) => other === character).length > 1 ? 1 : 0,
  "divided by how often the character occurs": ({ character, contexts }) =>
    1 / contexts.flat().filter((other) => other === character).length,
  "once for each position of a context": ({ i, j, character, contexts }) =>
    contexts.slice(0, i).some((context) => context[j] === character) ? 0 : 1,
};

const ofCharacters = Object.entries(added).flatMap(([what, times]): Slip[] => {
  const scatter = (out: Tensor, Xb: Tensor, add: (i: number, j: number, k: number) => number): Tensor => {
    const contexts = rows(Xb);
    for (const [i, context] of contexts.entries()) {
      for (const [j, character] of context.entries()) {
        const factor = times({ i, j, character, contexts, vocab: out.size(0) });
        for (let k = 0; k < out.size(1); k++) out.set(character, k, out.get(character, k) + factor * add(i, j, k));
      }
    }
    return out;
  };
  return [
    { step: "dC", what, answer: ({ C, Xb, demb }) => scatter(zerosLike(C!), Xb!, (i, j, k) => demb!.get(i, j, k)) },
    { step: "uses", what, answer: ({ C, Xb }) => scatter(zeros(C!.size(0), 1), Xb!, () => 1) },
  ];
});

/** Turns counts into probabilities, by a function of a row. */
const divided: Readonly<Record<string, (row: readonly number[]) => readonly number[]>> = {
  "0 counts as 1, by ||": (row) => row.map((x) => (x || 1) / total(row.map((x) => x || 1))),
  "0 counts as 1 in the sum": (row) => row.map((x) => x / total(row.map((x) => x || 1))),
  "one is added to each": (row) => row.map((x) => (x + 1) / total(row.map((x) => x + 1))),
  "the sum starts at column 1": (row) => row.map((x) => x / total(row.slice(1))),
  "the sum stops before the last column": (row) => row.map((x) => x / total(row.slice(0, -1))),
  "the sum starts at the first number, and counts it again": (row) => row.map((x) => x / (row[0]! + total(row))),
  "the sum ends at the first 0": (row) => row.map((x) => x / total(row.slice(0, row.indexOf(0)))),
  "counts above 1": (row) => row.map((x) => (x > 1 ? x : 0) / total(row)),
  "the largest gets 1": (row) => row.map((x) => (x === Math.max(...row) ? 1 : 0)),
  "a row with one count is left out": (row) =>
    row.filter((x) => x > 0).length === 1 ? row.map(() => 0) : row.map((x) => x / total(row)),
};

function total(row: readonly number[]): number {
  return row.reduce((sum, x) => sum + x, 0);
}

const ofCounts = Object.entries(divided).map(([what, probabilities]): Slip => ({
  step: "normalize",
  what,
  answer: ({ N }) => tensor(rows(N!).flatMap(probabilities), N!.shape),
}));

/** The slips that are written out, for steps whose loops depend on the values of the elements. */
export const writtenSlips: readonly Slip[] = [
  ...ofMaxima,
  ...ofGuards,
  ...ofTolerances,
  ...ofLabels,
  ...ofSoftmax,
  ...ofCharacters,
  ...ofCounts,
];
