import type { Step } from "../../kit/step.ts";
import { html, type Html } from "../html.ts";
import { bar } from "./page-parts.ts";
import { counted, gradedRows, partsOf, passedInPart, stepName, type ClassView, type Row } from "./view.ts";

/** Beyond so many students the list is folded: the map shows the class, and a table of grades is in --format csv. */
const OPEN = 60;
/** Beyond so many it would be most of the page. */
const MOST = 1500;

/** The students by name: points, parts, and where each stalls. */
export function students({ rows, steps }: ClassView): Html | undefined {
  const graded = gradedRows(rows);
  if (graded.length === 0) return undefined;
  if (graded.length > MOST) return html`<p>More than fit on a page: <code>--format csv</code> lists them.</p>`;
  const parts = partsOf(steps);
  const table = html`<table class="plain students">
    <thead>
      <tr>
        <th scope="col">Student</th>
        <th scope="col" class="number">Points</th>
        <td class="wide-only"></td>
        ${parts.map((part) => html`<th scope="col" class="number wide-only"><abbr title="part ${part}">${part}</abbr></th>`)}
        <th scope="col">Stalls at</th>
      </tr>
    </thead>
    <tbody>
      ${graded.map((row) => studentRow(row, steps, parts))}
    </tbody>
  </table>`;
  return graded.length <= OPEN
    ? table
    : html`<details>
        <summary>${counted(graded.length, "student")}</summary>
        ${table}
      </details>`;
}

function studentRow(row: Row, steps: readonly Step[], parts: readonly number[]): Html {
  const { name, points, stallsAt, late } = row;
  const step = steps.find(({ id }) => id === stallsAt);
  return html`<tr>
    <th scope="row"><bdi>${name}</bdi>${late ? html` <span class="late">late</span>` : []}</th>
    <td class="number">${points.earned}<span class="of">/${points.possible}</span></td>
    <td class="wide-only points">${bar(points.earned, points.possible)}</td>
    ${parts.map((part) => html`<td class="number wide-only">${passedInPart(row, steps, part)}</td>`)}
    <td>${step ? stepName(step) : ""}</td>
  </tr>`;
}
