/** The commands that the lessons use; all of them are known to KaTeX and to GitHub. A new one is to be looked up first. */
const known = new Set(
  (
    "frac sum partial mathrm text log tanh cdot dots to Rightarrow quad qquad " +
    "gamma beta delta varepsilon mu eta ell leftarrow approx sigma sqrt lfloor rfloor"
  ).split(" "),
);

/** The formulas of a Markdown text, code left out: $$...$$ and $...$. */
export function formulas(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/\$\$([^$]+)\$\$|\$([^$]+)\$/g)].map(
    ([, block, inline]) => block ?? inline!,
  );
}

/** What KaTeX or GitHub would stumble over, a line for each. */
export function texProblems(markdown: string): string[] {
  const text = withoutCode(markdown);
  const problems: string[] = [];
  for (const paragraph of text.split(/\n\s*\n/)) {
    if ((paragraph.match(/\$/g) ?? []).length % 2 === 1) problems.push(`a dollar too many or too few: ${paragraph}`);
  }
  for (const formula of formulas(markdown)) {
    const isInline = !formula.startsWith("\n");
    if (isInline && formula.includes("\n")) problems.push(`a formula within a line is broken over two: ${formula}`);
    if (!isBalanced(formula)) problems.push(`braces do not pair: ${formula}`);
    if (/\\[_{},;!]/.test(formula)) problems.push(`Markdown takes the backslash from \\_ \\{ and \\, away: ${formula}`);
    for (const [, command] of formula.matchAll(/\\([a-zA-Z]+)/g)) {
      if (!known.has(command!)) problems.push(`\\${command} is not among the known commands: ${formula}`);
    }
  }
  for (const [, before, , after] of text.matchAll(/(.?)(?<!\$)\$(?!\$)([^$]+)\$(?!\$)(.?)/g)) {
    if (/\w/.test(before! + after!)) problems.push(`a letter touches a dollar: ${before}$...$${after}`);
  }
  return problems;
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```[^]*?^```$/gm, "").replace(/`[^`\n]*`/g, "");
}

function isBalanced(formula: string): boolean {
  let depth = 0;
  for (const character of formula) {
    if (character === "{") depth += 1;
    if (character === "}") depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
