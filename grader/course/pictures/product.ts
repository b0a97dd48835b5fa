import { box, code, LINE, MARGIN, WIDTH, words, type Mark, type Point } from "../../report/picture/marks.ts";
import type { TextTone, Tone } from "../../report/picture/theme.ts";
import type { Extent } from "../../network/shape.ts";
import { taskOf } from "../../kit/derive.ts";
import { shapeOf } from "../../kit/step.ts";
import { dleft } from "../0-warm-ups/dleft.ts";
import { makemore } from "../makemore/network.ts";
import type { LessonPicture } from "./lesson-picture.ts";
import { backwardHeading, forwardHeading } from "./passes.ts";

const step = taskOf(makemore, dleft);
const [{ output, inputs }] = step.runs[0]! as [(typeof step.runs)[number][number]];
const [left, right] = inputs as [string, string];

/** How long the side of a box is, by the name of its size: three lengths that differ. */
const LENGTHS: Readonly<Record<string, number>> = { rows: 72, inner: 58, columns: 86 };
/** What is written above a box or at its left takes this much. */
const LABEL = 17;
/** The space of a sign between two boxes. */
const SIGN = 26;
const PANEL = 150;

/** A matrix as a box: its name, and the sizes of its sides. */
interface Factor {
  readonly name: string;
  readonly shape: readonly [rows: Extent, columns: Extent];
  readonly is: "value" | "gradient";
}

export const productPicture: LessonPicture = {
  name: "product",
  part: 0,
  draw: () => ({
    title:
      "Three matrix products drawn as boxes whose sides are named. In each, the two sides that meet have the same size, " +
      `which disappears: ${products()
        .map(({ result, meeting }) => `${meeting} for ${result.name}`)
        .join(", ")}.`,
    height: products().length * PANEL + 2 * LINE + 14,
    marks: [
      ...products().flatMap((product, i) => drawn(product, i * PANEL)),
      ...["The sides that meet have the same size, and it", "disappears. ᵀ: transposed, so that they meet."].map(
        (text, i) => words([MARGIN, products().length * PANEL + 14 + i * LINE], text),
      ),
    ],
  }),
};

interface Product {
  readonly result: Factor;
  readonly factors: readonly [Factor, Factor];
  /** The size of the sides that meet. */
  readonly meeting: string;
}

/** The product itself, and the gradients of its two factors. */
function products(): Product[] {
  const of = (name: string): Factor => ({ name, shape: sides(shapeOf(step, name)), is: "value" });
  const gradient = (name: string): Factor => ({ ...of(name), name: `d${name}`, is: "gradient" });
  const [a, b, upstream] = [of(left), of(right), gradient(output)];
  return [
    productOf(of(output), a, b),
    productOf(gradient(left), upstream, transposed(b)),
    productOf(gradient(right), transposed(a), upstream),
  ];
}

/** @throws Error if the shapes do not fit */
function productOf(result: Factor, first: Factor, second: Factor): Product {
  const meeting = first.shape[1];
  const fits = meeting === second.shape[0] && result.shape[0] === first.shape[0] && result.shape[1] === second.shape[1];
  if (!fits) throw new Error(`${first.name} and ${second.name} do not make ${result.name}`);
  return { result, factors: [first, second], meeting: String(meeting) };
}

function transposed({ name, shape: [rows, columns], is }: Factor): Factor {
  return { name: `${name}ᵀ`, shape: [columns, rows], is };
}

function sides(shape: readonly Extent[]): readonly [Extent, Extent] {
  return [shape[0]!, shape[1]!];
}

/** One product: the result, = and the two factors, on one middle line. */
function drawn({ result, factors, meeting }: Product, top: number): Mark[] {
  const boxes = [result, ...factors];
  const width = boxes.reduce((sum, { shape }) => sum + LABEL + LENGTHS[shape[1]]!, 0) + SIGN * (boxes.length - 1);
  const heading = result.is === "value" ? forwardHeading : backwardHeading;
  const middle = top + 32 + LABEL + LENGTHS["columns"]! / 2;
  const marks: Mark[] = heading(top + 20, `${result.name} = ${factors.map(({ name }) => name).join(" @ ")}`);
  let x = (WIDTH - width) / 2;
  for (const [i, factor] of boxes.entries()) {
    if (i > 0) {
      marks.push(code([x + SIGN / 2, middle], i === 1 ? "=" : "@", { isBold: true }));
      x += SIGN;
    }
    x += LABEL;
    marks.push(...drawnBox(factor, [x, middle], i === 0 ? undefined : meeting));
    x += LENGTHS[factor.shape[1]]!;
  }
  return marks;
}

/** @param meeting the size whose sides meet another factor's */
function drawnBox(
  { name, shape: [rows, columns], is }: Factor,
  [x, middle]: Point,
  meeting: string | undefined,
): Mark[] {
  const [width, height] = [LENGTHS[columns]!, LENGTHS[rows]!];
  const y = middle - height / 2;
  const tone = (size: Extent): TextTone => (size === meeting ? "shared" : "ink");
  const thick = (size: Extent, at: Point, length: readonly [number, number]): Mark[] =>
    size === meeting ? [box([at[0] - 1.5, at[1] - 1.5], [length[0] + 3, length[1] + 3], { fill: "shared" })] : [];
  const ground: Tone = is === "value" ? "valueGround" : "gradientGround";
  return [
    box([x, y], [width, height], { fill: ground, stroke: is, thickness: 1.25 }),
    ...thick(columns, [x, y], [width, 0]),
    ...thick(rows, [x, y], [0, height]),
    code([x + width / 2, middle], name, { tone: is, isBold: true }),
    code([x + width / 2, y - LABEL / 2 - 1], String(columns), { tone: tone(columns) }),
    code([x - LABEL / 2 - 1, middle], String(rows), { tone: tone(rows), isUpright: true }),
  ];
}
