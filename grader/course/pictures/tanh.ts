import { matrix } from "../../report/picture/matrix.ts";
import {
  circle,
  code,
  line,
  MARGIN,
  numeral,
  WIDTH,
  words,
  type Mark,
  type Point,
} from "../../report/picture/marks.ts";
import type { LessonPicture } from "./lesson-picture.ts";
import { smallNumbers } from "./numbers.ts";

/** What is plotted: from -MOST to MOST across, from -1 to 1 up. */
const MOST = 4.8;
const LEFT = 40;
const RIGHT = WIDTH - MARGIN;
const MIDDLE = 112;
const UNIT_UP = 84;
const SAMPLES = 84;
/** Half of the length of a tangent, in units of the picture. */
const TANGENT = 24;
/** Tangents that are closer than this would overlap. */
const APART = 1.5;
const BELOW = 232;

export const tanhPicture: LessonPicture = {
  name: "tanh",
  part: 0,
  draw: () => {
    const inputs = [...smallNumbers("dpre", ["pre"]).pre.value].sort((a, b) => a - b);
    const slopes = matrix(
      [MARGIN + 52, BELOW],
      [
        inputs.map((x) => ({ text: numeral(x), is: "value" })),
        inputs.map((x) => ({ text: numeral(slopeAt(x)), is: "gradient" })),
      ],
      { width: 48 },
    );
    return {
      title:
        "The curve of tanh, from -1 to 1, and below it the curve of its slope, which is 1 at zero and falls to 0 at both " +
        `ends. The slopes at the example's inputs: ${inputs.map((x) => `${numeral(slopeAt(x))} at ${numeral(x)}`).join(", ")}.`,
      height: BELOW + slopes.height + MARGIN,
      marks: [
        ...axes(),
        curve(slopeAt, { stroke: "gradient", isDashed: true, thickness: 2 }),
        curve(Math.tanh, { stroke: "value", thickness: 2 }),
        ...apart(inputs).map(tangent),
        ...inputs.flatMap((x) => [dot(x, slopeAt(x), "gradient"), dot(x, Math.tanh(x), "value")]),
        code([RIGHT, at(0, 0.62)[1]], "out = tanh(pre)", { tone: "value", anchor: "end" }),
        code([LEFT + 4, at(0, 0.72)[1]], "1 - out ** 2", { tone: "gradient", anchor: "start" }),
        words([LEFT + 4, at(0, 0.5)[1]], "the slope", { tone: "gradient" }),
        code([MARGIN + 46, slopes.middle(0, 0)[1]], "pre", { anchor: "end" }),
        code([MARGIN + 46, slopes.middle(1, 0)[1]], "slope", { anchor: "end" }),
        ...slopes.marks,
      ],
    };
  },
};

function slopeAt(x: number): number {
  return 1 - Math.tanh(x) ** 2;
}

function at(x: number, y: number): Point {
  return [LEFT + ((x + MOST) / (2 * MOST)) * (RIGHT - LEFT), MIDDLE - y * UNIT_UP];
}

function curve(f: (x: number) => number, style: Parameters<typeof line>[1]): Mark {
  const xs = Array.from({ length: SAMPLES + 1 }, (_, i) => -MOST + (2 * MOST * i) / SAMPLES);
  return line(
    xs.map((x) => at(x, f(x))),
    style,
  );
}

function dot(x: number, y: number, tone: "value" | "gradient"): Mark {
  return circle(at(x, y), 4, { fill: tone, stroke: "paper", thickness: 1 });
}

/** Those of sorted numbers that are far enough from the one before. */
function apart(numbers: readonly number[]): number[] {
  const kept: number[] = [];
  for (const x of numbers) if (kept.length === 0 || x - kept.at(-1)! >= APART) kept.push(x);
  return kept;
}

/** The line that touches tanh at x. */
function tangent(x: number): Mark {
  const [cx, cy] = at(x, Math.tanh(x));
  const [stepX, stepY] = [at(1, 0)[0] - at(0, 0)[0], UNIT_UP * slopeAt(x)];
  const scale = TANGENT / Math.hypot(stepX, stepY);
  return line(
    [
      [cx - stepX * scale, cy + stepY * scale],
      [cx + stepX * scale, cy - stepY * scale],
    ],
    { stroke: "ink", thickness: 1.25 },
  );
}

function axes(): Mark[] {
  const levels = [1, 0, -1].flatMap((y): Mark[] => [
    line([at(-MOST, y), at(MOST, y)], { stroke: y === 0 ? "wire" : "rule", thickness: 1 }),
    code([LEFT - 6, at(0, y)[1]], numeral(y), { anchor: "end" }),
  ]);
  const ticks = [-4, -2, 0, 2, 4].flatMap((x): Mark[] => [
    line([at(x, -1), [at(x, -1)[0], at(x, -1)[1] + 4]], { thickness: 1 }),
    code([at(x, -1)[0], at(x, -1)[1] + 15], numeral(x)),
  ]);
  return [...levels, line([at(0, -1), at(0, 1)], { stroke: "rule", thickness: 1 }), ...ticks];
}
