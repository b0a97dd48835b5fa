import { fold, indentOf, padTo, paragraph, widthOf } from "../report/text.ts";

/** The widest lines that help has. */
const WIDEST = 120;
/** Where an option's description begins, and how wide it must be there; if it is not, it is below its option. */
const COLUMN = 23;
const NARROWEST = 42;
const BELOW = 8;

/** A part of a help text that is laid out as one. */
type Piece =
  | { readonly kind: "blank" }
  /** How a command is called. */
  | { readonly kind: "usage"; readonly text: string }
  | { readonly kind: "option"; readonly name: string; readonly text: string }
  | { readonly kind: "prose"; readonly indent: string; readonly text: string };

/** A help text, written for wide lines, for a terminal of so many columns. */
export function helpLines(text: string, columns: number): string[] {
  return piecesIn(text.split("\n")).flatMap((piece) => laidOut(piece, Math.min(columns, WIDEST)));
}

function piecesIn(lines: readonly string[]): Piece[] {
  return lines.reduce<Piece[]>((before, line) => {
    const last = before.at(-1);
    const joined = last && continued(last, line);
    return joined ? [...before.slice(0, -1), joined] : [...before, pieceOf(line)];
  }, []);
}

/** An option, possibly with a value, and what it does: --from FOLDER      grades another tree */
const OPTION = /^ {4}(-\S+(?: \S+)?(?= {2})|-\S+ [A-Z]+) +(\S.*)$/;

function pieceOf(line: string): Piece {
  if (line.trim() === "") return { kind: "blank" };
  const [, name, text] = OPTION.exec(line) ?? [];
  if (name !== undefined && text !== undefined) return { kind: "option", name, text };
  const indent = indentOf(line);
  return indent.length === 2 ? { kind: "usage", text: line.trim() } : { kind: "prose", indent, text: line.trim() };
}

/** A piece with the line below it, if that belongs to it. */
function continued(piece: Piece, line: string): Piece | undefined {
  const indent = indentOf(line);
  if (piece.kind === "blank" || line.trim() === "" || OPTION.test(line)) return undefined;
  const isBelow = piece.kind === "prose" ? indent === piece.indent : indent.length > 4;
  return isBelow ? { ...piece, text: `${piece.text} ${line.trim()}` } : undefined;
}

function laidOut(piece: Piece, columns: number): string[] {
  switch (piece.kind) {
    case "blank":
      return [""];
    case "usage":
      return fold(`  ${piece.text}`, columns, BELOW);
    case "prose":
      return paragraph(piece.text, columns, piece.indent);
    case "option":
      return optionLines(piece.name, piece.text, columns);
  }
}

function optionLines(name: string, text: string, columns: number): string[] {
  const head = `    ${name}`;
  if (columns - COLUMN < NARROWEST) return [head, ...paragraph(text, columns, " ".repeat(BELOW))];
  const lines = paragraph(text, columns, " ".repeat(COLUMN));
  if (widthOf(head) >= COLUMN) return [head, ...lines];
  return [padTo(head, COLUMN) + lines[0]!.trimStart(), ...lines.slice(1)];
}
