import { renderToString } from "katex";
import { markdownParser } from "../../grader/report/lesson/markdown.ts";

/** The commands that the texts use, which GitHub and VS Code support. Check that before you add one. */
export const knownCommands: ReadonlySet<string> = new Set(
  (
    "frac sum max min partial mathrm text log tanh cdot dots to Rightarrow quad qquad begin end left right Big " +
    "gamma beta delta varepsilon mu eta lambda ell leftarrow approx sigma sqrt lfloor rfloor"
  ).split(" "),
);

export interface Formula {
  tex: string;
  /** Whether it is a display formula, in a fence, rather than between dollars within a line. */
  isDisplay: boolean;
}

/** A fenced block, a code span, $$...$$, or $...$, in this order: nothing in code is a formula. */
const PIECE = /^ *(```+)([^\n]*)\n([^]*?)^ *\1$|(`+)[^]+?\4|\$\$[^]*?\$\$|\$([^$]+)\$/gm;

/** The formulas as they were written: ```math fences, and $...$ within a line. */
export function writtenFormulas(markdown: string): Formula[] {
  return [...markdown.matchAll(PIECE)].flatMap(([, , language, fenced, , inline]): Formula[] => {
    if (language === "math") return [{ tex: fenced!, isDisplay: true }];
    return inline === undefined ? [] : [{ tex: inline, isDisplay: false }];
  });
}

/** The formulas that are left for KaTeX or MathJax once Markdown has been parsed. */
export function parsedFormulas(markdown: string): Formula[] {
  return markdownParser.parse(markdown, {}).flatMap((token): Formula[] => {
    if (token.type === "fence" && token.info === "math") return [{ tex: token.content, isDisplay: true }];
    // emphasis, a line end or a tag within a formula splits its text, and an escape or an entity changes it
    const texts = (token.children ?? [])
      .filter(({ type }) => type === "text")
      .map(({ content }) => content.replaceAll("$$", ""));
    return texts.flatMap((text) =>
      [...text.matchAll(/\$([^$]+)\$/g)].map(([, tex]) => ({ tex: tex!, isDisplay: false })),
    );
  });
}

/** Problems that Markdown, KaTeX or GitHub would have with the formulas, one line each. */
export function texProblems(markdown: string): string[] {
  const written = writtenFormulas(markdown);
  return [...markdownProblems(markdown, written), ...written.flatMap(formulaProblems)];
}

function markdownProblems(markdown: string, written: readonly Formula[]): string[] {
  const problems: string[] = [];
  const text = withoutCode(markdown);
  for (const [block] of text.matchAll(/\$\$[^]*?\$\$/g)) {
    problems.push(`Markdown changes what stands between $$ and $$; write a \`\`\`math fence: ${block}`);
  }
  for (const paragraph of text.split(/\n\s*\n/)) {
    if ((paragraph.match(/\$/g) ?? []).length % 2 === 1) problems.push(`a dollar too many or too few: ${paragraph}`);
  }
  for (const [, before, , after] of text.matchAll(/(.?)(?<!\$)\$(?!\$)([^$]+)\$(?!\$)(.?)/g)) {
    if (/\w/.test(before! + after!)) problems.push(`a letter touches a dollar: ${before}$...$${after}`);
  }
  const parsed = parsedFormulas(markdown);
  for (const [i, { tex }] of written.entries()) {
    if (parsed[i]?.tex === tex && parsed[i].isDisplay === written[i]!.isDisplay) continue;
    problems.push(`Markdown changes a formula: ${tex}`);
    // after a lost formula, the two lists no longer correspond
    if (parsed.length !== written.length) break;
  }
  if (parsed.length > written.length) problems.push("Markdown makes formulas of what is none");
  return problems;
}

function formulaProblems({ tex, isDisplay }: Formula): string[] {
  const problems: string[] = [];
  if (!isDisplay && tex.startsWith("(")) problems.push(`VS Code does not show a formula that begins with $(: ${tex}`);
  for (const [, command] of tex.matchAll(/\\([a-zA-Z]+)/g)) {
    if (!knownCommands.has(command!)) problems.push(`\\${command} is not among the known commands: ${tex}`);
  }
  try {
    renderToString(tex, { displayMode: isDisplay, throwOnError: true, strict: "error" });
  } catch (error) {
    problems.push(`${error instanceof Error ? error.message : String(error)}: ${tex}`);
  }
  return problems;
}

function withoutCode(markdown: string): string {
  return markdown.replace(PIECE, (piece, fence?: string, _language?: string, _fenced?: string, span?: string) =>
    fence || span ? "" : piece,
  );
}
