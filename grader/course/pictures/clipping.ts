import { arrow } from "../../report/picture/arrow.ts";
import { code, line, LINE, MARGIN, numeral, path, words, type Mark, type Point } from "../../report/picture/marks.ts";
import { smallNumbers } from "./numbers.ts";
import type { LessonPicture } from "./lesson-picture.ts";

/** Where both norms are zero, and how long a norm of 1 is drawn. */
const ZERO: Point = [52, 300];
const UNIT = 54;
/** How far the axes reach beyond the gradient, and half of the mark at its norms. */
const BEYOND = 24;
const TICK = 4;
/** Where the names of the short arrows begin. */
const NAMES = 128;

export const clippingPicture: LessonPicture = {
  name: "clipping",
  part: 8,
  draw: () => {
    const { whole, clipped, apart, most } = norms();
    const [length, bent] = [numeral(Math.hypot(...whole)), pair(apart)];
    return {
      title:
        `The norms of two gradients, G and g, as one arrow: ${pair(whole)}, of length ${length}. Clipped at ${numeral(most)} ` +
        `it becomes ${pair(clipped)}, on the same line. If each were clipped by its own norm, it would be ${bent}, which ` +
        "points in another direction.",
      height: ZERO[1] + 40,
      marks: [
        words([MARGIN, 18], "Across: the norm of G. Up: the norm of g."),
        words([MARGIN, 18 + LINE], "The length of the arrow is the norm of both."),
        ...axes(whole),
        path(`M${at([most, 0]).join(" ")}A${most * UNIT} ${most * UNIT} 0 0 0 ${at([0, most]).join(" ")}`, {
          stroke: "wire",
          isDashed: true,
        }),
        ...arrow([ZERO, at(whole)], { tone: "gradient" }),
        ...arrow([ZERO, at(apart)], { tone: "quiet", isDashed: true }),
        ...arrow([ZERO, at(clipped)], { tone: "shared", thickness: 3 }),
        words([at(whole)[0] + 12, at(whole)[1]], `length ${length}`, { tone: "gradient" }),
        words([NAMES, at(apart)[1] - 10], `each by its own norm: ${bent}`),
        words([NAMES, at(clipped)[1] + 12], `clipped at ${numeral(most)}: ${pair(clipped)}`, { tone: "shared" }),
      ],
    };
  },
};

type Norms = readonly [ofG: number, ofg: number];

/** The norms of the step's small numbers: as they are, clipped together, and each clipped by itself. */
function norms(): Readonly<Record<"whole" | "clipped" | "apart", Norms>> & { readonly most: number } {
  const { G, g, most: limit, clipped } = smallNumbers("clipped", ["G", "g", "most", "clipped"]);
  const most = limit.value[0]!;
  const [ofG, ofg] = [norm(G), norm(g)];
  const factor = norm(clipped) / ofG;
  return {
    whole: [ofG, ofg],
    clipped: [factor * ofG, factor * ofg],
    apart: [Math.min(ofG, most), Math.min(ofg, most)],
    most,
  };
}

function norm({ value }: { readonly value: ArrayLike<number> }): number {
  return Math.hypot(...Array.from(value));
}

function axes(whole: Norms): Mark[] {
  const [right, top] = at(whole);
  return [
    ...arrow([ZERO, [right + BEYOND, ZERO[1]]]),
    ...arrow([ZERO, [ZERO[0], top - BEYOND]]),
    line([
      [right, ZERO[1] - TICK],
      [right, ZERO[1] + TICK],
    ]),
    line([
      [ZERO[0] - TICK, top],
      [ZERO[0] + TICK, top],
    ]),
    code([right, ZERO[1] + LINE], numeral(whole[0])),
    code([ZERO[0] - 14, top], numeral(whole[1])),
    code([right + BEYOND + 14, ZERO[1]], "G", { isBold: true }),
    code([ZERO[0] - 14, top - BEYOND], "g", { isBold: true }),
  ];
}

function at([ofG, ofg]: Norms): Point {
  return [ZERO[0] + ofG * UNIT, ZERO[1] - ofg * UNIT];
}

function pair(both: Norms): string {
  return both.map(numeral).join(", ");
}
