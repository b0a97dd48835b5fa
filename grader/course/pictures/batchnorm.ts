import { rowsOf } from "../../report/picture/matrix.ts";
import {
  box,
  circle,
  code,
  line,
  MARGIN,
  numeral,
  WIDTH,
  widthOf,
  words,
  type Mark,
  type Point,
} from "../../report/picture/marks.ts";
import { mean } from "../../report/statistics.ts";
import { bodyExample } from "../examples.ts";
import { work } from "../worked.ts";
import { once } from "../../network/once.ts";
import type { LessonPicture } from "./lesson-picture.ts";

/** The neuron whose column is drawn: the one with the larger variance. */
const NEURON = 1;

/** The tensors that the column becomes, with what is done to each to get the next one. */
const stages = once(() => {
  const { values } = work(bodyExample);
  return [
    { name: "hprebn", next: "subtract the mean" },
    { name: "bndiff", next: "divide by the std" },
    { name: "bnraw", next: "gain and bias" },
    { name: "hpreact" },
  ].map((stage) => ({ ...stage, numbers: rowsOf(values[stage.name]!).map((row) => row[NEURON]!) }));
});

/** The whole numbers around all stages' numbers. */
const range = once(() => {
  const all = stages().flatMap(({ numbers }) => numbers);
  return { least: Math.floor(Math.min(...all)), most: Math.ceil(Math.max(...all)) };
});

const LEFT = 168;
const RIGHT = WIDTH - MARGIN - 12;
const FIRST = 36;
const PITCH = 82;
const RADIUS = 9;

export const batchnormPicture: LessonPicture = {
  name: "batchnorm",
  part: 1,
  draw: () => ({
    title:
      "One column of a batch of three on four number lines: " +
      `${stages()
        .map(
          ({ name, numbers }) =>
            `${name} ${numbers.map(numeral).join(", ")}, with mean ${numeral(mean(numbers))} and standard deviation ${numeral(deviation(numbers))}`,
        )
        .join("; ")}.`,
    height: FIRST + (stages().length - 1) * PITCH + 82,
    marks: [
      ...stages()
        .slice(1)
        .flatMap(({ numbers }, i) => numbers.map((x, row) => way(i, stages()[i]!.numbers[row]!, x))),
      ...stages().flatMap((stage, i) => strip(stage, i)),
      words([MARGIN, FIRST + (stages().length - 1) * PITCH + 62], "circles: rows 0 to 2; band: mean ± std"),
    ],
  }),
};

/** The root of the variance with Bessel's correction. */
function deviation(numbers: readonly number[]): number {
  const middle = mean(numbers);
  return Math.sqrt(numbers.reduce((sum, x) => sum + (x - middle) ** 2, 0) / (numbers.length - 1));
}

function at(x: number, i: number): Point {
  const { least, most } = range();
  return [LEFT + ((x - least) / (most - least)) * (RIGHT - LEFT), FIRST + i * PITCH];
}

/** From a number on one line to the same row's number on the next line. */
function way(i: number, from: number, to: number): Mark {
  return line([at(from, i), at(to, i + 1)], { stroke: "rule", thickness: 1.5 });
}

/** A number line: the band from mean - deviation to mean + deviation, and a numbered circle for each row. */
function strip(
  { name, numbers, next }: { name: string; numbers: readonly number[]; next?: string },
  i: number,
): Mark[] {
  const [middle, spread] = [mean(numbers), deviation(numbers)];
  const [low, y] = at(middle - spread, i);
  const [high] = at(middle + spread, i);
  const [centre] = at(middle, i);
  return [
    box([low, y - 15], [high - low, 30], { fill: "sharedGround", stroke: "shared", thickness: 1, radius: 3 }),
    line(
      [
        [centre, y - 15],
        [centre, y + 15],
      ],
      { stroke: "shared", thickness: 2 },
    ),
    line(
      [
        [LEFT - 10, y],
        [RIGHT + 10, y],
      ],
      { thickness: 1.25 },
    ),
    ...numbers.flatMap((x, row) => numbered(at(x, i), row, numeral(x))),
    code([MARGIN, y - 12], name, { anchor: "start", isBold: true }),
    words([MARGIN, y + 6], `mean ${numeral(middle)}, std ${numeral(spread)}`),
    ...(next === undefined ? [] : [words([MARGIN, y + 42], `↓ ${next}`, { tone: "value" })]),
  ];
}

/** A row's circle, with its number below it. */
function numbered([x, y]: Point, row: number, value: string): Mark[] {
  return [
    circle([x, y], RADIUS, { fill: "valueGround", stroke: "value" }),
    code([x, y], String(row), { tone: "value" }),
    box(
      [x - widthOf({ text: value, font: "code" }) / 2 - 1, y + 18],
      [widthOf({ text: value, font: "code" }) + 2, 14],
      { fill: "paper" },
    ),
    code([x, y + 25], value, { isBold: true }),
  ];
}
