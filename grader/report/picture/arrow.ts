import { line, path, round, type Mark, type Point } from "./marks.ts";
import type { Tone } from "./theme.ts";

/** The length and half of the width of an arrow's head. */
const HEAD = [8, 3.5] as const;

interface ArrowStyle {
  readonly tone?: Tone;
  readonly thickness?: number;
  readonly isDashed?: boolean;
}

/** How the forward and the backward pass are drawn: gradients also differ from values by their dashes and direction. */
export const FORWARD: ArrowStyle = { tone: "value" };
export const BACKWARD: ArrowStyle = { tone: "gradient", isDashed: true };

/** An arrow along straight lines, with its head at the last point. */
export function arrow(points: readonly Point[], style: ArrowStyle = {}): Mark[] {
  const { tone = "wire", thickness = 1.5, isDashed = false } = style;
  const [from, to] = points.slice(-2) as [Point, Point];
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  const neck: Point = [to[0] - HEAD[0] * 0.8 * Math.cos(angle), to[1] - HEAD[0] * 0.8 * Math.sin(angle)];
  return [line([...points.slice(0, -1), neck], { stroke: tone, thickness, isDashed }), head(to, angle, tone)];
}

/** An arrow from left to right, or from right to left, that leaves and arrives level. */
export function curvedArrow([x, y]: Point, [toX, toY]: Point, style: ArrowStyle = {}): Mark[] {
  const { tone = "wire", thickness = 1.5, isDashed = false } = style;
  const isForward = toX > x;
  const end = toX + (isForward ? -1 : 1) * HEAD[0] * 0.8;
  const bend = x + (end - x) / 4;
  const data =
    `M${round(x)} ${round(y)}Q${round(bend)} ${round(y)} ${round((x + end) / 2)} ${round((y + toY) / 2)}` +
    `T${round(end)} ${round(toY)}`;
  return [path(data, { stroke: tone, thickness, isDashed }), head([toX, toY], isForward ? 0 : Math.PI, tone)];
}

function head([x, y]: Point, angle: number, tone: Tone): Mark {
  const [length, half] = HEAD;
  const at = (along: number, across: number): string =>
    `${round(x + along * Math.cos(angle) - across * Math.sin(angle))} ` +
    `${round(y + along * Math.sin(angle) + across * Math.cos(angle))}`;
  return path(`M${at(0, 0)}L${at(-length, half)}L${at(-length, -half)}Z`, { fill: tone });
}
