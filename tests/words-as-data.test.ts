import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { graderFolder } from "../grader/runner/project.ts";

/**
 * No rule reads another module's sentence: a finding carries fields, and its sentence is made from them. The exceptions
 * read what another program writes, which carries nothing but words, or text that is no sentence.
 */

/** What a variable that holds a sentence is called. */
const names = "message|sentence|thrown|text|said|words|what|why|reason|stack|stderr|errors|problem|note";
/** How text is read: message.includes("..."), /.../.test(answer.message). */
const reads = [
  new RegExp(
    `\\b(?:${names})\\b[)!]*(?:\\s*\\?\\?\\s*"")?\\)?\\??\\s*\\.(?:includes|startsWith|endsWith|match|matchAll|search|replace)\\(`,
  ),
  new RegExp(`\\.(?:test|exec)\\((?:[\\w.!?]*\\.|String\\()?(?:${names})\\b`),
];

/** Lines of code that read text, comments left out. */
function readsIn(code: string): string[] {
  const plain = code.replaceAll(/^\s*\/?\*.*$|(?<!:)\/\/.*/gm, "");
  return plain.split("\n").flatMap((line) => (reads.some((read) => read.test(line)) ? [line.trim()] : []));
}

interface Allowed {
  file: string;
  /** A part of the line. */
  code: string;
  why: string;
}

/** Sentences of programs that are not ours. */
const foreign: readonly Allowed[] = [
  { file: "commands/main.ts", code: "/^Unknown option", why: "Node's argument parser names an option only in words" },
  { file: "commands/play/thrown-note.ts", code: "NOT_COMPILED.exec(error.message)", why: "tsx gives only words" },
  {
    file: "commands/play/thrown-note.ts",
    code: "error.message.endsWith(note)",
    why: "whether it has been said already",
  },
  { file: "commands/main.ts", code: "argument is ambiguous/", why: "so it does for an option without its value" },
  { file: "commands/play/thrown.ts", code: "stack.matchAll(", why: "V8's stack trace is text" },
  { file: "grading/failures.ts", code: "NO_MEMORY.test(text)", why: "V8's RangeError has no code" },
  { file: "grading/failures.ts", code: "TOO_DEEP.test(text)", why: "V8's RangeError has no code" },
  { file: "grading/failures.ts", code: "OF_ENGINE.test(text)", why: "V8's errors have no code" },
  {
    file: "grading/idioms/find.ts",
    code: "idiom.said.exec(said)",
    why: "what esbuild and V8 say, which give nothing but words",
  },
  { file: "grading/idioms/open-bracket.ts", code: ".exec(said)", why: "esbuild gives nothing but words" },
  { file: "grading/notes.ts", code: "NO_RETURN.test(text)", why: "TypeScript's notes, by their numbers" },
  { file: "grading/type-notes.ts", code: "UNTYPED.test(text)", why: "TypeScript's notes, by their numbers" },
  { file: "grading/idioms/slips.ts", code: "text.matchAll(", why: "a source file" },
  { file: "grading/idioms/own-name.ts", code: ".test(text)", why: "a source file" },
  { file: "grading/idioms/compared.ts", code: ".test(text)", why: "a source file" },
  { file: "grading/idioms/calls.ts", code: ".test(x.text)", why: "code of a source file" },
  { file: "grading/idioms/einsum.ts", code: ".exec(subscripts?.text", why: "a string in a source file" },
  { file: "grading/idioms/type-errors.ts", code: "said.test(note.text)", why: "TypeScript's notes, by their numbers" },
  { file: "grading/idioms/type-errors.ts", code: "said.exec(note.text)", why: "TypeScript's notes, by their numbers" },
  {
    file: "grading/idioms/type-errors.ts",
    code: "UNKNOWN_NAME.exec(text)",
    why: "TypeScript's notes, by their numbers",
  },
  { file: "grading/notes.ts", code: "replace(INSTALL", why: "TypeScript's notes, which end in advice" },
  { file: "grading/place-of-name.ts", code: "saying.exec(message)", why: "V8 names what is missing only in words" },
  { file: "runner/bundle.ts", code: "stack.matchAll(", why: "V8's stack trace is text" },
  { file: "runner/bundle.ts", code: "/^ +at .*$/m.exec(stack)", why: "V8's stack trace is text" },
  { file: "runner/bundle.ts", code: 'startsWith("Could not resolve ")', why: "this error of esbuild's has no id" },
  { file: "runner/learner.ts", code: "GOES_ON.test(text)", why: "a source file" },
  { file: "runner/process.ts", code: "stack.includes(`step:", why: "V8's stack trace is text" },
  { file: "runner/process.ts", code: "/out of memory", why: "V8's last words, before it aborts" },
  { file: "runner/outside/bundle-course.ts", code: "/\\[ERROR\\]", why: "esbuild's program says where only in words" },
  { file: "runner/outside/bundle-course.ts", code: "stack.matchAll(", why: "V8's stack trace is text" },
  { file: "runner/system.mjs", code: "/Cannot find", why: "Node names the package that it misses only in words" },
];

