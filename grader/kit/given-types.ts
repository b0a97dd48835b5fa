import type { FunctionStep } from "./step.ts";

/** The names that each step is given, by its id, as the type that exercises are checked with. */
export function givenNamesType(steps: readonly Pick<FunctionStep, "id" | "given">[]): string {
  const keyOf = (id: string): string => (/^\w+$/.test(id) ? id : `"${id}"`);
  const names = steps.map(({ id, given }) => `  ${keyOf(id)}: ${given.map((name) => `"${name}"`).join(" | ")};`);
  return [
    "/** The names that each step is given, by its id. */",
    "export interface GivenNames {",
    ...names,
    "}",
    "",
  ].join("\n");
}
