/** The terms of the field in texts. */

/**
 * The terms that a text uses and that the texts before it do not. A term within a longer one, gradient in upstream
 * gradient, is not named as well.
 */
export function newTerms(terms: readonly string[], used: string, before: string): string[] {
  const known = termsIn(before, terms);
  const found = termsIn(used, terms).filter((term) => !known.some((other) => holds(other, term)));
  return found.filter((term) => !found.some((other) => other !== term && holds(other, term)));
}

/** The terms that a text uses, in lower case if they are no names. */
function termsIn(prose: string, terms: readonly string[]): string[] {
  return terms.filter((term) => patternOf(term).test(prose)).map((term) => term.toLowerCase());
}

function holds(longer: string, term: string): boolean {
  return ` ${longer} `.includes(` ${term} `);
}

/** A term as a word of its own, in the singular or plural, or as the verb that it is: broadcasts, transposed. */
function patternOf(term: string): RegExp {
  const stem = term.replace(/e$/, "").replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`\\b${stem}${term.endsWith("e") ? "(?:e|es|ed|ing)" : "(?:s|es|ed|ing)?"}\\b`, "i");
}
