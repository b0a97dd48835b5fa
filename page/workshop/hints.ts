import { html, nothing, type TemplateResult } from "lit-html";
import { questionOf, ruleOf } from "../../grader/kit/hint.ts";
import { newTerms } from "../../grader/report/hint/terms.ts";
import type { Contract } from "../../grader/report/hint/contract.ts";
import { LOOK, pieceOf, proseOf, rungsFor, rungTitles, type Rung } from "../../grader/report/hint/piece.ts";
import { hashOf } from "../app/route.ts";
import { prose } from "./prose.ts";
import { textsOf, type Subject, type WorkshopActions, type WorkshopState } from "./state.ts";
import type { StepTexts } from "./texts.ts";

/** The hints that have been shown, and a button for the next. */
export function hintsView(subject: Subject, { hintsShown }: WorkshopState, actions: WorkshopActions): TemplateResult {
  const own = rungsFor(textsOf(subject));
  const isLast = hintsShown >= own.length;
  return html`<div class="hints">
    ${own.slice(0, hintsShown).map((rung) => rungView(subject, rung))}
    <p>
      ${
        isLast
          ? html`<span class="quiet"
              >${own.length === 1 ? "This is the only hint; it" : `All ${own.length} shown; the last one`} depends on
              your text and its grading.</span
            >`
          : html`<button type="button" class="next-hint" @click=${() => actions.nextHint()}>
                ${own.length === 1 ? "Show the hint" : hintsShown === 0 ? "Show the first hint" : "Show the next hint"}
              </button>
              <span class="quiet">${hintsShown} of ${own.length} shown</span>`
      }
    </p>
  </div>`;
}

function rungView(subject: Subject, rung: Rung): TemplateResult {
  const texts = textsOf(subject);
  const own = rungsFor(texts);
  const number = own.indexOf(rung) + 1;
  const title = rung === 3 ? pieceOf(texts, subject.result).title : rungTitles[rung];
  return html`<section class="hint">
    <h4 tabindex="-1" data-rung=${number}>Hint ${number} of ${own.length}: ${title}</h4>
    ${{ 1: shapesView, 2: ruleView, 3: pieceView }[rung](texts, subject)} ${termsView(subject, texts, rung)}
  </section>`;
}

function shapesView({ contract, hints, lecture }: StepTexts): TemplateResult {
  return html`${contractView(contract)}
    <p>${prose(questionOf(hints))}</p>
    ${lecture === undefined ? nothing : html`<p class="quiet">${lecture}</p>`}`;
}

/** A label with more letters has a row of its own. */
const LONGEST_LABEL = 9;

function contractView({ rows, upstream }: Contract): TemplateResult {
  // what a program is given is described in words, without labels
  const isLabeled = rows.some(([label]) => label !== "");
  return html`<div class="wide" data-scrolls="shapes">
      <table class="contract">
        <tbody>
          ${rows.map(([label, names, shape]) => {
            const isLong = label.length > LONGEST_LABEL;
            // a row without a shape is a line of the forward pass
            return html`${
                isLong
                  ? html`<tr>
                      <th colspan="3" scope="rowgroup">${label}</th>
                    </tr>`
                  : nothing
              }
              <tr>
                ${!isLabeled ? nothing : label === "" || isLong ? html`<td></td>` : html`<th scope="row">${label}</th>`}
                <td colspan=${shape === "" ? 2 : 1}><code>${names}</code></td>
                ${shape === "" ? nothing : html`<td class="shape"><code>${shape}</code></td>`}
              </tr>`;
          })}
        </tbody>
      </table>
    </div>
    ${upstream === undefined ? nothing : html`<p>${upstream}</p>`}`;
}

function ruleView({ hints, inputs, answer, worked }: StepTexts): TemplateResult {
  return html`<p>${prose(ruleOf(hints))}</p>
    ${numbersView([...inputs, answer])}
    <p><code>${worked}</code></p>`;
}

/** Tensors of small numbers, as many beside each other as fit. */
export function numbersView(blocks: readonly (readonly string[])[]): TemplateResult {
  return html`<div class="numbers">
    ${blocks.map((lines) => html`<pre data-scrolls="small numbers">${lines.join("\n")}</pre>`)}
  </div>`;
}

function pieceView(texts: StepTexts, { result }: Subject): TemplateResult {
  const { piece } = texts.hints;
  const { reported, looks } = pieceOf(texts, result);
  if (!reported) return html`<p>${prose(piece)}</p>`;
  const { label, text, isSeen } = reported;
  const [look, ...others] = looks;
  return html`<p><strong class=${isSeen ? "seen" : "refused"}>${label}:</strong> ${prose(text)}</p>
    ${look === undefined ? nothing : html`<p><strong>${LOOK}:</strong> ${prose(look)}</p>`}
    ${others.map((other) => html`<p>${prose(other)}</p>`)}
    <p><strong>${rungTitles[3]}:</strong> ${prose(piece)}</p>`;
}

function termsView(
  { texts: { glossary }, result }: Subject,
  texts: StepTexts,
  rung: Rung,
): TemplateResult | typeof nothing {
  const before = rungsFor(texts)
    .filter((other) => other < rung)
    .flatMap((other) => proseOf(texts, other, undefined));
  const terms = newTerms(glossary.terms, proseOf(texts, rung, result).join(" "), before.join(" "));
  if (terms.length === 0) return nothing;
  const { file } = glossary;
  return html`<p class="quiet">
    The <a href=${hashOf({ view: "read", file })}>glossary</a> explains:
    ${terms.map(
      (term, i) =>
        html`${i > 0 ? ", " : ""}<a href=${hashOf({ view: "read", file, anchor: term.replaceAll(" ", "-") })}
            >${term}</a
          >`,
    )}
  </p>`;
}
