import { keepdim, oneHot, tensor, type Shape, type Tensor } from "#tensor";
import type { Operations } from "../autograd/operations.ts";
import { inWords, type Line } from "../network/line.ts";
import type { Extent } from "../network/shape.ts";
import { line, lines, type Output } from "./makemore/lines.ts";
import type { Generator } from "../network/random.ts";
import { eachOf, likewise } from "./elementwise.ts";
import type { Draw, Row } from "../kit/row.ts";

const table = ["rows", "columns"] as const;

/** The shapes of what no line of the traps computes, and no line of the model. */
export const trapInputs: Readonly<Record<string, readonly Extent[]>> = {
  predicted: table,
  target: table,
  x: table,
};

/** Errors in `target` stay this far from the edge at 1, so that no rounding takes one to the other side. */
const FROM_EDGE = 0.02;

/** The exponents that numbers of many magnitudes have. */
const EXPONENTS = { from: -20, to: 20 };

/**
 * Part 5, in the order it is worked through. All ask for a value: what a trap costs, or what repairs it. Lines say in
 * words what is asked for.
 */
export const traps = [
  {
    id: "gap",
    tensor: "gap",
    asks: "value",
    given: ["bngain", "bnbias", "bnraw", "dhpreact"],
    runs: [
      [
        modelLine("hpreact"),
        line(
          "mistaken",
          ["hpreact", "dhpreact"],
          "(hpreact * dhpreact).sum(0, keepdim)",
          [1, "hidden"],
          ({ hpreact, dhpreact }) => hpreact.mul(dhpreact).sum(0, keepdim),
        ),
        line(
          "correct",
          ["bnraw", "dhpreact"],
          "(bnraw * dhpreact).sum(0, keepdim)",
          [1, "hidden"],
          ({ bnraw, dhpreact }) => bnraw.mul(dhpreact).sum(0, keepdim),
        ),
        line("gap", ["mistaken", "correct"], "mistaken - correct", [1, "hidden"], ({ mistaken, correct }) =>
          mistaken.sub(correct),
        ),
      ],
    ],
  },
  {
    id: "dpredicted",
    tensor: "dpredicted",
    asks: "value",
    given: ["predicted", "target"],
    before: [
      line("loss", ["predicted", "target"], "0.5 * ((predicted - target) ** 2).sum()", [], ({ predicted, target }) =>
        predicted.sub(target).pow(2).sum().mul(0.5),
      ),
    ],
    runs: [
      [
        inWords(
          line(
            "dpredicted",
            ["predicted", "target"],
            "the gradient of loss by predicted, each entry limited to [-1, 1]",
            table,
            ({ predicted, target }) => eachOf(predicted.sub(target), (error) => Math.min(Math.max(error, -1), 1)),
          ),
        ),
      ],
    ],
    draw: { target: drawTarget },
    example: {
      predicted: [
        [1, 2, 3],
        [4, 5, 6],
      ],
      target: [
        [0.5, 2.25, 7],
        [4.75, -3, 5.125],
      ],
    },
  },
  {
    id: "forgotten",
    tensor: "forgotten",
    asks: "value",
    given: ["dbndiff"],
    before: [modelLine("bnmeani"), modelLine("bndiff")],
    runs: [
      [
        inWords(
          line(
            "forgotten",
            ["dbndiff"],
            "dhprebn - dbndiff, where dhprebn has both branches",
            ["n", "hidden"],
            ({ dbndiff }) =>
              dbndiff
                .sum(0, keepdim)
                .mul(-1 / dbndiff.shape[0]!)
                .expand(...dbndiff.shape),
          ),
        ),
      ],
    ],
  },
  {
    id: "uses",
    tensor: "uses",
    asks: "value",
    given: ["C", "Xb"],
    before: [modelLine("emb")],
    runs: [
      [
        inWords(
          line(
            "uses",
            ["C", "Xb"],
            "for each row of C, how many contributions its row of dC collects",
            ["vocab", 1],
            ({ C, Xb }) => likewise(C, oneHot(Xb.view(-1), C.shape[0]!).sum(0).view(-1, 1)),
          ),
        ),
      ],
    ],
  },
  {
    id: "spacing",
    tensor: "spacing",
    asks: "value",
    given: ["x"],
    runs: [
      [
        inWords(
          line("spacing", ["x"], "the distance from |x| to the next larger float32 number", table, ({ x }) =>
            eachOf(x, toNext),
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
  },
  {
    id: "ratio",
    tensor: "ratio",
    asks: "value",
    given: ["hprebn"],
    runs: [
      [
        modelLine("bnmeani"),
        modelLine("bndiff"),
        modelLine("bndiff2"),
        line("biased", ["bndiff2"], "1/n * bndiff2.sum(0, keepdim)", [1, "hidden"], ({ bndiff2 }) =>
          bndiff2.sum(0, keepdim).mul(1 / bndiff2.shape[0]!),
        ),
        line("unbiased", ["bndiff2"], "1/(n-1) * bndiff2.sum(0, keepdim)", [1, "hidden"], ({ bndiff2 }) =>
          bndiff2.sum(0, keepdim).mul(1 / (bndiff2.shape[0]! - 1)),
        ),
        inWords(
          line(
            "ratio",
            ["biased", "unbiased"],
            "bnraw with unbiased for bnvar, over bnraw with biased for bnvar",
            [1, "hidden"],
            ({ biased, unbiased }) => biased.add(1e-5).div(unbiased.add(1e-5)).pow(0.5),
          ),
        ),
      ],
    ],
  },
  {
    id: "rescaled",
    tensor: "rescaled",
    asks: "value",
    given: ["embcat", "W1"],
    runs: [
      [
        line("wide", ["embcat", "W1"], "embcat @ W1", ["n", "hidden"], ({ embcat, W1 }) => embcat.matmul(W1)),
        inWords(
          line(
            "rescaled",
            ["wide", "W1"],
            "W1, each column divided by the standard deviation (with n-1, over the batch) of its column of wide",
            ["block*embd", "hidden"],
            ({ wide, W1 }) => W1.div(deviation(wide)),
          ),
        ),
      ],
    ],
  },
] as const satisfies readonly Row[];

export type TrapRow = (typeof traps)[number];
export type TrapId = TrapRow["id"];

/** A line of the model. */
function modelLine(output: Output): Line {
  return (lines as readonly Line[]).find((line) => line.output === output)!;
}

/** The standard deviation of each column, with n - 1. */
function deviation<X extends Operations<X>>(x: X): X {
  const n = x.shape[0]!;
  const difference = x.sub(x.sum(0, keepdim).div(n));
  return difference
    .pow(2)
    .sum(0, keepdim)
    .div(n - 1)
    .pow(0.5);
}

/** The distance from |x| to the next larger float32 number: float32 numbers of one sign are ordered as their bits are. */
function toNext(x: number): number {
  const size = Math.fround(Math.abs(x));
  const next = Float32Array.of(size);
  new Int32Array(next.buffer)[0]! += 1;
  return next[0]! - size;
}

/** Targets that are missed by less than 1 and, as often, by more: outliers. Half of the errors of each kind are negative. */
function drawTarget(generator: Generator, shape: Shape, { predicted }: Parameters<Draw>[2]): Tensor {
  const near = generator.rand(...shape).mul(1 - 2 * FROM_EDGE);
  const far = generator
    .randn(...shape)
    .pow(2)
    .mul(2)
    .toArray();
  const kinds = generator.randperm(near.numel());
  const errors = near.toArray().map((size, i) => {
    const kind = kinds[i]! % 4;
    const error = kind < 2 ? FROM_EDGE + size : 1 + FROM_EDGE + far[i]!;
    return kind % 2 === 0 ? error : -error;
  });
  return predicted!.sub(tensor(errors, shape));
}

/** Numbers of many magnitudes and both signs; a third are powers of two, a third lie a hair below one. */
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
