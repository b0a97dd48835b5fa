import type { Step } from "../../kit/step.ts";

/** What is wrong with a room's texts: nothing checks the types of a course when it is loaded. */
export function roomProblems({ hints, mistakes }: Step): string[] {
  const ids = mistakes.map(({ id }) => id);
  const twice = new Set(ids.filter((id, i) => ids.indexOf(id) < i));
  return [
    ...emptyTexts("hints", hints, ["ask", "rule", "worked", "piece"]),
    ...mistakes.flatMap((mistake) => emptyTexts(`the mistake "${mistake.id}"`, mistake, ["idea", "sentence", "look"])),
    ...[...twice].map((id) => `two mistakes have the id "${id}"`),
  ];
}

/** The fields of some texts that are no text, or an empty one. */
function emptyTexts(whose: string, texts: object, names: readonly string[]): string[] {
  const fields = texts as Readonly<Record<string, unknown>>;
  return names.flatMap((name) => {
    const value = fields[name];
    if (typeof value === "string" && value.trim() !== "") return [];
    return [`${whose}: ${name} should be a text${typeof value === "function" ? ", and is a function: call it" : ""}`];
  });
}
