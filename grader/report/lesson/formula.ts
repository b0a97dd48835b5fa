import { padTo, widthOf } from "../text.ts";
import type { Formula } from "./tex.ts";

/** A formula within a line: `dx_i = Σ_j dy_ij`. */
export function inlineFormula(formula: Formula): string {
  const only = formula.kind === "row" && formula.parts.length === 1 ? formula.parts[0]! : formula;
  const whole = only.kind === "fraction" ? quotient(only) : inLine(only);
  return whole.replaceAll(/ +/g, " ").trim();
}

function inLine(formula: Formula): string {
  switch (formula.kind) {
    case "text":
      return formula.text;
    case "gap":
      return " ".repeat(formula.columns);
    case "row":
      return formula.parts.map(inLine).join("");
    case "scripts":
      return inLine(formula.base) + script("_", formula.below) + script("^", formula.above);
    case "fraction":
      return `(${quotient(formula)})`;
    case "root":
      return `√(${inlineFormula(formula.of)})`;
    case "matrix":
      return `(${formula.rows.map((row) => row.map(inlineFormula).join(", ")).join("; ")})`;
  }
}

function quotient({ above, below }: Extract<Formula, { kind: "fraction" }>): string {
  const [top, bottom] = [above, below].map(inlineFormula) as [string, string];
  const inBrackets = (part: string): string => (/[ +*/·-]/.test(part) ? `(${part})` : part);
  return `${inBrackets(top)}/${inBrackets(bottom)}`;
}

/** _ij, _(i, w(i)), ^-1, ^(-1/2): brackets unless it is a name or a number. */
function script(sign: "_" | "^", formula: Formula | undefined): string {
  if (formula === undefined) return "";
  const index = inlineFormula(formula);
  return sign + (/^-?[\p{L}\p{N}]+$/u.test(index) ? index : `(${index})`);
}

/** Lines that belong together, all of one width; the formula's other parts continue in line `base`. */
interface Box {
  lines: readonly string[];
  base: number;
}

/** How much further the second and later lines of a formula are indented. */
const HANG = 4;

/**
 * A formula in a block of its own: fractions with a bar, matrices in rows. What is too wide continues below, at a gap
 * between two formulas; a formula that is too wide for a line, before a sign such as = or +.
 *
 * @param width the columns there are
 */
export function formulaLines(formula: Formula, width: number): string[] {
  const lines: string[] = [];
  let line: Box = boxOf("");
  const words = wordsOf(formula);
  for (const [i, { word, gap }] of words.entries()) {
    const isFirst = widthOfBox(line) === 0;
    const longer = isFirst ? trimmed(word) : beside([line, boxOf(" ".repeat(gap)), word]);
    const whole = gap === 0 ? longer : beside([longer, ...restOf(words, i).map((one) => one.word)]);
    if (isFirst || widthOfBox(whole) <= width) {
      line = longer;
      continue;
    }
    lines.push(...line.lines);
    line = beside([boxOf(" ".repeat(HANG)), trimmed(word)]);
  }
  return [...lines, ...line.lines].map((text) => text.trimEnd());
}

/** The other words of the formula that begins with a word: those up to the next gap. */
function restOf(words: readonly Word[], at: number): readonly Word[] {
  const end = words.findIndex(({ gap }, i) => i > at && gap > 0);
  return words.slice(at + 1, end < 0 ? undefined : end);
}

interface Word {
  word: Box;
  /** The columns between it and the word before it. */
  gap: number;
}

/** Signs before which a line may end, outside brackets. */
const SIGNS = new Set(["=", "+", "-", "→", "⇒", "≈", "←", "<", ">"]);

