import type { TextTone, Tone } from "./theme.ts";

/** A place, in units of a picture: x to the right, y down. */
export type Point = readonly [x: number, y: number];

export interface TextMark {
  readonly kind: "text";
  readonly at: Point;
  readonly text: string;
  readonly tone: TextTone;
  /** Which point of the text is at `at`; its height is centered there. */
  readonly anchor: "start" | "middle" | "end";
  /** Names and numbers are written as code, sentences as words. */
  readonly font: "code" | "words";
  readonly isBold: boolean;
  /** Whether it runs upwards. */
  readonly isUpright: boolean;
}

export interface BoxMark {
  readonly kind: "box";
  readonly at: Point;
  readonly width: number;
  readonly height: number;
  readonly fill?: Tone;
  readonly stroke?: Tone;
  readonly thickness?: number;
  readonly radius?: number;
}

export interface PathMark {
  readonly kind: "path";
  /** Path data, in SVG's language. */
  readonly data: string;
  readonly stroke?: Tone;
  readonly fill?: Tone;
  readonly thickness?: number;
  readonly isDashed?: boolean;
}

/** What is drawn: text, boxes, paths, and links around them. */
export type Mark =
  | TextMark
  | BoxMark
  | PathMark
  | { readonly kind: "link"; readonly to: string; readonly title: string; readonly marks: readonly Mark[] };

/** A drawing that every theme can color. */
export interface Picture {
  /** What it shows, for readers who cannot see it. */
  readonly title: string;
  /** In units; all pictures have the same width, so that their texts have the same size. */
  readonly height: number;
  /** How many pixels a unit has on a wide page; `ENLARGED` by default. */
  readonly enlarged?: number;
  readonly marks: readonly Mark[];
}

/**
 * Every picture is this wide, and its texts have one size: on a phone, where 328 pixels are left for a picture, a text is
 * 11.5 pixels high; on a wide page most pictures are drawn larger.
 */
export const WIDTH = 372;
export const TEXT_SIZE = 13;
export const ENLARGED = 1.25;
/** The space left free at the edges. */
export const MARGIN = 16;
/** From one line of text to the next. */
export const LINE = 19;

/** Widths of characters, as parts of the text's size: wide for their fonts, so that a text never needs more. */
const CODE_WIDTH = 0.61;
const WORDS_WIDTH = 0.56;

type Style = Partial<Pick<TextMark, "tone" | "anchor" | "isBold" | "isUpright">>;

/** A name, a number or an expression. */
export function code(at: Point, text: string, style: Style = {}): TextMark {
  return textMark(at, text, "code", style);
}

/** A sentence or a part of one. */
export function words(at: Point, text: string, style: Style = {}): TextMark {
  return textMark(at, text, "words", { tone: "quiet", anchor: "start", ...style });
}

function textMark(at: Point, text: string, font: TextMark["font"], style: Style): TextMark {
  return { kind: "text", at, text, font, tone: "ink", anchor: "middle", isBold: false, isUpright: false, ...style };
}

export function box(
  [x, y]: Point,
  [width, height]: readonly [number, number],
  style: Omit<BoxMark, "kind" | "at" | "width" | "height"> = {},
): BoxMark {
  return { kind: "box", at: [x, y], width, height, ...style };
}

export function path(data: string, style: Omit<PathMark, "kind" | "data">): PathMark {
  return { kind: "path", data, ...style };
}

export function circle([x, y]: Point, radius: number, style: Omit<PathMark, "kind" | "data">): PathMark {
  const half = `a${radius} ${radius} 0 1 0`;
  return path(`M${round(x - radius)} ${round(y)}${half} ${2 * radius} 0${half} ${-2 * radius} 0Z`, style);
}

/** A straight line through points. */
export function line(points: readonly Point[], style: Omit<PathMark, "kind" | "data" | "fill"> = {}): PathMark {
  const data = points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${round(x)} ${round(y)}`).join("");
  return path(data, { stroke: "wire", ...style });
}

/** How much space a text takes, in units: at least as much as in any of its fonts. */
export function widthOf({ text, font }: Pick<TextMark, "text" | "font">): number {
  return [...text].length * TEXT_SIZE * (font === "code" ? CODE_WIDTH : WORDS_WIDTH);
}

/** The space that a text or a box takes: its left, top, right and bottom edges. */
export function edgesOf(mark: TextMark | BoxMark): readonly [number, number, number, number] {
  if (mark.kind === "box") {
    const [x, y] = mark.at;
    return [x, y, x + mark.width, y + mark.height];
  }
  const length = widthOf(mark);
  const before = { start: 0, middle: length / 2, end: length }[mark.anchor];
  const half = TEXT_SIZE * 0.5;
  const [x, y] = mark.at;
  return mark.isUpright
    ? [x - half, y - length + before, x + half, y + before]
    : [x - before, y - half, x - before + length, y + half];
}

/** All texts and boxes of some marks, those in links too. */
export function flat(marks: readonly Mark[]): Exclude<Mark, { kind: "link" }>[] {
  return marks.flatMap((mark) => (mark.kind === "link" ? flat(mark.marks) : [mark]));
}

/** Two decimals are finer than any screen. */
export function round(x: number): number {
  return Math.round(x * 100) / 100;
}

/** A number as people write it: with a minus sign, and at most three decimals. */
export function numeral(x: number): string {
  const size = String(Math.round(Math.abs(x) * 1000) / 1000);
  return x < 0 && size !== "0" ? `−${size}` : size;
}

/** Numbers added up: 1 − 2 + 4 */
export function sumText([first = 0, ...others]: readonly number[]): string {
  const signed = others.map((x) => ` ${x < 0 ? "−" : "+"} ${numeral(Math.abs(x))}`);
  return numeral(first) + signed.join("");
}
