import { html, type Html } from "../html.ts";
import { bar, stepLink } from "./page-parts.ts";
import { counted, gradedRows, stepName, type ClassView } from "./view.ts";

/** How many places are listed. */
const MOST_PLACES = 8;

/** The steps where the most students stopped. */
export function stalls({ counts, rows }: ClassView): Html | undefined {
  const graded = gradedRows(rows).length;
  const places = counts.filter(({ stalls }) => stalls.length > 0).toSorted((a, b) => b.stalls.length - a.stalls.length);
  if (places.length === 0) return undefined;
  const done = gradedRows(rows).filter(
    ({ stallsAt, cells }) => stallsAt === null && [...cells.values()].some(({ passed }) => passed),
  );
  const most = places[0]!.stalls.length;
  return html`<p>
      The step after the last one that passes: where each stopped.
      ${done.length > 0 ? `${counted(done.length, "student has", "students have")} reached the last step.` : ""}
    </p>
    <ol class="bars">
      ${places.slice(0, MOST_PLACES).map((count) => {
        const { step, stalls } = count;
        const open = stalls.filter(({ cells }) =>
          ["not-started", "missing"].includes(cells.get(step.id)?.verdict ?? "missing"),
        ).length;
        const begun = stalls.length - open;
        const parts = [
          ...(begun > 0 ? [`${begun} started it`] : []),
          ...(open > 0 ? [`${open} ${begun > 0 ? "did not" : "did not start it"}`] : []),
        ];
        return html`<li>
          <span class="what">${stepLink(count, stepName(step))}</span>${bar(stalls.length, most)}<span class="much"
            ><b>${stalls.length}</b> of ${graded}<span class="quiet">: ${parts.join(", ")}</span></span
          >
        </li>`;
      })}
    </ol>`;
}
