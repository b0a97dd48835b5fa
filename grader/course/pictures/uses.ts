import { Measured } from "../../autograd/measured.ts";
import { differentiateLoss } from "../../network/backward.ts";
import type { Line } from "../../network/line.ts";
import { arrow, BACKWARD } from "../../report/picture/arrow.ts";
import { box, code, MARGIN, numeral, WIDTH, type Mark, type Point } from "../../report/picture/marks.ts";
import { line } from "../makemore/lines.ts";
import { float64 } from "../worked.ts";
import type { LessonPicture } from "./lesson-picture.ts";
import { backwardHeading, forwardHeading } from "./passes.ts";

/** A value that is used three times, twice of them by one line. */
const lines: readonly Line[] = [
  line("square", ["x"], "x * x", [], ({ x }) => x.mul(x)),
  line("product", ["x", "y"], "x * y", [], ({ x, y }) => x.mul(y)),
  line("sum", ["square", "product"], "x * x + x * y", [], ({ square, product }) => square.add(product)),
];
const start = { x: 3, y: 5 };

const BOX: Point = [74, 24];
/** Where each node's middle is. */
const AT: Readonly<Record<string, Point>> = {
  x: [MARGIN + BOX[0] / 2, 112],
  y: [MARGIN + BOX[0] / 2, 222],
  square: [WIDTH / 2 + 6, 112],
  product: [WIDTH / 2 + 6, 222],
  sum: [WIDTH - MARGIN - BOX[0] / 2, 167],
};
const NAMES: Readonly<Record<string, string>> = { square: "x * x", product: "x * y" };
/** How far apart two arrows run that go the same way, and how far from its arrow a number is written. */
const APART = 9;
const BESIDE = 12;

export const usesPicture: LessonPicture = {
  name: "uses",
  part: 6,
  draw: () => {
    const { values, gradients } = worked();
    const parts = { square: [start.x, start.x], product: [start.y, start.x] };
    return {
      title:
        `The graph of x * x + x * y at x = ${start.x} and y = ${start.y}. The sum passes 1 back to each product. ` +
        `x * x passes ${start.x} back to x twice, x * y passes ${start.y} back to x and ${start.x} to y: ` +
        `the gradient of x is ${gradients["x"]}, that of y ${gradients["y"]}.`,
      height: 272,
      marks: [
        ...forwardHeading(20, "above a node: its value"),
        ...backwardHeading(41, "below a node: its gradient"),
        ...back("sum", "square", 1),
        ...back("sum", "product", 1),
        ...back("square", "x", parts.square[0]!, -APART),
        ...back("square", "x", parts.square[1]!, 0, BESIDE),
        ...back("product", "x", parts.product[0]!, APART, 0),
        ...back("product", "y", parts.product[1]!),
        ...Object.keys(AT).flatMap((name) => node(name, values[name]!, gradients[name]!)),
      ],
    };
  },
};

/** Every value and every gradient, in float64. */
function worked(): Record<"values" | "gradients", Readonly<Record<string, number>>> {
  const given = Object.fromEntries(Object.entries(start).map(([name, x]) => [name, float64(x)]));
  const { values, gradients } = differentiateLoss<Measured>({ lines, loss: "sum" }, given, {});
  const first = (all: Readonly<Record<string, Measured>>): Record<string, number> =>
    Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value[0]!]));
  return { values: first(values), gradients: { sum: 1, ...first(gradients) } };
}

/**
 * An arrow from a node back to an input, with what it passes on.
 *
 * @param aside how far below the input's middle it arrives; if the two are level, it leaves as far below the node's
 * @param below how far below the middle of the arrow its number is written; 0 for right of it
 */
function back(from: string, to: string, passed: number, aside = 0, below = -BESIDE): Mark[] {
  const isLevel = AT[from]![1] === AT[to]![1];
  const start: Point = [AT[from]![0] - BOX[0] / 2, AT[from]![1] + (isLevel ? aside : 0)];
  const end: Point = [AT[to]![0] + BOX[0] / 2, AT[to]![1] + aside];
  const right = below === 0 ? BESIDE : 0;
  const at: Point = [(start[0] + end[0]) / 2 + right, (start[1] + end[1]) / 2 + below];
  return [...arrow([start, end], BACKWARD), code(at, numeral(passed), { tone: "gradient" })];
}

function node(name: string, value: number, gradient: number): Mark[] {
  const [x, y] = AT[name]!;
  return [
    box([x - BOX[0] / 2, y - BOX[1] / 2], BOX, { fill: "panel", stroke: "wire" }),
    code([x, y], NAMES[name] ?? name),
    code([x, y - BOX[1] / 2 - 11], numeral(value), { tone: "value", isBold: true }),
    code([x, y + BOX[1] / 2 + 11], numeral(gradient), { tone: "gradient", isBold: true }),
  ];
}
