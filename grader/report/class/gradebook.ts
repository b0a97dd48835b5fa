import { parse } from "csv-parse/sync";

/**
 * A gradebook as a platform exported it. Only single cells are replaced: delimiter, quotes, line ends, byte order mark and
 * every other byte stay as they are.
 */
export interface Gradebook {
  /** The cells as text, line by line. */
  readonly lines: readonly (readonly string[])[];
  /** The file with some cells replaced, by line and column. */
  filled: (cells: readonly Filled[]) => Uint8Array;
}

/** A cell's new content. */
export interface Filled {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** A cell's place in the file, in bytes, with its quotes. */
interface Place {
  readonly from: number;
  readonly to: number;
  readonly isQuoted: boolean;
}

const DELIMITERS = [",", ";", "\t"] as const;
const UTF8_MARK = [0xef, 0xbb, 0xbf];
const UTF16_MARK = [0xff, 0xfe];

/**
 * @param isHeader whether a first line has the columns that are needed: how the delimiter is found
 * @returns undefined if no delimiter gives such a line
 * @throws CsvError if the rest of the file is no CSV
 */
export function readGradebook(
  bytes: Uint8Array,
  isHeader: (cells: readonly string[]) => boolean,
): Gradebook | undefined {
  if (startsWith(bytes, UTF16_MARK)) return inUtf16(bytes, isHeader);
  const start = startsWith(bytes, UTF8_MARK) ? UTF8_MARK.length : 0;
  const body = bytes.subarray(start);
  const delimiter = DELIMITERS.find((one) => {
    const [head] = cellsOf(body, one, 1).lines;
    return head !== undefined && isHeader(head);
  });
  if (delimiter === undefined) return undefined;
  const { lines, places } = cellsOf(body, delimiter);
  const placeOf = (line: number, column: number): Place => places[line]![column]!;
  return { lines, filled: (cells) => joined([bytes.subarray(0, start), ...pieces(body, cells, placeOf)]) };
}

/** Spreadsheets may save UTF-16: it is changed in UTF-8, and turned back. */
function inUtf16(bytes: Uint8Array, isHeader: (cells: readonly string[]) => boolean): Gradebook | undefined {
  const text = new TextDecoder("utf-16le", { ignoreBOM: true }).decode(bytes.subarray(UTF16_MARK.length));
  const gradebook = readGradebook(new TextEncoder().encode(text), isHeader);
  if (!gradebook) return undefined;
  const filled: Gradebook["filled"] = (cells) => {
    const changed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(gradebook.filled(cells));
    const units = Uint8Array.from([...changed].flatMap(unitsOf).flatMap((unit) => [unit & 0xff, unit >> 8]));
    return joined([Uint8Array.from(UTF16_MARK), units]);
  };
  return { ...gradebook, filled };
}

function unitsOf(character: string): number[] {
  return Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
}

/** The cells of a file, and where each is. */
function cellsOf(body: Uint8Array, delimiter: string, most = -1): { lines: string[][]; places: Place[][] } {
  const places: Place[][] = [];
  // bytes as characters, so that no byte is lost to an encoding that is not UTF-8
  const options = { delimiter, relax_column_count: true, to: most, encoding: "latin1" as const };
  const lines = parse(body as Buffer, {
    ...options,
    cast: (value, { records, index, bytes, quoting }) => {
      places[records] ??= [];
      const from = index === 0 ? NaN : places[records][index - 1]!.to + delimiter.length;
      places[records][index] = { from, to: bytes, isQuoted: quoting };
      return textOf(value);
    },
  }) as string[][];
  return { lines, places };
}

/** What characters that are bytes say in UTF-8. */
function textOf(latin1: string): string {
  return new TextDecoder().decode(Uint8Array.from(latin1, (character) => character.charCodeAt(0)));
}

/** The file in pieces, with new ones for the cells that are replaced. A file's first column never is: it names people. */
function pieces(
  body: Uint8Array,
  cells: readonly Filled[],
  placeOf: (line: number, column: number) => Place,
): Uint8Array[] {
  const placed = cells.map((cell) => ({ ...cell, place: placeOf(cell.line, cell.column) }));
  let at = 0;
  const found = placed
    .sort((a, b) => a.place.from - b.place.from)
    .flatMap(({ text, place }) => {
      const before = body.subarray(at, place.from);
      at = place.to;
      return [before, new TextEncoder().encode(place.isQuoted ? `"${text}"` : text)];
    });
  return [...found, body.subarray(at)];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, i) => bytes[i] === byte);
}
