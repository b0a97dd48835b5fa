import type { Position } from "../verdict/result.ts";

/** V8's messages about a name, and whether that name follows a dot. */
const sayings: readonly [message: RegExp, isProperty: boolean][] = [
  [/^ReferenceError: ([\w$]+) is not defined/, false],
  [/^ReferenceError: Cannot access '([\w$]+)' before initialization/, false],
  [/^TypeError: Cannot (?:read|set) properties of \w+ \((?:reading|setting) '([\w$]+)'\)/, true],
  [/^TypeError: .*\.([\w$]+) is not (?:a function|a constructor|iterable)/, true],
  [/^TypeError: ([\w$]+) is not (?:a function|a constructor|iterable)/, false],
];

/** Longer lines are not searched. */
const LONGEST_LINE = 1000;

/**
 * The position, in the line of an error, of the name in its message: for some errors V8 gives only the position of the
 * whole statement. Undefined if the message has no name, or if the name is not exactly once in that line.
 *
 * @param message with the error's name: "ReferenceError: probs is not defined"
 * @param source the file's text
 */
export function placeOfName(message: string, source: string, { line }: Position): Position | undefined {
  const code = source.split(/\r?\n/, line)[line - 1] ?? "";
  if (code.length > LONGEST_LINE) return undefined;
  for (const [saying, isProperty] of sayings) {
    const [, name] = saying.exec(message) ?? [];
    if (name === undefined) continue;
    const before = isProperty ? "(?<=\\.\\s*)" : "(?<![\\w$.]|\\.\\s+)";
    const found = [...withoutText(code).matchAll(new RegExp(`${before}${name.replaceAll("$", "\\$")}(?![\\w$])`, "g"))];
    const [only] = found;
    return only && found.length === 1 ? { line, column: only.index + 1 } : undefined;
  }
  return undefined;
}

/** A line with blanks instead of its strings and its comment. */
function withoutText(code: string): string {
  return code.replace(/"[^"]*"|'[^']*'|`[^`]*`|\/\*.*?\*\/|\/\/.*$/g, (text) => " ".repeat(text.length));
}
