import { html, nothing, type TemplateResult } from "lit-html";
import { mistakeLabel } from "../../grader/report/mistake-label.ts";
import { significant } from "../../grader/kit/number.ts";
import type { Note, TensorLine } from "../../grader/verdict/result.ts";
import type { Remark } from "../editor/editor.ts";
import type { StepDigest } from "../site.ts";
import type { Actions } from "./actions.ts";
import { hashOf } from "./route.ts";
import type { Graded, State } from "./state.ts";
import { stepAfter } from "./state.ts";

/**
 * What grading a step found.
 *
 * @param isOwn whether it is about the learner's own text: only that leads to the next step
 */
export function resultView(state: State, step: StepDigest, actions: Actions, isOwn = true): TemplateResult {
  const graded = state.graded.get(step.id);
  if (!graded) {
    return html`<p class="quiet">Grade your code with the button, or with Ctrl-Enter; on a Mac, with ⌘-Enter.</p>`;
  }
  const { result, text } = graded;
  const isOld = text !== state.texts[step.file];
  return html`<div class="result ${result.passed ? "passed" : "failed"} ${isOld ? "old" : ""}">
    ${isOld ? html`<p class="quiet">Your text has changed since. This is about the one that was graded:</p>` : nothing}
    <h3>${headline(graded)}</h3>
    ${result.tensors.length > 0 ? tensorTable(result.tensors, step) : nothing} ${explanation(graded, actions)}
    ${result.notes.length > 0 ? notesView(result.notes, actions) : nothing}
    ${
      result.printed === ""
        ? nothing
        : html`<h4>Printed</h4>
            <pre class="printed" data-scrolls="what it printed">${result.printed}</pre>`
    }
    ${result.passed && isOwn ? onwards(state, step) : nothing}
  </div>`;
}

/** The verdict in words. */
export function headline({ result: { verdict, passed } }: Graded): string {
  if (verdict === "not-started") return "Not started";
  if (passed) return verdict === "exact" ? "Passed: exact" : "Passed: right for every input, up to rounding";
  return `Not passed: ${verdict.replaceAll("-", " ")}`;
}

/** The verdict, and what is wrong, as a screen reader is told it. */
export function spoken(graded: Graded): string {
  const { message, mistake, passed } = graded.result;
  const why = passed ? null : (mistake?.sentence ?? message);
  return why === null ? headline(graded) : `${headline(graded)}. ${why}`;
}

/** What is said of places of the text. */
export function remarksOf({ result: { at, message, notes, passed, verdict } }: Graded): Remark[] {
  const error: Remark[] =
    at && message !== null && !passed && verdict !== "not-started" ? [{ ...at, text: message, severity: "error" }] : [];
  return [...error, ...notes.map((note): Remark => ({ ...note, severity: "warning" }))];
}

/** A text of the course that a remark names: its file from exercises/, and the heading. */
const TEXTS = /exercises\/([\w/.-]+\.md)(?:#([\w-]+))?/;

/** A remark, whose first text of the course can be opened. */
function withLinks(remark: string): TemplateResult | string {
  const [name, file, anchor] = TEXTS.exec(remark) ?? [];
  if (name === undefined || file === undefined) return remark;
  const [before, after] = remark.split(name);
  const place = hashOf({ view: "read", file, ...(anchor !== undefined && { anchor }) });
  return html`${before}<a href=${place}>${file}</a>${after}`;
}

/** The lecture's line for each tensor. */
function tensorTable(lines: readonly TensorLine[], { measuredOn }: StepDigest): TemplateResult {
  return html`<table class="tensors">
    <thead>
      <tr>
        <th scope="col">on ${measuredOn}</th>
        <th scope="col">exact</th>
        <th scope="col">approximate</th>
        <th scope="col">maxdiff</th>
      </tr>
    </thead>
    <tbody>
      ${lines.map(
        ({ name, exact, approximate, maxdiff }) =>
          html`<tr>
            <th scope="row"><code>${name}</code></th>
            <td>${exact}</td>
            <td>${approximate}</td>
            <td>${maxdiff === null ? "none" : significant(maxdiff, 3)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What is wrong, what it looks like, and where. */
function explanation({ result }: Graded, actions: Actions): TemplateResult {
  const { message, mistake, at, excerpt, verdict } = result;
  return html`
    ${message === null ? nothing : html`<p>${withLinks(message)}</p>`}
    ${mistake ? html`<p class="mistake"><strong>${mistakeLabel(mistake)}:</strong> ${mistake.sentence}</p>` : nothing}
    ${
      at && verdict !== "not-started"
        ? html`<p class="place">
            <button type="button" class="link" @click=${() => actions.goTo(at.line, at.column)}>
              line ${at.line}, column ${at.column}</button
            >${excerpt === null ? nothing : html` <code>${excerpt.trim()}</code>`}
          </p>`
        : nothing
    }
  `;
}

/** Notes, each with a button that leads to its place. */
export function notesView(notes: readonly Note[], actions: Pick<Actions, "goTo">): TemplateResult {
  return html`<ul class="notes">
    ${notes.map(
      ({ line, column, text }) =>
        html`<li>
          <button type="button" class="link" @click=${() => actions.goTo(line, column)}>line ${line}</button>:
          ${withLinks(text)}
        </li>`,
    )}
  </ul>`;
}

/** After a pass: the next step. */
function onwards(state: State, step: StepDigest): TemplateResult {
  const next = stepAfter(state, step.id);
  if (!next) return html`<p>That was the last step.</p>`;
  return html`<p>
    <a class="button primary" href=${hashOf({ view: "step", id: next.id })}
      >Next: ${next.label} <code>${next.id}</code></a
    >
  </p>`;
}
