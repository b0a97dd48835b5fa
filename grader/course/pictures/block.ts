import { lineOf } from "../../network/line.ts";
import { arrow, BACKWARD, FORWARD } from "../../report/picture/arrow.ts";
import { badgeWidth, drawnBadge } from "../../report/picture/graph.ts";
import { box, circle, code, MARGIN, widthOf, words, type Mark, type Point } from "../../report/picture/marks.ts";
import { functionSteps } from "../steps.ts";
import { lines } from "../transformer/lines.ts";
import type { LessonPicture } from "./lesson-picture.ts";
import { backwardHeading, forwardHeading } from "./passes.ts";

const PART = 8;
/** The block's input. */
const INPUT = "x_0";

/** The middles of the stream and of the three that attention consists of; the first row, and from one row to the next. */
const STREAM = 60;
const [LEFT, BRANCH, RIGHT] = [160, 240, 320];
const FIRST = 124;
const PITCH = 70;
/** The tensors that are shown, and where; the sums that y_0 and x_1 begin with are on the rows above them. */
const AT: Readonly<Record<string, Point>> = Object.fromEntries(
  Object.entries({
    [INPUT]: [STREAM, 0],
    ln1_0: [BRANCH, 0],
    q_0: [LEFT, 1],
    k_0: [BRANCH, 1],
    v_0: [RIGHT, 1],
    weights_0: [(LEFT + BRANCH) / 2, 2],
    mixed_0: [BRANCH, 3],
    y_0: [STREAM, 4],
    ln2_0: [BRANCH, 4],
    h_0: [BRANCH, 5],
    x_1: [STREAM, 6],
  } satisfies Record<string, Point>).map(([name, [x, row]]) => [name, [x, FIRST + row * PITCH]]),
);
const SUMS: readonly string[] = ["y_0", "x_1"];
/** A node's height, its least width in a branch and on the stream, and half of a sum's circle. */
const HEIGHT = 42;
const RADIUS = 11;
const [NARROW, WIDE] = [62, 92];
/** How far apart the two arrows of a use are. */
const APART = 9;

/** What a shown tensor is computed from: others that are shown, and parameters. */
interface Sources {
  readonly shown: readonly string[];
  readonly parameters: readonly string[];
}

export const blockPicture: LessonPicture = {
  name: "block",
  part: PART,
  draw: () => ({
    title:
      "The first block as a graph. Down the left, x_0 becomes y_0 and then x_1 by two sums. To the right of each sum is the " +
      `branch that it adds: attention, from ln1_0 to mixed_0, and neurons, from ln2_0 to h_0. ${usesText()}, and as many ` +
      "gradients come back to them and are added.",
    height: AT["x_1"]![1] + HEIGHT / 2 + MARGIN,
    marks: [
      ...forwardHeading(20, "forward: each sum adds a branch to x_0"),
      ...backwardHeading(41, "backward: where arrows meet, gradients add"),
      words([MARGIN, 64], "×2 and ×3: how many gradients are added", { tone: "shared" }),
      ...Object.keys(AT).flatMap(usesOf),
      ...SUMS.flatMap(sum),
      ...Object.keys(AT).map(node),
    ],
  }),
};

function sourcesOf(name: string): Sources {
  const { inputs } = lineOf(lines, name)!;
  const all = inputs.map((input): Sources => {
    if (input in AT) return { shown: [input], parameters: [] };
    return lineOf(lines, input) ? sourcesOf(input) : { shown: [], parameters: [input] };
  });
  const unique = (names: readonly string[]): string[] => [...new Set(names)];
  return {
    shown: unique(all.flatMap(({ shown }) => shown)),
    parameters: unique(all.flatMap(({ parameters }) => parameters)),
  };
}

/** How many of the shown tensors are computed from one. */
function usesCount(name: string): number {
  return Object.keys(AT).filter((one) => one !== INPUT && sourcesOf(one).shown.includes(name)).length;
}

function usesText(): string {
  const shared = Object.keys(AT).filter((name) => usesCount(name) > 1);
  return shared.map((name) => `${name} is used ${usesCount(name)} times`).join(", ");
}