/** Texts that are no sentences, and parts of a sentence that a field names. */
const texts: readonly Allowed[] = [
  { file: "commands/check.ts", code: "text.includes(stepComment(step))", why: "a source file" },
  { file: "commands/check.ts", code: "text.includes(`](${lessonLink(step)})`)", why: "a source file" },
  { file: "kit/lesson.ts", code: "exec(text)", why: "a lesson, in Markdown" },
  { file: "commands/watch/app.ts", code: ".test(text)", why: "a key that was pressed" },
  { file: "course/makemore/dataset.ts", code: "text.includes(letter)", why: "a file of names" },
  { file: "course/makemore/dataset.ts", code: "/[^a-z\\n]/.test(text)", why: "a file of names" },
  { file: "report/text.ts", code: "!text.includes(sign)", why: "which sign it does not contain, whatever it says" },
  { file: "grading/console.ts", code: 'text.includes("\\n")', why: "what a learner prints, for its line breaks" },
  { file: "grading/idioms/tokens.ts", code: "text.matchAll(", why: "a source file" },
  { file: "grading/idioms/translate.ts", code: "const whole = text.replace(", why: "a number in a source file" },
  { file: "grading/idioms/find.ts", code: 'text.startsWith("/")', why: "a comment in a source file" },
  { file: "grading/kept-steps.ts", code: "CHANGING.test(text)", why: "a source file" },
  { file: "kit/stub.ts", code: "throw todo", why: "a source file" },
  { file: "runner/kept.mjs", code: "sourceMappingURL", why: "a bundle" },
  { file: "runner/outside/bundle-course.ts", code: "sourceMappingURL", why: "a bundle" },
  { file: "report/hint/numbers.ts", code: ".exec(text)", why: "a line of arithmetic in a lesson" },
  { file: "report/hint/numbers.ts", code: "text.endsWith(", why: "a line of arithmetic in a lesson" },
  { file: "commands/check/author.ts", code: "text.match(", why: "a line of the forward pass" },
  { file: "runner/workspace/old-progress.ts", code: "text.matchAll(", why: "a file of an earlier version" },
  { file: "diagnosis/symptom.ts", code: "text.replace(ONE_THING", why: "leaves out a beginning that is a constant" },
  {
    file: "diagnosis/behaviour.ts",
    code: "sentence.replace(ONE_THING",
    why: "leaves out a beginning that is a constant",
  },
  {
    file: "diagnosis/training/several.ts",
    code: "sentence.replace(alone",
    why: "leaves out the part that a field names",
  },
  {
    file: "diagnosis/training/diagnose.ts",
    code: 'sentence.endsWith("?")',
    why: "punctuation: nothing is added to a question",
  },
];

const allowed = [...foreign, ...texts];

const found = readdirSync(graderFolder, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => /\.(ts|mjs|cjs)$/.test(file))
  .flatMap((file) => readsIn(readFileSync(path.join(graderFolder, file), "utf8")).map((line) => ({ file, line })));

describe("no rule reads another module's sentence", () => {
  it("all text that is read is another program's sentence, or no sentence", () => {
    const others = found.filter(
      ({ file, line }) => !allowed.some((one) => one.file === file && line.includes(one.code)),
    );
    expect(others).toEqual([]);
  });

  it("every exception is still needed", () => {
    const gone = allowed.filter(({ file, code }) => !found.some((one) => one.file === file && one.line.includes(code)));
    expect(gone).toEqual([]);
  });

  it.each([
    'const isTensors = message?.startsWith("TensorError:");',
    "inCase(cases, i, ABOUT_SHAPES.test(answer.message));",
    "if (NAMES_ITS_CAUSE.test(answer.thrown)) return null;",
    "return answer.thrown.endsWith(other.thrown) ? 1 : undefined;",
    'return what.includes("NaN") ? "" : "infinite";',
    'return !DEEP.test(message ?? "");',
    "const [, name] = /is (.*)/.exec(String(sentence)) ?? [];",
  ])("a rule like those that were taken out is found: %s", (line) => {
    expect(readsIn(line)).toEqual([line]);
  });
});
