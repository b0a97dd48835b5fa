import type { ThemeName } from "../picture/theme.ts";
import { colorOf, type Rgb } from "./diverging.ts";

/** Neither blue nor orange: NaN and infinite values, on any ground. */
const NOT_FINITE: Rgb = [140, 140, 140];

/** How many shades there are on each side of 0. */
const SHADES = 127;

/** The colors of all shades, from the most negative to the most positive. */
const shades: Readonly<Record<ThemeName, readonly Rgb[]>> = { light: shadesOn("light"), dark: shadesOn("dark") };

function shadesOn(theme: ThemeName): Rgb[] {
  return Array.from({ length: 2 * SHADES + 1 }, (_, i) => colorOf(i / SHADES - 1, theme));
}

/**
 * Values as pixels: red, green, blue and opacity, each from 0 to 255, one pixel per value, in the values' order.
 *
 * @param scale the absolute value that the strongest color represents; 0 if every value is 0
 */
export function pixelsOf(values: ArrayLike<number>, scale: number, theme: ThemeName): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(4 * values.length);
  for (let i = 0; i < values.length; i++) {
    pixels.set(pixelOf(values[i]!, scale, theme), 4 * i);
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

/** The color of one value. */
export function pixelOf(value: number, scale: number, theme: ThemeName): Rgb {
  if (!Number.isFinite(value)) return NOT_FINITE;
  const t = scale === 0 ? 0 : Math.max(-1, Math.min(1, value / scale));
  return shades[theme][Math.round((t + 1) * SHADES)]!;
}
