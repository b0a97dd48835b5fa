import { describe, expect, it } from "vitest";
import { palettes } from "../../grader/report/picture/terminal.ts";
import { grounds, themes, type Tone } from "../../grader/report/picture/theme.ts";

/** The relative luminance of a color, by WCAG 2.2. */
function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

it("the contrast of black and white is 21", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
});

describe.each(Object.entries(themes))("in the %s theme", (_, theme) => {
  it("each text has a contrast of at least 4.5 on each ground", () => {
    for (const [tone, on] of Object.entries(grounds) as [Tone, readonly Tone[]][]) {
      for (const ground of on) {
        expect(contrast(theme[tone], theme[ground]), `${tone} on ${ground}`).toBeGreaterThanOrEqual(4.5);
      }
    }
  });

  it("arrows, axes and frames have a contrast of at least 3", () => {
    for (const tone of ["wire", "value", "gradient", "shared"] as const) {
      expect(contrast(theme[tone], theme.paper), tone).toBeGreaterThanOrEqual(3);
    }
  });
});

it.each(Object.entries(palettes))("in the %s terminal each text has a contrast of at least 4.5", (_, palette) => {
  const { ground, frame: _frame, ...texts } = palette;
  for (const [name, color] of Object.entries(texts)) {
    expect(contrast(color, ground), name).toBeGreaterThanOrEqual(4.5);
  }
});
