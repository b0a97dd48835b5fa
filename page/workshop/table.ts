import { html, type TemplateResult } from "lit-html";
import type { Table } from "../../grader/kit/experiment.ts";

/** A table of findings: names on the left, numbers on the right. */
export function tableView({ title, columns, rows }: Table): TemplateResult {
  return html`<div class="wide" data-scrolls=${title}>
    <table class="findings">
      <caption>
        ${title}
      </caption>
      <thead>
        <tr>
          ${columns.map((heading) => (heading === "" ? html`<td></td>` : html`<th scope="col">${heading}</th>`))}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([name, ...cells]) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
