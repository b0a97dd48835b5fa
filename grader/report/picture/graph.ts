import { linesUsing, type Line } from "../../network/line.ts";
import { shapeText } from "../../network/shape.ts";
import { arrow } from "./arrow.ts";
import { box, code, widthOf, type Mark, type Point } from "./marks.ts";

/** What is shown of a tensor beside its name. */
export interface NodeLabel {
  /** A short text on the node's upper edge, such as a step's number. */
  readonly badge?: string;
  readonly link: string;
  /** What the link leads to. */
  readonly title: string;
}

interface Node {
  readonly name: string;
  readonly at: Point;
  readonly width: number;
  readonly height: number;
}

/** From one line's node to the next one's, and a node's height. */
const PITCH = 62;
const HEIGHT = 46;
/** What no line computes is smaller, and stands left of the lines that use it. */
const LEAF = { x: 12, width: 76, height: 22, gap: 4, pad: 4 };
/** The lane of the lines on the shortest way to the last one, and the lane of all others. */
const SPINE = { x: 102, width: 131 };
const SIDE = { x: 245, width: 115 };
/** How far above the middle of a node's right edge arrows arrive, and how far below it they leave. */
const APART = 9;
const BADGE = 17;

/**
 * A network's lines as a graph, from top to bottom in forward order; arrows lead to where a tensor is used. A tensor that
 * several lines use is marked with their number.
 *
 * @param top where the graph begins
 * @returns the marks, and where the graph ends
 */
export function graph(
  lines: readonly Line[],
  top: number,
  labelOf: (name: string) => NodeLabel,
): { marks: Mark[]; bottom: number } {
  const nodes = new Map(placed(lines, top).map((node) => [node.name, node]));
  const spine = shortestWay(lines);
  const edges = lines.flatMap((line) =>
    line.inputs.flatMap((input) => {
      const isShared = linesUsing(lines, input).length > 1;
      return arrow(wayOf(nodes.get(input)!, nodes.get(line.output)!, spine), {
        tone: isShared ? "shared" : "wire",
        thickness: isShared ? 2 : 1.5,
      });
    }),
  );
  const boxes = [...nodes.values()].map((node): Mark => {
    const label = labelOf(node.name);
    return { kind: "link", to: label.link, title: label.title, marks: drawnNode(node, label, lines) };
  });
  return { marks: [...edges, ...boxes], bottom: top + (lines.length - 1) * PITCH + HEIGHT };
}

/** Where each tensor is: a row for each line, its leaves beside it. */
function placed(lines: readonly Line[], top: number): Node[] {
  const computed = new Set(lines.map(({ output }) => output));
  const spine = shortestWay(lines);
  const seen = new Set<string>();
  return lines.flatMap((line, row) => {
    const { x, width } = spine.has(line.output) ? SPINE : SIDE;
    const y = top + row * PITCH;
    const leaves = line.inputs.filter((name) => !computed.has(name) && !seen.has(name));
    for (const name of leaves) seen.add(name);
    const step = LEAF.height + LEAF.gap;
    const first = y + HEIGHT / 2 - (leaves.length * step - LEAF.gap) / 2;
    return [
      ...leaves.map((name, i): Node => ({
        name,
        at: [LEAF.x, first + i * step],
        width: LEAF.width,
        height: LEAF.height,
      })),
      { name: line.output, at: [x, y], width, height: HEIGHT },
    ];
  });
}

/** The outputs on the shortest way from the first line to the last. */
function shortestWay(lines: readonly Line[]): ReadonlySet<string> {
  const ways = new Map<string, readonly string[]>();
  for (const { output, inputs } of lines) {
    const before = inputs.flatMap((name) => (ways.has(name) ? [ways.get(name)!] : []));
    const shortest = before.toSorted((a, b) => a.length - b.length)[0] ?? [];
    ways.set(output, [...shortest, output]);
  }
  return new Set(ways.get(lines.at(-1)!.output));
}

/** The points of an arrow: straight down a lane, across from a leaf, or around a corner from lane to lane. */
function wayOf(from: Node, to: Node, spine: ReadonlySet<string>): Point[] {
  const [fromMiddle, toMiddle] = [middleOf(from), middleOf(to)];
  if (from.at[0] === to.at[0]) {
    return [
      [fromMiddle[0], from.at[1] + from.height],
      [toMiddle[0], to.at[1]],
    ];
  }
  if (from.at[0] < SPINE.x) {
    return [
      [from.at[0] + from.width, fromMiddle[1]],
      [to.at[0], fromMiddle[1]],
    ];
  }
  if (spine.has(from.name)) {
    const y = fromMiddle[1] + APART;
    return [
      [from.at[0] + from.width, y],
      [toMiddle[0], y],
      [toMiddle[0], to.at[1]],
    ];
  }
  const y = toMiddle[1] - APART;
  return [
    [fromMiddle[0], from.at[1] + from.height],
    [fromMiddle[0], y],
    [to.at[0] + to.width, y],
  ];
}

function middleOf({ at: [x, y], width, height }: Node): Point {
  return [x + width / 2, y + height / 2];
}

function drawnNode({ name, at, width, height }: Node, { badge }: NodeLabel, lines: readonly Line[]): Mark[] {
  const [x, y] = at;
  const line = lines.find(({ output }) => output === name);
  const uses = linesUsing(lines, name).length;
  const isShared = uses > 1;
  const middle = x + width / 2;
  const frame = box(at, [width, height], {
    fill: isShared ? "sharedGround" : line ? "panel" : "paper",
    stroke: isShared ? "shared" : "wire",
    thickness: isShared ? 2 : 1.25,
    radius: line ? 6 : 11,
  });
  if (!line) {
    const level = y + height / 2;
    if (badge === undefined) return [frame, code([middle, level], name, { isBold: true })];
    return [
      frame,
      code([x + LEAF.pad, level], badge, { tone: "gradient", anchor: "start" }),
      code([x + width - LEAF.pad, level], name, { isBold: true, anchor: "end" }),
    ];
  }
  const shape = line.shape.length === 0 ? "a number" : shapeText(line.shape);
  return [
    frame,
    code([middle, y + 18], name, { isBold: true }),
    code([middle, y + 34], shape),
    ...(badge === undefined ? [] : drawnBadge([x + 4, y], badge)),
    ...(isShared ? drawnBadge([x + width - 4 - badgeWidth(`×${uses}`), y], `×${uses}`, true) : []),
  ];
}

/** A short text on the upper edge of a node, which begins at a point. */
export function drawnBadge([x, y]: Point, text: string, isShared = false): Mark[] {
  const width = badgeWidth(text);
  return [
    box([x, y - BADGE / 2], [width, BADGE], {
      fill: "paper",
      stroke: isShared ? "shared" : "gradient",
      thickness: 1.25,
      radius: BADGE / 2,
    }),
    code([x + width / 2, y], text, { tone: isShared ? "shared" : "gradient" }),
  ];
}

/** How wide such a text is, its frame included. */
export function badgeWidth(text: string): number {
  return widthOf({ text, font: "code" }) + 8;
}
