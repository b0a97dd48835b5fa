import { transformSync, type Loader, type TransformFailure } from "esbuild";
import { Recoverable, type REPLEval } from "node:repl";
import vm from "node:vm";

/**
 * Makes a REPL read TypeScript. What is JavaScript, or neither, goes to the REPL's own way of evaluating as it was typed;
 * so does everything about errors and about input of several lines.
 */
export function readingTypeScript(evaluate: REPLEval): REPLEval {
  return function (this, code, context, file, done) {
    const { text, isUnfinished } = asJavaScript(code);
    evaluate.call(this, text, context, file, (error, result) => {
      // to JavaScript, the types are the mistake: it does not get as far as the end
      const isOpen = isUnfinished && error instanceof SyntaxError;
      done(isOpen ? new Recoverable(error) : error, result);
    });
  };
}

function asJavaScript(code: string): { text: string; isUnfinished: boolean } {
  if (compiles(code) || typeof transformed(code, "js") === "string") return { text: code, isUnfinished: false };
  const found = transformed(code, "ts");
  if (typeof found === "string") return { text: found, isUnfinished: false };
  return { text: code, isUnfinished: isAtTheEnd(found, code) };
}

/** What the compiler says of a line that does not compile. */
export function compilerSays(code: string): string | undefined {
  const found = transformed(code, "ts");
  return typeof found === "string" ? undefined : found.errors?.[0]?.text;
}

/** Whether Node takes it as a script; without a new process, which esbuild needs. */
function compiles(code: string): boolean {
  try {
    return new vm.Script(code) instanceof vm.Script;
  } catch {
    return false;
  }
}

function transformed(code: string, loader: Loader): string | TransformFailure {
  const tsconfigRaw = { compilerOptions: { verbatimModuleSyntax: true } };
  try {
    return transformSync(code, { loader, tsconfigRaw, logLevel: "silent" }).code;
  } catch (error) {
    return error as TransformFailure;
  }
}

/** Whether nothing is wrong before the end: more is expected. */
function isAtTheEnd({ errors }: TransformFailure, code: string): boolean {
  const at = errors?.[0]?.location;
  if (!at) return false;
  const before = code.split("\n").slice(0, at.line - 1);
  return [...before, ""].join("\n").length + at.column >= code.trimEnd().length;
}
