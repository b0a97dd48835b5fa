import { compilerIdioms } from "./compiler.ts";
import { engineIdioms } from "./engine.ts";
import type { Around, Complaint, Idiom } from "./idiom.ts";
import { javascriptIdioms } from "./javascript.ts";
import { tensorIdioms } from "./tensor.ts";

/** Every idiom; of several that fit a line, the first one counts. */
const idioms: readonly Idiom[] = [...compilerIdioms, ...engineIdioms, ...tensorIdioms, ...javascriptIdioms];

/** Longer lines are not searched. */
const LONGEST_LINE = 400;

/**
 * What to write instead of a line that is no TypeScript, or that asks a tensor for what only other libraries have;
 * undefined if the line is no known idiom.
 *
 * @param line as in the file
 * @param place what is known of its file and step
 */
export function idiomIn(line: string, { by, said }: Complaint, place: Around): string | undefined {
  if (line.length > LONGEST_LINE) return undefined;
  const code = withoutText(line);
  for (const idiom of idioms) {
    if (idiom.by !== by) continue;
    const inWords = idiom.said ? idiom.said.exec(said) : [];
    const inLine = idiom.line ? idiom.line.exec(code) : [];
    const write = inWords && inLine && idiom.write({ said: inWords, line: inLine, code, place });
    if (write) return write;
  }
  return undefined;
}

/** A line without its comment, and with blanks instead of its strings' contents. */
function withoutText(code: string): string {
  return code.replace(/"[^"]*"|'[^']*'|`[^`]*`|\/\*.*?\*\/|\/\/.*$/g, (text) =>
    text.startsWith("/") ? "" : `"${" ".repeat(text.length - 2)}"`,
  );
}
