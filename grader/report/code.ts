import { HANG, indentOf, piecesOf, SEPARATOR, widthOf } from "./text.ts";

/** The least that is kept for the code of a line, however far it is indented. */
const LEAST = 16;

/**
 * A line of TypeScript in lines of at most `columns` that mean the same: it is continued, further indented, where the
 * language lets an expression go on in the next line, before .method, and after an operator, a comma or an opening
 * bracket; never after return. A comment is continued as a comment. Only a word that is wider than a line is cut.
 *
 * @param columns no limit if undefined
 */
export function codeLines(line: string, columns = Infinity): string[] {
  if (widthOf(line) <= columns) return [line];
  const indent = indentOf(line).slice(0, Math.max(0, columns - LEAST - HANG));
  const room = Math.max(LEAST, columns - indent.length - HANG);
  const [first = "", ...others] = pieces(line.trim(), room + HANG, room);
  return [indent + first, ...others.map((piece) => indent + " ".repeat(HANG) + piece)];
}

/**
 * Code cut where it may be, as few times as possible.
 *
 * @param others the room of the second and later pieces
 */
function pieces(code: string, room: number, others: number): string[] {
  const found: string[] = [];
  let rest = code;
  for (let width = room; widthOf(rest) > width; width = others) {
    const comment = COMMENT.exec(rest);
    const cut = comment ? commentCut(rest, comment[0].length, width) : codeCut(rest, width);
    // a block comment goes on by itself, with a star as editors write it
    const sign = comment ? (comment[0].startsWith("//") ? "// " : "* ") : "";
    const at = cut ?? separatorCut(rest, width) ?? spaceCut(rest, width) ?? piecesOf(rest, width)[0]!.length;
    found.push(rest.slice(0, at).trimEnd());
    rest = sign + rest.slice(at).trimStart();
  }
  return [...found, rest];
}

/** What a comment's line begins with. */
const COMMENT = /^(?:\/\/|\/\*\*?|\*(?!\/)) */;

/** The last space of a comment that is behind its sign and in the room; undefined if there is none. */
function commentCut(line: string, from: number, room: number): number | undefined {
  return [...line.matchAll(/ (?=\S)/g)].findLast(
    ({ index }) => index > from && widthOf(line.slice(0, index)) <= room && !line.startsWith(" */", index),
  )?.index;
}

/** Behind the last separator of a path in the room; undefined if the line's last word has none. */
function separatorCut(line: string, room: number): number | undefined {
  const separators = [...line.matchAll(SEPARATOR)].map(({ index }) => index);
  return separators.findLast((at) => at > line.lastIndexOf(" ", at - 1) + 1 && widthOf(line.slice(0, at)) <= room);
}

/** At the last space in the room that does not follow return or throw, and is not before an arrow: a line may be in words. */
function spaceCut(line: string, room: number): number | undefined {
  const spaces = [...line.matchAll(/(?<!\b(?:return|throw)) (?!=>)(?=\S)/g)].map(({ index }) => index);
  return spaces.findLast((at) => at > 0 && widthOf(line.slice(0, at)) <= room);
}

/** Where code may go on in the next line, and how deep in brackets that is. */
interface Cut {
  at: number;
  depth: number;
}

/**
 * The last of the places that are in the fewest brackets and in the room, not near the beginning if there is a choice;
 * undefined if there is none.
 */
function codeCut(code: string, room: number): number | undefined {
  const inRoom = cutsOf(code).filter(({ at }) => widthOf(code.slice(0, at).trimEnd()) <= room);
  const late = inRoom.filter(({ at }) => widthOf(code.slice(0, at)) > room / 3);
  const possible = late.length > 0 ? late : inRoom;
  const least = Math.min(...possible.map(({ depth }) => depth));
  return possible.findLast(({ depth }) => depth === least)?.at;
}

/** Comments, strings, regular expressions after what cannot end an operand, names and numbers, operators, the rest. */
const TOKEN = new RegExp(
  [
    /\/\/.*$/,
    /\/\*.*?(?:\*\/|$)/,
    /"(?:\\.|[^"\\])*(?:"|$)/,
    /'(?:\\.|[^'\\])*(?:'|$)/,
    /`(?:\\.|[^`\\])*(?:`|$)/,
    /(?<=[(,=:!&|?] *)\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/\w*/,
    /\d[\w.]*/,
    /[\p{L}\p{N}_$#]+/u,
    / (?!\/[/*])(?:=>|[-+*/%<>=!&|?:]+) (?=\S)/,
    / from (?=["'])/,
    /\?\.|\.\.\.|=>/,
    /./,
  ]
    .map(({ source }) => source)
    .join("|"),
  "gu",
);

function cutsOf(code: string): Cut[] {
  const cuts: Cut[] = [];
  let depth = 0;
  for (const { 0: token, index } of code.matchAll(TOKEN)) {
    const end = index + token.length;
    if (")]}".includes(token)) depth -= 1;
    if ("([{".includes(token)) depth += 1;
    if (token.startsWith("//") && index > 0) cuts.push({ at: index, depth: -1 });
    else if (token === "." || token === "?.") cuts.push({ at: index, depth });
    else if (token === " from ") cuts.push({ at: index, depth });
    else if (token === ":") cuts.push({ at: end, depth: depth + laterBy(token) });
    else if (token === ";") cuts.push({ at: end, depth: depth - 0.5 });
    else if (token === "," || "([{".includes(token)) cuts.push({ at: end, depth });
    else if (token.startsWith(" ") && token.length > 1) cuts.push({ at: end, depth: depth + laterBy(token.trim()) });
  }
  return cuts.filter(({ at }) => at > 0 && at < code.length && !/^\s*[)\]}]/.test(code.slice(at)));
}

/** Between the two sides of an assignment a line ends only if it cannot end in one of them. */
function laterBy(operator: string): number {
  return operator === "=" || operator === "=>" || operator === ":" ? 0.5 : 0;
}
