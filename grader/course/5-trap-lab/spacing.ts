import { onesLike, tensor, zerosLike, type Shape, type Tensor } from "#tensor";
import { line } from "../makemore/lines.ts";
import type { Generator } from "../../network/random.ts";
import { build, each } from "../elements.ts";
import { writtenRoom } from "../rooms.ts";
import type { Draw } from "../../kit/row.ts";
import { table } from "../tables.ts";
import { experiment } from "./spacing-experiment.ts";
import { inWords } from "../../network/line.ts";

/** The range of the exponents that are drawn. */
const EXPONENTS = { from: -20, to: 20 };

export const spacing = writtenRoom({
  id: "spacing",
  title: "exact and approximate",
  tensor: "spacing",
  asks: "value",
  given: ["x"],
  inputs: { x: table },
  runs: [
    [
      inWords(
        line("spacing", ["x"], "the distance from |x| to the next larger float32 number", table, ({ x }) =>
          x.each(toNext),
        ),
      ),
    ],
  ],
  draw: { x: drawMagnitudes },
  example: {
    x: [
      [1, 0.75, -3],
      [0.03125, -0.03, 100],
    ],
  },
  // powers of two whose exponent comes out a little too small as Math.log(x) / Math.LN2, and a number just below one
  hostile: {
    x: [
      [2 ** -29, -(2 ** -31), 2 ** 29],
      [2 ** -24, 1 - 2 ** -24, -(2 ** 31)],
    ],
  },

  idea: "Measure a difference in spacings: a few spacings are rounding, thousands are a mistake.",

  hints: {
    ask:
      "The function is elementwise: one number in, one number out. Between which two powers of two is |x|? All " +
      "numbers from the lower one up to the upper one have the same spacing.",
    rule:
      "After its first binary digit a float32 number has 23 more. So from 1 up to 2 the numbers are 2 ** -23 apart; " +
      "from 2 up to 4 twice as far, from 0.5 up to 1 half as far. For any x, find the largest power of two that is " +
      "not above |x|, and multiply the spacing at 1 by it. Below, 100 is between 64 and 128.",
    show: ["x"],
    worked: "spacing[1, 2] = 64 * 2 ** (-23)",
    piece:
      "For each number: drop its sign; find the exponent of the largest power of two that is not above it; raise two " +
      "to the power of that exponent minus 23. Math.log2 gives the exponent with a fraction; round it down, which " +
      "for negative exponents means away from zero. To read the numbers, x.toArray() lists them all; tensor, given a " +
      "list and a shape, makes a tensor of the results.",
  },

  mistakes: [
    {
      id: "relative",
      idea: "epsilon is assumed to be relative to every number",
      sentence:
        "this is epsilon times |x|, which is the spacing at powers of two only: between them the spacing stays the same",
      look: "64 and 100 are between the same two powers of two. Which spacing does your answer give for each of them?",
      answer: ({ x }) => x.each((x) => Math.abs(x) * 2 ** -23),
    },
    {
      id: "relative-signed",
      idea: "epsilon is assumed to be relative, and the sign is kept",
      sentence:
        "this is epsilon times x: between two powers of two the spacing stays the same, and a distance has no sign",
      look:
        "64 and 100 are between the same two powers of two. Which spacing does your answer give for each of them, " +
        "and which for -100?",
      answer: ({ x }) => x.mul(2 ** -23),
    },
    {
      id: "epsilon",
      idea: "the spacing at 1 is used for all numbers",
      sentence: "every value is the spacing at 1: the spacing grows with the number",
      look: "From 1 up to 2 there are 2 ** 23 steps, and from 2 up to 4 there are as many. How large is each of these?",
      answer: ({ x }) => onesLike(x).mul(2 ** -23),
    },
    {
      id: "rounded-up",
      idea: "the exponent is rounded up",
      sentence: "most values are twice what they should be: between two powers of two, the lower one counts",
      look: "100 is between 64 and 128. Which of the two is the value of its leading binary digit?",
      answer: ({ x }) => x.each((x) => 2 ** (Math.ceil(log2(x)) - 23)),
    },
    {
      id: "rounded",
      idea: "the exponent is rounded to the nearest",
      sentence:
        "close to the upper one of two powers of two, the values are twice what they should be: the lower one counts, however close the upper one is",
      look:
        "127 is between 64 and 128, close to the upper one. Its leading binary digit is still worth 64: which way " +
        "should the exponent be rounded?",
      answer: ({ x }) => x.each((x) => 2 ** (Math.round(log2(x)) - 23)),
    },
    {
      id: "cut-off",
      idea: "the exponent is truncated toward zero",
      sentence:
        "below 1 the exponent is negative, and truncating it makes it larger: there, values are twice what they should be",
      look:
        "The binary logarithm of 0.75 is -0.415. Truncated, that is 0; rounded down, it is -1. Which power of two is " +
        "not above 0.75, 1 or 0.5?",
      answer: ({ x }) => x.each((x) => 2 ** (Math.trunc(log2(x)) - 23)),
    },
    {
      id: "log-in-float32",
      idea: "the logarithm is rounded to float32 before it is rounded down",
      sentence:
        "a number slightly below a power of two is treated as that power, or a power as less: its logarithm was rounded to float32, which cannot tell the two apart",
      look:
        "Tensors, and Math.fround, round to float32; JavaScript's own numbers are float64. Take the logarithm of a " +
        "number with Math.log2, and round it down before it goes into a tensor.",
      answer: ({ x }) =>
        x.each((x) => 2 ** (Math.floor(Math.fround(Math.fround(Math.log(Math.abs(x))) / Math.LN2)) - 23)),
    },
    {
      id: "to-smaller",
      idea: "the distance to the next smaller number is computed",
      sentence:
        "at powers of two the values are half of what they should be: there, the next smaller number is closer than the next larger one",
      look:
        "From 1 the next larger number is 2 ** -23 away, the next smaller one half of that. Which of them does the " +
        "task ask for?",
      answer: ({ x }) =>
        x.each((x) => 2 ** (Math.floor(log2(x)) - 23) / (Math.floor(log2(x)) === Math.ceil(log2(x)) ? 2 : 1)),
    },
    {
      id: "bits-miscounted",
      idea: "24 binary digits are assumed to follow the point",
      sentence: "every value is half of what it should be: of the 24 binary digits, one is before the point",
      look: "There are 24 binary digits, written as 1.f: how many of them are after the point?",
      answer: ({ x }) => x.each((x) => 2 ** (Math.floor(log2(x)) - 24)),
    },
    {
      id: "float64",
      idea: "the digits of float64 are used",
      sentence: "this is the spacing of float64, which has 52 binary digits after the point; float32 has 23",
      look:
        "JavaScript's own numbers are float64, and Number.EPSILON is their spacing at 1. How many binary digits does " +
        "float32 have after the point?",
      answer: ({ x }) => x.each((x) => 2 ** (Math.floor(log2(x)) - 52)),
    },
    {
      id: "exponent",
      idea: "the power is left out",
      sentence: "these are the exponents of two: the spacing is two to that power",
      look: "For 1 your answer is -23, and the next larger number is 2 ** -23 away. What is left to do?",
      answer: ({ x }) => x.each((x) => Math.floor(log2(x)) - 23),
    },
    {
      id: "natural-log",
      idea: "the natural logarithm is used",
      sentence:
        "the exponent comes from a logarithm to the wrong base: floating-point numbers are binary fractions times powers of two",
      look: "8 is 2 ** 3. Math.log gives 2.08 for it: which logarithm gives 3?",
      answer: ({ x }) => x.each((x) => 2 ** (Math.floor(Math.log(Math.abs(x))) - 23)),
    },
    {
      id: "log10",
      idea: "the decimal logarithm is used",
      sentence: "the exponent counts decimal digits: floating-point numbers have binary ones",
      look: "8 is 2 ** 3. Math.log10 gives 0.9 for it: which logarithm gives 3?",
      answer: ({ x }) => x.each((x) => 2 ** (Math.floor(Math.log10(Math.abs(x))) - 23)),
    },
    {
      id: "signed",
      idea: "the sign of x is kept",
      sentence: "negative numbers get a negative spacing: a distance has no sign",
      look:
        "Which spacing does your answer give for 3, and which for -3? A distance has no sign; drop the sign of x " +
        "first.",
      answer: ({ x }) => x.each((x) => Math.sign(x) * 2 ** (Math.floor(log2(x)) - 23)),
    },
    {
      id: "not-absolute",
      idea: "the logarithm of a negative number is taken",
      sentence: "negative numbers have no logarithm: the spacing at x is the same as at |x|",
      look: "The logarithm of -3 is NaN. The forward line has |x|, which Math.abs gives.",
      answer: ({ x }) => x.each((x) => 2 ** (Math.floor(Math.log2(x)) - 23)),
    },
  ],

  forms: [
    ({ x }) => build([...x.shape], (i, j) => 2 ** (Math.floor(Math.log2(Math.abs(x.get(i, j)))) - 23)),
    ({ x }) => {
      const values = x.toArray().map((x) => 2 ** -23 * 2 ** Math.floor(Math.log2(Math.abs(x))));
      return tensor(values, x.shape);
    },
    // the next number has the next bits
    ({ x }) =>
      build([...x.shape], (i, j) => {
        const size = Math.abs(x.get(i, j));
        const bits = new Int32Array(Float32Array.of(size).buffer);
        return new Float32Array(Int32Array.of(bits[0]! + 1).buffer)[0]! - size;
      }),
    // the smallest power of two that can be added without rounding
    ({ x }) =>
      build([...x.shape], (i, j) => {
        const size = Math.abs(x.get(i, j));
        let step = 2 ** -60;
        while (Math.fround(size + step) - size !== step) step *= 2;
        return step;
      }),
    // doubled and halved until it lies between 1 and 2
    ({ x }) =>
      build([...x.shape], (i, j) => {
        let [size, spacing] = [Math.abs(x.get(i, j)), 2 ** -23];
        for (; size >= 2; size /= 2) spacing *= 2;
        for (; size < 1; size *= 2) spacing /= 2;
        return spacing;
      }),
    ({ x }) =>
      each(zerosLike(x), (i, j, d) => {
        let [size, step] = [Math.abs(x.get(i, j)), 1];
        while (Math.fround(size + step) > size) step /= 2;
        // half a step is rounded to even, up or down
        while (Math.fround(size + step) - size !== step) step *= 2;
        d.set(i, j, step);
      }),
    ({ x }) =>
      build([...x.shape], (i, j) => {
        const exponent = (new Uint32Array(Float32Array.of(x.get(i, j)).buffer)[0]! >>> 23) & 0xff;
        return 2 ** (exponent - 127 - 23);
      }),
  ],

  experiment,
});

function log2(x: number): number {
  return Math.log2(Math.abs(x));
}

/** The distance from |x| to the next larger float32 number: float32 numbers of one sign are ordered as their bits are. */
function toNext(x: number): number {
  const size = Math.fround(Math.abs(x));
  const next = Float32Array.of(size);
  new Int32Array(next.buffer)[0]! += 1;
  return next[0]! - size;
}

/** Numbers of many magnitudes and both signs; a third are powers of two, a third are slightly below one. */
function drawMagnitudes(
  generator: Generator,
  shape: Shape,
  _: Parameters<Draw>[2],
  arranged: Parameters<Draw>[3],
): Tensor {
  const exponents = generator.randint(EXPONENTS.from, EXPONENTS.to + 1, ...shape).toArray();
  const fractions = generator.rand(...shape).toArray();
  const kinds = generator.randperm(fractions.length);
  const values = fractions.map((fraction, i) => {
    const kind = kinds[i]! % 6;
    const factor = [1, 1 - 2 ** -24, 1 + fraction][kind % 3]!;
    return (kind < 3 ? factor : -factor) * 2 ** exponents[i]!;
  });
  return arranged(tensor(values, shape));
}
