import type { ThemeName } from "../picture/theme.ts";

/** Red, green and blue, from 0 to 255. */
export type Rgb = readonly [number, number, number];

/**
 * Blue for negative and orange for positive values. People with any common kind of color blindness can tell blue from
 * orange. From 0, which hardly differs from the ground that it is on, to the end of the scale, in equal steps: darker on
 * light grounds, brighter on dark ones.
 */
interface Ramps {
  readonly blues: readonly Rgb[];
  readonly oranges: readonly Rgb[];
}

const WHITE: Rgb = [247, 247, 247];
const BLACK: Rgb = [31, 36, 43];
const ramps: Readonly<Record<ThemeName, Ramps>> = {
  light: {
    blues: [WHITE, [171, 205, 233], [94, 158, 210], [35, 105, 170], [5, 48, 97]],
    oranges: [WHITE, [253, 208, 150], [241, 150, 60], [196, 92, 10], [115, 48, 4]],
  },
  dark: {
    blues: [BLACK, [28, 67, 108], [43, 112, 176], [97, 168, 229], [190, 224, 255]],
    oranges: [BLACK, [94, 54, 20], [172, 88, 22], [240, 154, 66], [255, 220, 172]],
  },
};

/** The same in a terminal's 256 colors. */
const BLUES_OF_256 = [255, 153, 111, 68, 25, 18] as const;
const ORANGES_OF_256 = [255, 223, 215, 208, 166, 130] as const;

/** @param t from -1, the most negative, to 1 */
export function colorOf(t: number, theme: ThemeName = "light"): Rgb {
  const { blues, oranges } = ramps[theme];
  const ramp = t < 0 ? blues : oranges;
  const at = Math.min(Math.abs(t), 1) * (ramp.length - 1);
  const below = Math.min(Math.floor(at), ramp.length - 2);
  const mix = (channel: 0 | 1 | 2): number => {
    const [from, to] = [ramp[below]![channel], ramp[below + 1]![channel]];
    return Math.round(from + (to - from) * (at - below));
  };
  return [mix(0), mix(1), mix(2)];
}

/** @param t from -1, the most negative, to 1 */
export function colorOf256(t: number): number {
  const ramp = t < 0 ? BLUES_OF_256 : ORANGES_OF_256;
  return ramp[Math.round(Math.min(Math.abs(t), 1) * (ramp.length - 1))]!;
}

/** #05304f */
export function hex(color: Rgb): string {
  return `#${color.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}
