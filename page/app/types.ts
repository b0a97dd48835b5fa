import { html, nothing, type TemplateResult } from "lit-html";
import type { Note } from "../../grader/verdict/result.ts";
import type { Remark } from "../editor/editor.ts";
import type { StepDigest } from "../site.ts";
import type { Actions } from "./actions.ts";
import { notesView, remarksOf } from "./result.ts";
import type { State } from "./state.ts";

/** The switch of type notes; none if the page was built without TypeScript. */
export function typesSwitch(
  { types }: Pick<State, "types">,
  actions: Pick<Actions, "setTypes">,
): TemplateResult | typeof nothing {
  if (!types) return nothing;
  return html`<label class="quiet choice">
    <input
      type="checkbox"
      .checked=${types.isOn}
      @change=${(event: Event) => actions.setTypes((event.target as HTMLInputElement).checked)}
    />
    type notes
  </label>`;
}

/** What is said of a step's types below its editor. */
export function typesView(state: State, step: StepDigest, actions: Actions): TemplateResult | typeof nothing {
  return typesBelow(state, typeNotes(state, step), actions);
}

/** What is said of types below an editor: the notes only if it cannot show them at their places. */
export function typesBelow(
  { types, isPlain }: Pick<State, "types" | "isPlain">,
  found: readonly Note[],
  actions: Pick<Actions, "goTo">,
): TemplateResult | typeof nothing {
  if (!types?.isOn) return nothing;
  const notes = isPlain ? found : [];
  return html`<div class="types">
    <p class="quiet" role="status">${types.said ?? nothing}</p>
    ${notes.length > 0 ? notesView(notes, actions) : nothing}
  </div>`;
}

/** What is said of places of a step's text: by grading, unless the text has changed since, and by the type checker. */
export function remarksOn(state: State, step: StepDigest): Remark[] {
  const graded = state.graded.get(step.id);
  const isChecked = state.types?.checked?.text === state.texts[step.file];
  return [
    ...(graded && graded.text === state.texts[step.file] ? remarksOf(graded) : []),
    ...(isChecked ? typeNotes(state, step) : []).map((note): Remark => ({ ...note, severity: "warning" })),
  ];
}

/**
 * The type checker's notes on the text that it checked last. Grading repeats those that its verdict does not explain; and
 * of a text that does not compile, that is enough to know.
 */
function typeNotes({ types, texts, graded }: State, step: StepDigest): readonly Note[] {
  const { checked } = types ?? {};
  if (checked?.file !== step.file) return [];
  const last = graded.get(step.id);
  const isSaid = last !== undefined && last.text === texts[step.file] && (last.hasTypes || last.result.source === null);
  return isSaid ? [] : checked.notes;
}
