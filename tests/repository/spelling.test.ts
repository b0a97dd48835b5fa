import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { projectRoot } from "../../grader/runner/project.ts";

/** British spellings of words of this field: American ones are PyTorch's, and so ours. */
const BRITISH = new RegExp(
  [
    String.raw`\b\w*(?:normal|recogn|initial|optim|minim|maxim|summar|organ|general|special|vector|visual|standard)is(?:e|es|ed|ing|ation|ations)\b`,
    String.raw`\b\w*(?:colour|flavour|behaviour|neighbour|favour)\w*`,
    String.raw`\b(?:centred?|centres|towards|labelled|labelling|cancelled|cancelling|modelling|licence|judgement|grey|analys(?:e|ed|es))\b`,
  ].join("|"),
  "i",
);

const tracked = execFileSync("git", ["ls-files"], { cwd: projectRoot, encoding: "utf8" }).split("\n").filter(Boolean);
const textOf = (file: string): string => readFileSync(path.join(projectRoot, file), "utf8");

/** Comments, and strings with a space in them: what has none may be a name. */
const READ = /\/\/[^\n]*|\/\*[^]*?\*\/|(["'])(?:\\.|(?!\1)[^\\\n])* (?:\\.|(?!\1)[^\\\n])*\1|`(?:\\.|[^`\\])*`/g;

/** What people read of a program: without the code in ${...} and without attributes of SVG. */
function readIn(code: string): string[] {
  return [...code.matchAll(READ)].map(([text]) => text.replaceAll(/\$\{[^}]*\}|aria-labelledby/g, ""));
}

function british(texts: readonly string[]): string[] {
  return texts.flatMap((text) => BRITISH.exec(text)?.[0] ?? []);
}

describe("spelling is American", () => {
  it.each(tracked.filter((file) => file.endsWith(".md")))("in %s", (file) => {
    expect(british(textOf(file).split("\n"))).toEqual([]);
  });

  it("in what the grader says and in its comments", () => {
    const programs = tracked.filter((file) => /^(grader|exercises|solutions|simd|bench)\/.*\.(ts|mjs|cjs)$/.test(file));
    expect(programs.length).toBeGreaterThan(300);
    const found = programs
      .filter((file) => !file.endsWith("-bytes.ts"))
      .flatMap((file) => {
        return british(readIn(textOf(file))).map((word) => `${file}: ${word}`);
      });
    expect(found).toEqual([]);
  });

  it("finds a British word in a comment, in a sentence and in a template, and not in a name", () => {
    expect(
      british(readIn('// a colour\nconst centred = "is centred by";\nconst a = `the ${colour} neighbour`;')),
    ).toEqual(["colour", "centred", "neighbour"]);
    expect(british(readIn('const colour = "centred"; f(`${colour}`)'))).toEqual([]);
  });
});
