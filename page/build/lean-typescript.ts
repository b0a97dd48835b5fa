/** TypeScript without what only checking types in a browser never uses: half of it. */

/** What the checker's module imports of TypeScript. */
const EXPORTS = ["createProgram", "createSourceFile", "getLineAndCharacterOfPosition", "sortAndDeduplicateDiagnostics"];

/** The functions that lead to all that only writing JavaScript uses. */
const WRITING = ["getTransformers", "transformNodes", "emitFiles"];

/**
 * TypeScript's program for command lines as a module, from which a bundler takes what is used. The program is one script
 * with its functions at the top level; what is taken away is the call at its end, its access to the system, and the code
 * that writes JavaScript. Each message becomes a constant of its own, without its key for translations.
 *
 * @param text lib/_tsc.js
 * @throws Error if it has another form
 */
export function leanCompiler(text: string): string {
  const withoutStart = cut(text, "\n// src/tsc/tsc.ts\n", undefined, "\n");
  const withoutSystem = cut(withoutStart, "\nvar sys = (() => {\n", "\n})();\n", "\nvar sys = void 0;\n");
  const checking = WRITING.reduce(
    (left, name) => cut(left, `\nfunction ${name}(`, "\n}\n", `\nfunction ${name}() {\n}\n`),
    withoutSystem,
  );
  // the command line's TypeScript suggests as many names as there are
  const suggesting = cut(checking, " maximumSuggestionCount = 10;", "\n", " maximumSuggestionCount = Infinity;\n");
  return `${withMessages(suggesting)}\nexport { ${EXPORTS.join(", ")} };\n`;
}

/** Each message as a constant: those that nothing names are left out. */
function withMessages(text: string): string {
  const [start, end] = ["\nvar Diagnostics = {\n", "\n};\n"];
  const from = text.indexOf(start);
  const table = text.slice(from + start.length, text.indexOf(end, from));
  const constants = table.split(/,\n(?= {2}\w)/).map((entry) => {
    const [whole, name, number, rest] = /^ {2}(\w+): diag\(\s*(\w+,\s*\d) [^,]*,\s*"\w+",([^]*)\)$/.exec(entry) ?? [];
    if (whole === undefined) throw new Error(`TypeScript's messages have another form: ${entry}`);
    return `var Diagnostics_${name} = /* @__PURE__ */ diag(${number}, "",${rest});`;
  });
  return cut(text, start, end, `\n${constants.join("\n")}\n`).replaceAll(/\bDiagnostics\.(\w+)/g, "Diagnostics_$1");
}

/** A text with another one from a start up to an end, or up to its own; each must be there. */
function cut(text: string, start: string, end: string | undefined, other: string): string {
  const from = text.indexOf(start);
  const to = end === undefined ? text.length : text.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`TypeScript has another form: ${start.trim()} is missing`);
  return text.slice(0, from) + other + text.slice(to + (end?.length ?? 0));
}
