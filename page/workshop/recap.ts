import { html, nothing, type TemplateResult } from "lit-html";
import { stillAhead } from "../../grader/kit/milestone.ts";
import { prose } from "./prose.ts";
import { recapsOf, type Subject } from "./state.ts";
import type { Recap } from "./texts.ts";

/** The ends that are reached with a step: what can be done now, its tensors, what comes next. */
export function recapView(subject: Subject): TemplateResult {
  return html`<div class="recap">${recapsOf(subject).map((recap) => oneView(recap, subject))}</div>`;
}

function oneView({ title, can, rows, next: all }: Recap, { passed }: Subject): TemplateResult {
  const next = stillAhead(all, (id) => passed.has(id));
  return html`<h4>Finished: ${title}</h4>
    <p>${prose(can)}</p>
    ${
      rows.length === 0
        ? nothing
        : html`<div class="wide" data-scrolls="recap of ${title}">
            <table class="recap-rows">
              <tbody>
                ${rows.map(
                  ({ name, shape, idea }) =>
                    html`<tr>
                      <th scope="row"><code>${name}</code> <code class="quiet">${shape}</code></th>
                      <td>${prose(idea)}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }
    ${
      next.length === 0
        ? nothing
        : html`<ul>
            ${next.map(({ text }) => html`<li>${prose(text)}</li>`)}
          </ul>`
    }`;
}
