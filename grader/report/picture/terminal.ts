import stringWidth from "string-width";
import stripAnsi from "strip-ansi";
import { escaped } from "../escaped.ts";
import { ENLARGED, round, TEXT_SIZE } from "./marks.ts";
import { themes, type ThemeName } from "./theme.ts";

/** The colors of a terminal's text: its own, and those that escape sequences choose. */
export type Palette = Readonly<
  Record<"ground" | "frame" | "text" | "dim" | "red" | "green" | "yellow" | "cyan", string>
>;

export const palettes: Readonly<Record<ThemeName, Palette>> = {
  light: paletteOf("light", { green: "#1a7f37", cyan: "#0a6b80" }),
  dark: paletteOf("dark", { green: "#56d364", cyan: "#76e3ea" }),
};

function paletteOf(name: ThemeName, others: Pick<Palette, "green" | "cyan">): Palette {
  const { panel, rule, ink, quiet, gradient, shared } = themes[name];
  return { ground: panel, frame: rule, text: ink, dim: quiet, red: gradient, yellow: shared, ...others };
}

/** How text is written: the part of SGR (ECMA-48) that the grader's output uses. */
interface Style {
  readonly color: keyof Palette;
  readonly isBold: boolean;
}

const PLAIN: Style = { color: "text", isBold: false };
const STYLES: Readonly<Record<string, Partial<Style>>> = {
  "0": PLAIN,
  "1": { isBold: true },
  "2": { color: "dim" },
  "22": { isBold: false, color: "text" },
  "31": { color: "red" },
  "32": { color: "green" },
  "33": { color: "yellow" },
  "36": { color: "cyan" },
  "39": { color: "text" },
};

const ESC = "\u001b";
/** Sets styles, by their codes. */
const STYLE_SEQUENCE = new RegExp(`${ESC}\\[([\\d;]*)m`);

/** A character's width and a line's height, as parts of the text's size. */
const [COLUMN, ROW] = [0.602, 1.45];
const PADDING = 14;
/** The bar at the top of the window, with its three dots and its title. */
const BAR = 30;

/**
 * A terminal's screen as an SVG document.
 *
 * @param title what is written in the window's bar
 * @param lines colored as for a terminal
 * @param columns of the terminal
 * @throws Error if a line has an escape sequence that is not drawn, or is too wide
 */
export function svgTerminal(title: string, lines: readonly string[], columns: number, theme: ThemeName): string {
  const palette = palettes[theme];
  const [column, row] = [TEXT_SIZE * COLUMN, TEXT_SIZE * ROW];
  const width = round(columns * column + 2 * PADDING);
  const height = round(BAR + lines.length * row + 2 * PADDING);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${Math.round(width * ENLARGED)}" ` +
      `height="${Math.round(height * ENLARGED)}" role="img" aria-labelledby="title" font-size="${TEXT_SIZE}" ` +
      `font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace">`,
    `<title id="title">${escaped(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="${palette.ground}" stroke="${palette.frame}"/>`,
    `<path d="M0.5 ${BAR}H${width - 0.5}" stroke="${palette.frame}"/>`,
    ...[0, 1, 2].map((i) => `<circle cx="${PADDING + 5 + i * 16}" cy="${BAR / 2}" r="5" fill="${palette.frame}"/>`),
    `<text x="${width / 2}" y="${BAR / 2 + 4.5}" text-anchor="middle" fill="${palette.dim}">${escaped(title)}</text>`,
    ...lines.flatMap((line, i) => {
      if (stringWidth(line) > columns) throw new Error(`a line is wider than ${columns} columns: ${stripAnsi(line)}`);
      const y = round(BAR + PADDING + (i + 0.7) * row);
      return runsOf(line).map(({ text, at, style }) => {
        const length = round(stringWidth(text) * column);
        const weight = style.isBold ? ` font-weight="bold"` : "";
        return (
          `<text x="${round(PADDING + at * column)}" y="${y}" fill="${palette[style.color]}"${weight} ` +
          `textLength="${length}" xml:space="preserve">${escaped(text)}</text>`
        );
      });
    }),
    "</svg>",
    "",
  ].join("\n");
}

/** A piece of a line in one style, and the column that it begins at. */
interface Run {
  readonly text: string;
  readonly at: number;
  readonly style: Style;
}

function runsOf(line: string): Run[] {
  const runs: Run[] = [];
  let style = PLAIN;
  let at = 0;
  // pieces of text alternate with the codes between them
  for (const [i, piece] of line.split(STYLE_SEQUENCE).entries()) {
    if (i % 2 === 1) {
      const codes = piece;
      for (const code of codes === "" ? ["0"] : codes.split(";")) style = { ...style, ...styleOf(code) };
      continue;
    }
    // spaces at the ends need not be drawn
    const text = piece.trim();
    const lead = piece.length - piece.trimStart().length;
    if (text !== "") runs.push({ text, at: at + lead, style });
    at += stringWidth(piece);
  }
  return runs;
}

function styleOf(code: string): Partial<Style> {
  const style = STYLES[code];
  if (style === undefined) throw new Error(`a style that is not drawn: ${code}`);
  return style;
}