/** The arrows to a tensor from what it is computed from, and back. */
function usesOf(name: string): Mark[] {
  if (name === INPUT) return [];
  const { shown, parameters } = sourcesOf(name);
  if (!SUMS.includes(name)) return shown.flatMap((source) => both(frame(source), frame(name)));
  const plus = sumFrame(name);
  const branch = shown.find((source) => AT[source]![0] !== STREAM)!;
  return [
    ...shown.flatMap((source) => both(frame(source), plus)),
    ...both(plus, frame(name)),
    code([(STREAM + RADIUS + atSide(frame(branch), plus)[0]) / 2, plus.at[1] - 16], parameters.join(" ")),
  ];
}

interface Frame {
  readonly at: Point;
  readonly width: number;
  readonly height: number;
}

function frame(name: string): Frame {
  const texts = [name, parametersText(name)].map((text) => widthOf({ text, font: "code" }));
  return {
    at: AT[name]!,
    width: Math.max(AT[name]![0] === STREAM ? WIDE : NARROW, ...texts.map((width) => width + 10)),
    height: HEIGHT,
  };
}

/** The circle of the sum above a tensor. */
function sumFrame(name: string): Frame {
  const [x, y] = AT[name]!;
  return { at: [x, y - PITCH], width: 2 * RADIUS, height: 2 * RADIUS };
}

/** An arrow from one frame to another beside it or below it, and one back. */
function both(from: Frame, to: Frame): Mark[] {
  const isLevel = from.at[1] === to.at[1];
  const [start, end] = isLevel ? [atSide(from, to), atSide(to, from)] : [atEdge(from, to), atEdge(to, from)];
  const shift = ([x, y]: Point, by: number): Point => (isLevel ? [x, y + by] : [x + by, y]);
  return [
    ...arrow([shift(start, -APART / 2), shift(end, -APART / 2)], FORWARD),
    ...arrow([shift(end, APART / 2), shift(start, APART / 2)], BACKWARD),
  ];
}

/** The middle of the side of a frame that faces another one beside it. */
function atSide({ at: [x, y], width }: Frame, other: Frame): Point {
  return [x + (Math.sign(other.at[0] - x) * width) / 2, y];
}

/** The point of a frame's upper or lower edge that is nearest to another one: above each other, in the middle of both. */
function atEdge({ at: [x, y], width, height }: Frame, other: Frame): Point {
  const reach = (frame: Frame): number => frame.width / 2 - APART;
  const [low, high] = [
    Math.max(x - width / 2 + APART, other.at[0] - reach(other)),
    Math.min(x + width / 2 - APART, other.at[0] + reach(other)),
  ];
  const side = Math.sign(other.at[0] - x) * (width / 2 - APART);
  return [low <= high ? (low + high) / 2 : x + side, y + (Math.sign(other.at[1] - y) * height) / 2];
}

function sum(name: string): Mark[] {
  const { at } = sumFrame(name);
  return [circle(at, RADIUS, { fill: "panel", stroke: "wire" }), code(at, "+", { isBold: true })];
}

/** A tensor, with the parameters that it is computed with; a link to its step, if it has one. */
function node(name: string): Mark {
  const { at, width, height } = frame(name);
  const [x, y] = at;
  const uses = usesCount(name);
  const isShared = uses > 1;
  const times = `×${uses}`;
  const step = functionSteps.find(({ part, tensor }) => part === PART && tensor === name);
  const parameters = parametersText(name);
  return {
    kind: "link",
    to: step ? `../../${step.lesson}` : "../README.md#the-network",
    title: step ? `${name} (step ${step.label})` : name,
    marks: [
      box([x - width / 2, y - height / 2], [width, height], {
        fill: isShared ? "sharedGround" : "panel",
        stroke: isShared ? "shared" : "wire",
        thickness: isShared ? 2 : 1.25,
        radius: 6,
      }),
      code([x, parameters === "" ? y : y - 8], name, { isBold: true }),
      ...(parameters === "" ? [] : [code([x, y + 10], parameters)]),
      ...(step ? drawnBadge([x - width / 2 + 4, y - height / 2], step.label) : []),
      ...(isShared ? drawnBadge([x + width / 2 - 4 - badgeWidth(times), y - height / 2], times, true) : []),
    ],
  };
}

/** The parameters of a tensor that is no sum: those of a sum belong to its branch. */
function parametersText(name: string): string {
  return name === INPUT || SUMS.includes(name) ? "" : sourcesOf(name).parameters.join(" ");
}
