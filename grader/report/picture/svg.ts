import { escaped } from "../escaped.ts";
import {
  ENLARGED,
  round,
  TEXT_SIZE,
  WIDTH,
  type BoxMark,
  type Mark,
  type PathMark,
  type Picture,
  type TextMark,
} from "./marks.ts";
import type { Theme } from "./theme.ts";

/** Fonts that a system has; none is loaded. */
const FONTS = {
  code: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  words: "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif",
};

/** Half of the height of a letter, as a part of the text's size: from its middle down to the line it is written on. */
const HALF_LETTER = 0.35;

/**
 * A picture as an SVG document in one theme. It refers to no other file and has no style sheet: colors and fonts are
 * attributes, which no content security policy takes away. It has a ground of its own, so that it can be read on a page of
 * the other theme too.
 */
export function svgPicture({ title, height, enlarged = ENLARGED, marks }: Picture, theme: Theme): string {
  const [width, high] = [WIDTH, height].map((length) => Math.round(length * enlarged));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${round(height)}" width="${width}" height="${high}" ` +
      `role="img" aria-labelledby="title" font-size="${TEXT_SIZE}" font-family="${FONTS.code}">`,
    `<title id="title">${escaped(title)}</title>`,
    `<rect width="${WIDTH}" height="${round(height)}" rx="6" fill="${theme.paper}"/>`,
    ...marks.flatMap((mark) => drawn(mark, theme)),
    "</svg>",
    "",
  ].join("\n");
}

function drawn(mark: Mark, theme: Theme): string[] {
  switch (mark.kind) {
    case "text":
      return [drawnText(mark, theme)];
    case "box":
      return [drawnBox(mark, theme)];
    case "path":
      return [drawnPath(mark, theme)];
    case "link":
      return [
        `<a href="${escaped(mark.to)}"><title>${escaped(mark.title)}</title>`,
        ...mark.marks.flatMap((inner) => drawn(inner, theme)),
        "</a>",
      ];
  }
}

function drawnText({ at: [x, y], text, tone, anchor, font, isBold, isUpright }: TextMark, theme: Theme): string {
  const down = TEXT_SIZE * HALF_LETTER;
  const place = isUpright
    ? { transform: `translate(${round(x + down)} ${round(y)}) rotate(-90)` }
    : { x: round(x), y: round(y + down) };
  const attributes = attributesOf({
    ...place,
    fill: theme[tone],
    "text-anchor": anchor === "start" ? undefined : anchor,
    "font-family": font === "words" ? FONTS.words : undefined,
    "font-weight": isBold ? "bold" : undefined,
  });
  return `<text${attributes}>${escaped(text)}</text>`;
}

function drawnBox({ at: [x, y], width, height, fill, stroke, thickness, radius }: BoxMark, theme: Theme): string {
  const attributes = attributesOf({
    x: round(x),
    y: round(y),
    width: round(width),
    height: round(height),
    rx: radius,
    fill: fill ? theme[fill] : "none",
    stroke: stroke && theme[stroke],
    "stroke-width": thickness,
  });
  return `<rect${attributes}/>`;
}

function drawnPath({ data, stroke, fill, thickness, isDashed }: PathMark, theme: Theme): string {
  const attributes = attributesOf({
    d: data,
    fill: fill ? theme[fill] : "none",
    stroke: stroke && theme[stroke],
    "stroke-width": thickness ?? (stroke && 1.5),
    "stroke-dasharray": isDashed ? "5 3" : undefined,
  });
  return `<path${attributes}/>`;
}

function attributesOf(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join("");
}
