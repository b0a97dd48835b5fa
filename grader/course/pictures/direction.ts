import { box, code, line, LINE, MARGIN, numeral, WIDTH, words, type Mark } from "../../report/picture/marks.ts";
import { settings } from "../transformer/adamw.ts";
import { smallNumbers } from "./numbers.ts";
import type { LessonPicture } from "./lesson-picture.ts";

/** Where zero is, how long 1 is drawn, half of a box's height, and a bar's height. */
const ZERO = 166;
const UNIT = 48;
const HALF = 13;
const BAR = 8;
/** Where the first entry is, and from one entry to the next. */
const FIRST = 98;
const PITCH = 54;

export const directionPicture: LessonPicture = {
  name: "direction",
  part: 8,
  draw: () => {
    const all = entries();
    return {
      title:
        "For each entry, a bar as long as a, the mean of its gradients, in a box that reaches as far as the root of b, " +
        "their usual size, to both sides. The direction is the part of the box that the bar fills: " +
        `${all.map(({ place, direction }) => `${numeral(direction)} at ${place}`).join(", ")}.`,
      height: FIRST + (all.length - 0.5) * PITCH,
      marks: [
        words([MARGIN, 18], "Bar: a, the mean of the gradients. Box: the"),
        words([MARGIN, 18 + LINE], "root of b, how large they usually are."),
        words([WIDTH - MARGIN, FIRST - 36], "direction", { anchor: "end", tone: "shared" }),
        line([
          [ZERO, FIRST - HALF - 8],
          [ZERO, FIRST + (all.length - 1) * PITCH + HALF + 8],
        ]),
        ...all.flatMap((entry, i) => row(entry, FIRST + i * PITCH)),
      ],
    };
  },
};

interface Entry {
  /** Its place as it is written: `[0, 1]`. */
  readonly place: string;
  /** The mean of its gradients, and the root of the mean of their squares. */
  readonly a: number;
  readonly root: number;
  readonly direction: number;
}

/** The entries of the step's small numbers. */
function entries(): Entry[] {
  const { m, v, t, direction } = smallNumbers("direction", ["m", "v", "t", "direction"]);
  const weight = (beta: number): number => 1 - beta ** t.value[0]!;
  return Array.from(direction.value, (value, i) => ({
    place: `[${Math.floor(i / m.shape[1]!)}, ${i % m.shape[1]!}]`,
    a: m.value[i]! / weight(settings.beta1),
    root: Math.sqrt(v.value[i]! / weight(settings.beta2)),
    direction: value,
  }));
}

function row({ place, a, root, direction }: Entry, y: number): Mark[] {
  const right = WIDTH - MARGIN;
  return [
    code([MARGIN, y], place, { anchor: "start" }),
    box([ZERO - root * UNIT, y - HALF], [2 * root * UNIT, 2 * HALF], { fill: "valueGround", stroke: "value" }),
    box([ZERO + Math.min(a, 0) * UNIT, y - BAR / 2], [Math.abs(a) * UNIT, BAR], { fill: "gradient" }),
    code([right, y - LINE / 2], `${numeral(a)}/${numeral(root)}`, { anchor: "end" }),
    code([right, y + LINE / 2], numeral(direction), { anchor: "end", tone: "shared", isBold: true }),
  ];
}
