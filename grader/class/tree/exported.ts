import type { Step } from "../../kit/step.ts";

/** What a file exports by name, as it is written: `export function dcounts`, `export const train =`, `export { dh }`. */
function exportedNames(code: string): ReadonlySet<string> {
  const declared = code.matchAll(/^[ \t]*export\s+(?:async\s+)?(?:function\s*\*?|const|let|var)\s+([\w$]+)/gm);
  const listed = code.matchAll(/^[ \t]*export\s*\{([^}]*)\}/gm);
  const names = [...listed].flatMap(([, list]) => list!.split(",").map((one) => one.trim().replace(/^.*\sas\s+/, "")));
  return new Set([...declared].map(([, name]) => name!).concat(names));
}

/** The steps whose function a file exports. Of several steps with one name it is the one that its text is about. */
export function stepsExportedBy(code: string, steps: readonly Step[]): Step[] {
  const names = exportedNames(code);
  return [...names].flatMap((name) => {
    const alike = steps.filter((step) => step.export === name);
    return alike.length > 0 ? [theOneAbout(code, alike)] : [];
  });
}

/**
 * Of steps with the same function, such as dlogits of part 1 and of part 2, the one that a text is about: it names the id,
 * as the stub does; otherwise it uses most of what the step is given.
 */
export function theOneAbout(code: string, steps: readonly Step[]): Step {
  const named = steps.find(({ id }) => code.includes(`Given<"${id}">`) || code.includes(`todo("${id}")`));
  if (named) return named;
  const share = (step: Step): number => {
    const given = step.kind === "function" ? step.given : [];
    return given.filter((name) => new RegExp(`\\b${name}\\b`).test(code)).length / Math.max(1, given.length);
  };
  return steps.reduce((best, step) => (share(step) > share(best) ? step : best));
}
