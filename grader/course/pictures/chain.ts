import { arrow } from "../../report/picture/arrow.ts";
import {
  box,
  circle,
  code,
  MARGIN,
  numeral,
  widthOf,
  WIDTH,
  type Mark,
  type Point,
} from "../../report/picture/marks.ts";
import { Measured } from "../../autograd/measured.ts";
import { differentiateLoss } from "../../network/backward.ts";
import type { Line } from "../../network/line.ts";
import type { Named } from "../../network/named.ts";
import { line } from "../makemore/lines.ts";
import { float64 } from "../worked.ts";
import type { LessonPicture } from "./lesson-picture.ts";
import { backwardHeading, forwardHeading } from "./passes.ts";

/** A neuron without its tanh, and a squared error: each line uses the output of the one before it. */
const lines: readonly Line[] = [
  line("p", ["w", "x"], "w * x", [], ({ w, x }) => w.mul(x)),
  line("s", ["p", "b"], "p + b", [], ({ p, b }) => p.add(b)),
  line("e", ["s", "y"], "s - y", [], ({ s, y }) => s.sub(y)),
  line("loss", ["e"], "e ** 2", [], ({ e }) => e.pow(2)),
];
const example = { w: 2, x: 3, b: -1, y: 3 };
const LOSS = "loss";

/** What is written in the circle of a line, by the operator in its text. */
const signs: Readonly<Record<string, string>> = { "*": "×", "+": "+", "-": "−", "**": "x²" };

const RADIUS = 15;
/** The middle of the first circle, and from one circle to the next. */
const FIRST: Point = [98, 122];
const SPACING = 62;
/** How far above and below the first circle its two inputs run, and how far below the others theirs. */
const BESIDE = 40;
const BELOW = 76;
/** How far above and below a wire its two numbers are written. */
const APART = 16;

export const chainPicture: LessonPicture = {
  name: "chain",
  part: 0,
  draw: () => {
    const { values, gradients } = worked();
    const wire = (name: string, points: readonly Point[], at: Point): Mark[] =>
      labelled(name, points, at, values[name]!, gradients[name]!);
    return {
      title: `The chain ${lines.map(({ output, text }) => `${output} = ${text}`).join(", ")}, drawn as a circuit: ${described()}.`,
      height: FIRST[1] + BELOW + APART + 20,
      marks: [
        ...forwardHeading(20, "above a wire: its value"),
        ...backwardHeading(41, "below a wire: the gradient of the loss"),
        ...lines.flatMap((line, i) => [...inputsOf(line, i, wire), ...gate(line, i)]),
        ...wire(LOSS, [rim(lines.length - 1, 0), [WIDTH - MARGIN, FIRST[1]]], [WIDTH - MARGIN - 34, FIRST[1]]),
      ],
    };
  },
};

/** Every value and every gradient, in float64. */
function worked(): { values: Named<number>; gradients: Named<number> } {
  const start = Object.fromEntries(Object.entries(example).map(([name, x]) => [name, float64(x)]));
  const { values, gradients } = differentiateLoss<Measured>({ lines, loss: LOSS }, start, {});
  const first = (all: Named<Measured>): Named<number> =>
    Object.fromEntries(Object.entries(all).map(([name, { value }]) => [name, value[0]!]));
  return { values: first(values), gradients: first(gradients) };
}

function described(): string {
  const { values, gradients } = worked();
  return Object.keys(values)
    .map((name) => `${name} is ${numeral(values[name]!)}, gradient ${numeral(gradients[name]!)}`)
    .join("; ");
}

function middle(i: number): Point {
  return [FIRST[0] + i * SPACING, FIRST[1]];
}

/** The point of a circle in a direction: 0 is right, a quarter turn is down. */
function rim(i: number, turns: number): Point {
  const [x, y] = middle(i);
  const angle = turns * 2 * Math.PI;
  return [x + RADIUS * Math.cos(angle), y + RADIUS * Math.sin(angle)];
}

/** The wires that lead into a circle: from the circle before it, from above and below, or from below alone. */
function inputsOf(
  { inputs }: Line,
  i: number,
  wire: (name: string, points: readonly Point[], at: Point) => Mark[],
): Mark[] {
  const [x, y] = middle(i);
  const [first, second] = inputs;
  if (i === 0) {
    const corner = MARGIN + 40;
    const side = (name: string, up: 1 | -1): Mark[] =>
      wire(
        name,
        [[MARGIN, y - up * BESIDE], [corner, y - up * BESIDE], rim(i, 0.5 + up * 0.1)],
        [MARGIN + 18, y - up * BESIDE],
      );
    return [...side(first!, 1), ...side(second!, -1)];
  }
  const between = [rim(i - 1, 0), rim(i, 0.5)] as const;
  const marks = wire(first!, between, [(between[0][0] + between[1][0]) / 2 - 3, y]);
  if (second === undefined) return marks;
  const level = y + BELOW;
  return [...marks, ...wire(second, [[x - 48, level], [x, level], rim(i, 0.25)], [x - 28, level])];
}

/** A wire with its name in it, its value above and its gradient below. */
function labelled(name: string, points: readonly Point[], [x, y]: Point, value: number, gradient: number): Mark[] {
  const width = widthOf({ text: name, font: "code" }) + 4;
  return [
    ...arrow(points),
    box([x - width / 2, y - 8], [width, 16], { fill: "paper" }),
    code([x, y], name),
    code([x, y - APART], numeral(value), { tone: "value", isBold: true }),
    code([x, y + APART], numeral(gradient), { tone: "gradient", isBold: true }),
  ];
}

function gate({ text }: Line, i: number): Mark[] {
  const operator = text.split(" ")[1]!;
  return [
    circle(middle(i), RADIUS, { fill: "panel", stroke: "wire" }),
    code(middle(i), signs[operator] ?? operator, { isBold: true }),
  ];
}
