import { rowsOf } from "../../report/picture/matrix.ts";
import {
  code,
  line,
  LINE,
  MARGIN,
  numeral,
  path,
  sumText,
  WIDTH,
  words,
  type Mark,
} from "../../report/picture/marks.ts";
import { once } from "../../network/once.ts";
import { functionSteps } from "../steps.ts";
import { headExample } from "../examples.ts";
import { gradientOf, work } from "../worked.ts";
import type { LessonPicture } from "./lesson-picture.ts";

/** The rows of the lesson's example. */
const rows = once(() => {
  const worked = work(headExample);
  const fused = functionSteps.find(({ id }) => id === "fused-dlogits")!;
  const labels = worked.batch.Yb.toArray();
  const dlogits = rowsOf(gradientOf(fused, worked));
  return rowsOf(worked.values["probs"]!).map((probs, i) => ({ probs, dlogits: dlogits[i]!, label: labels[i]! }));
});

/** The middle of the first character's column, and from one column to the next. */
const FIRST = 140;
const SPACING = 88;
/** How long an arrow of size 1 would be, and half of an arrow's width. */
const SCALE = 120;
const HALF = 11;
const TIP = 9;
/** From a row's top: its heading, the probabilities, the line that arrows start from, and the gradients. */
const [HEADING, PROBS, BASE, GRADIENTS] = [18, 44, 122, 190];
const PANEL = 236;
const LEGEND = 2 * LINE + 20;

export const pushesPicture: LessonPicture = {
  name: "pushes",
  part: 2,
  draw: () => ({
    title:
      "The rows of dlogits as arrows: the logit of the correct character is pulled up, the others are pushed down, and " +
      `each row sums to zero: ${rows()
        .map(({ dlogits }) => `${sumText(dlogits.map(short))} = 0`)
        .join("; ")}.`,
    height: LEGEND + rows().length * PANEL,
    marks: [
      words([MARGIN, 18], "An update moves against the gradient, so a"),
      words([MARGIN, 18 + LINE], "positive entry pushes its logit down."),
      ...rows().flatMap((_, i) => panel(i, LEGEND + i * PANEL)),
    ],
  }),
};

/** One row: its probabilities, an arrow for each gradient, and their sum. */
function panel(row: number, top: number): Mark[] {
  const base = top + BASE;
  const { probs, dlogits, label } = rows()[row]!;
  return [
    line(
      [
        [MARGIN, top],
        [WIDTH - MARGIN, top],
      ],
      { stroke: "rule", thickness: 1 },
    ),
    words([MARGIN, top + HEADING], `row ${row}: character ${label} is the correct one`, { tone: "ink", isBold: true }),
    code([MARGIN, top + PROBS], "probs", { anchor: "start" }),
    code([MARGIN, top + GRADIENTS], "dlogits", { anchor: "start" }),
    line(
      [
        [MARGIN + 72, base],
        [WIDTH - MARGIN, base],
      ],
      { thickness: 1.25 },
    ),
    ...dlogits.flatMap((gradient, i): Mark[] => {
      const x = FIRST + i * SPACING;
      const isPull = gradient < 0;
      return [
        code([x, top + PROBS], numeral(probs[i]!), { tone: "value" }),
        barOf(x, base, -gradient * SCALE, isPull),
        words([x, isPull ? base + 14 : base - 14], isPull ? "pull" : "push", {
          anchor: "middle",
          tone: isPull ? "shared" : "gradient",
        }),
        code([x, top + GRADIENTS], numeral(gradient), { tone: "gradient", isBold: true }),
      ];
    }),
    code([FIRST + SPACING, top + GRADIENTS + LINE + 2], `${sumText(dlogits.map(short))} = 0`),
  ];
}

/** A thick arrow from the base line: upwards if `up` is positive. */
function barOf(x: number, base: number, up: number, isPull: boolean): Mark {
  const tip = Math.min(TIP, Math.abs(up)) * Math.sign(up);
  const neck = base - up + tip;
  const data = `M${x - HALF + 4} ${base}V${neck}H${x - HALF}L${x} ${base - up}L${x + HALF} ${neck}H${x + HALF - 4}V${base}Z`;
  return path(data, { fill: isPull ? "shared" : "gradient" });
}

/** Without the rounding errors of a sum, which would be written as -0 or 1e-17. */
function short(x: number): number {
  return Math.round(x * 1e6) / 1e6;
}
