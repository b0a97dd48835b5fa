import { transform, type Options } from "sucrase";
import { parse } from "sucrase/dist/esm/parser/index.js";
import type { SourceMapInput } from "@jridgewell/trace-mapping";
import { importsOf, type Import } from "./imports.ts";
import { nameErrorIn } from "./early-errors.ts";
import { placeIn, refusedBy, type Refused } from "./refused.ts";
import { hasTailCalls, withoutTailCalls, type Held } from "./tail-calls.ts";

/** A file of a tree as the body of a function of `exports` and `require`. */
export interface Compiled {
  /** Its first line is `head`; the others are the file's own lines. */
  code: string;
  map: SourceMapInput;
  /** What the compiler made of the file, without tail calls: the map is about it as it was before that. */
  held: Held;
  imports: readonly Import[];
  /** The names that it exports; undefined if they depend on other files. */
  exports: ReadonlySet<string> | undefined;
}

/** Code as this engine must run it. */
function heldIn(code: string): Held {
  return hasTailCalls ? withoutTailCalls(code) : { code, columnBefore: (_, column) => column };
}

/** The modules that the library provides. */
export const LIBRARY = ["#tensor", "#course"] as const;

/** Compiles a file, unless the compiler refuses it. */
export function compile(file: string, text: string): Compiled | Refused {
  try {
    return file.endsWith(".json") ? compiledJson(text) : compiledScript(file, text);
  } catch (error) {
    return refusedBy(error, text);
  }
}

function compiledScript(file: string, text: string): Compiled | Refused {
  const isTyped = /\.m?ts$/.test(file);
  const parsed = parse(text, false, isTyped, false);
  const wrong = nameErrorIn(parsed, text);
  if (wrong) return { said: wrong.said, at: placeIn(text, wrong.start) };
  const imports = importsOf(parsed.tokens, text);
  const { plain, head } = withoutLibrary(text, imports);
  const options: Options = {
    transforms: isTyped ? ["typescript", "imports"] : ["imports"],
    disableESTransforms: true,
    filePath: file,
    sourceMapOptions: { compiledFilename: file },
  };
  const { code, sourceMap } = transform(plain, options);
  const held = heldIn(code);
  return {
    code: `${head}\n${held.code}`,
    map: sourceMap as SourceMapInput,
    held,
    imports,
    exports: exportsOf(code),
  };
}

/**
 * A file without its imports from the library, and constants instead of them: read as fields of a module, which is what
 * the compiler makes of imports, the names would be others in the engine's messages.
 */
function withoutLibrary(text: string, imports: readonly Import[]): { plain: string; head: string } {
  let plain = text;
  let head = "";
  for (const { from, names, start, end, isList } of imports) {
    if (!isList || !LIBRARY.some((name) => name === from)) continue;
    plain = plain.slice(0, start) + plain.slice(start, end).replace(/[^\n\r\u2028\u2029]/g, " ") + plain.slice(end);
    const list = names.map(({ name, as }) => `${JSON.stringify(name)}: ${as}`);
    if (list.length > 0) head += `const { ${list.join(", ")} } = require("${from}");`;
  }
  return { plain, head };
}

/** The names that compiled code exports. */
function exportsOf(code: string): ReadonlySet<string> | undefined {
  if (code.includes("_createStarExport(")) return undefined;
  const own = [...code.matchAll(/\bexports\.([\w$]+) =/g)].map(([, name]) => name!);
  const passedOn = [...code.matchAll(/_createNamedExportFrom\(\w+, '[^']*', '([^']*)'\)/g)].map(([, name]) => name!);
  return new Set([...own, ...passedOn]);
}

function compiledJson(text: string): Compiled {
  const value = JSON.parse(text) as unknown;
  const code = `\nconst value = ${JSON.stringify(value)}; Object.assign(exports, value, { default: value, __esModule: true });`;
  const map = { version: 3, names: [], sources: [], mappings: "" } as const;
  return { code, map: { ...map, names: [], sources: [] }, held: heldIn(""), imports: [], exports: undefined };
}