/** The pieces of a formula between which a line may end. */
function wordsOf(formula: Formula): Word[] {
  const parts = formula.kind === "row" ? formula.parts : [formula];
  const words: { parts: Formula[]; gap: number }[] = [{ parts: [], gap: 0 }];
  let depth = 0;
  for (const [i, part] of parts.entries()) {
    const sign = part.kind === "text" ? part.text : "";
    if ("([".includes(sign) && sign !== "") depth += 1;
    if (")]".includes(sign) && sign !== "") depth -= 1;
    const before = parts[i - 1];
    const isBetween = before?.kind === "text" && before.text === " ";
    if (part.kind === "gap") words.push({ parts: [], gap: part.columns });
    else if (depth === 0 && isBetween && SIGNS.has(sign)) words.push({ parts: [part], gap: 0 });
    else words.at(-1)!.parts.push(part);
  }
  return words
    .map(({ parts, gap }, i) => {
      const row = withoutOuterSpace(parts, gap > 0, words[i + 1]?.gap !== 0);
      return { word: drawn({ kind: "row", parts: row }), gap };
    })
    .filter(({ word }) => word.lines.some((line) => line.trim() !== ""));
}

/** A gap is space enough. */
function withoutOuterSpace(parts: readonly Formula[], isAfterGap: boolean, isBeforeGap: boolean): readonly Formula[] {
  const isInk = (part: Formula): boolean => part.kind !== "text" || part.text !== " ";
  const [first, last] = [parts.findIndex(isInk), parts.findLastIndex(isInk)];
  return first < 0 ? [] : parts.slice(isAfterGap ? first : 0, isBeforeGap ? last + 1 : undefined);
}

function drawn(formula: Formula): Box {
  switch (formula.kind) {
    case "row":
      return beside(joined(formula.parts).map((part) => (typeof part === "string" ? boxOf(part) : drawn(part))));
    case "fraction":
      return fraction(drawn(formula.above), drawn(formula.below));
    case "matrix":
      return matrix(formula.rows.map((row) => row.map(inlineFormula)));
    case "scripts": {
      const base = drawn(formula.base);
      return beside([base, boxOf(script("_", formula.below) + script("^", formula.above))]);
    }
    default:
      return boxOf(inLine(formula).replaceAll(/ +/g, " "));
  }
}

/** The parts of a row; the characters next to each other as one text, without double spaces. */
function joined(parts: readonly Formula[]): (string | Formula)[] {
  const out: (string | Formula)[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.kind !== "text") out.push(part);
    else if (typeof last === "string") out[out.length - 1] = (last + part.text).replaceAll(/ +/g, " ");
    else out.push(part.text.replaceAll(/ +/g, " "));
  }
  return out;
}

function boxOf(text: string): Box {
  return { lines: [text], base: 0 };
}

function widthOfBox({ lines }: Box): number {
  return Math.max(...lines.map(widthOf));
}

/** A box without the space at its beginning. */
function trimmed({ lines, base }: Box): Box {
  const inFront = Math.min(...lines.filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)![0].length));
  return { lines: lines.map((line) => line.slice(Number.isFinite(inFront) ? inFront : 0)), base };
}

/** Boxes next to each other, their base lines in one line. */
function beside(boxes: readonly Box[]): Box {
  const base = Math.max(0, ...boxes.map((box) => box.base));
  const below = Math.max(0, ...boxes.map((box) => box.lines.length - box.base));
  const lines = Array.from({ length: Math.max(1, base + below) }, (_, row) =>
    boxes.map((box) => padTo(box.lines[row - base + box.base] ?? "", widthOfBox(box))).join(""),
  );
  return { lines, base };
}

function fraction(above: Box, below: Box): Box {
  const width = Math.max(widthOfBox(above), widthOfBox(below));
  const centred = ({ lines }: Box): string[] => {
    const left = " ".repeat(Math.floor((width - Math.max(...lines.map(widthOf))) / 2));
    return lines.map((line) => padTo(left + line, width));
  };
  return { lines: [...centred(above), "─".repeat(width), ...centred(below)], base: above.lines.length };
}

/** Rows in brackets, the entries of a column right-aligned. */
function matrix(rows: readonly (readonly string[])[]): Box {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, j) => Math.max(...rows.map((row) => widthOf(row[j] ?? ""))));
  const lines = rows.map((row) => {
    const entries = widths.map((width, j) => " ".repeat(width - widthOf(row[j] ?? "")) + (row[j] ?? ""));
    return `( ${entries.join("  ")} )`;
  });
  return { lines, base: Math.floor((rows.length - 1) / 2) };
}
