import type { Step } from "../../kit/step.ts";
import type { Verdict } from "../../verdict/result.ts";
import { html, type Html } from "../html.ts";
import { stepLink } from "./page-parts.ts";
import type { Links } from "./page.ts";
import { gradedRows, partsOf, stepName, type Cell, type ClassView, type Row } from "./view.ts";

/** Up to so many students each has a column, and each cell says whose it is. */
const FEW = 60;
/** A larger class has so many columns, each of them some students with nearly equal points. */
const COLUMNS = 50;
/** Up to so many, names are above the columns. */
const NAMED = 45;
const NARROW = 14;

/** How a cell is drawn. The heights differ as well as the colors. */
type Kind = "passed" | "wrong" | "broken" | "open";
const kinds: readonly Kind[] = ["passed", "wrong", "broken", "open"];
/** Top and height, in a row of 10. */
const extents: Readonly<Record<Kind, readonly [top: number, height: number]>> = {
  passed: [0, 10],
  wrong: [0, 10],
  broken: [4, 6],
  open: [8.8, 1.2],
};
const meanings: Readonly<Record<Kind, string>> = {
  passed: "passes",
  wrong: "wrong",
  broken: "throws, or exceeds a limit",
  open: "not started",
};
/** The same of several students. */
const told: Readonly<Record<Kind, string>> = {
  passed: "pass",
  wrong: "wrong",
  broken: "throw, or exceed a limit",
  open: "not started",
};
const ofVerdict: Readonly<Record<Verdict, Kind>> = {
  exact: "passed",
  rounding: "passed",
  wrong: "wrong",
  shape: "wrong",
  "not-finite": "wrong",
  "changed-inputs": "wrong",
  threw: "broken",
  timeout: "broken",
  "out-of-memory": "broken",
  "not-started": "open",
  missing: "open",
};

/** Steps down, students across, those with the most points first: the edge of what the class can do is a line to see. */
export function stepMap({ rows, steps, counts }: ClassView, links: Links): Html | undefined {
  const graded = gradedRows(rows).toSorted((a, b) => b.points.earned - a.points.earned);
  if (graded.length === 0) return undefined;
  const lineOf = (step: Step): Html => {
    const count = counts.find((one) => one.step === step)!;
    const link = stepLink(count, step.id);
    return html`<tr>
      <th scope="row"><span class="label">${step.label}</span> ${link}</th>
      <td class="cells">${cellsOf(step, graded)}</td>
      <td class="number">${count.passed}<span class="of">/${count.graded}</span></td>
    </tr>`;
  };
  const width = graded.length <= NARROW ? "few" : graded.length <= NAMED ? "some" : "many";
  const columns =
    graded.length <= FEW
      ? "Each column is a student"
      : `Each column is about ${Math.round(graded.length / COLUMNS)} students: how much of it is filled from below says how many pass, and from above how many are wrong. The columns are by points`;
  return html`<p>${columns}, with the most points on the left; on the right, how many pass.</p>
    <ul class="legend">${kinds.map((kind) => html`<li><svg class="key" viewBox="0 0 10 10">${shape(kind, 0, 10)}</svg> ${meanings[kind]}</li>`)}</ul>
    <table class="map">
      <colgroup><col class="step-column" /><col /><col class="pass-column" /></colgroup>
      <thead${width === "many" ? html` class="unnamed"` : html``}><tr><th scope="col">Step</th><td class="heads ${width}">${
        width === "many" ? [] : graded.map(({ name }) => html`<span><bdi>${name}</bdi></span>`)
      }</td><th scope="col" class="number">pass</th></tr></thead>
      ${partsOf(steps).map(
        (part) =>
          html`<tbody>
            <tr class="part">
              <th scope="rowgroup" colspan="3">${links.part(part)}</th>
            </tr>
            ${steps.filter((step) => step.part === part).map(lineOf)}
          </tbody>`,
      )}
    </table>`;
}

/** A row of the map: a drawing that is stretched to the width that there is. */
function cellsOf(step: Step, rows: readonly Row[]): Html {
  const cells = rows.map(({ cells }) => cells.get(step.id));
  const tally = kinds.flatMap((kind) => {
    const count = cells.filter((cell) => cell && ofVerdict[cell.verdict] === kind).length;
    return count > 0 ? [`${count} ${told[kind]}`] : [];
  });
  const groups = groupsOf(cells);
  const shapes =
    rows.length <= FEW
      ? rows.map((row, i) => (cells[i] ? shape(ofVerdict[cells[i].verdict], i, 0.92, titleOf(row, cells[i])) : []))
      : kinds.map((kind) => html`<path class="${kind}" d="${stacked(kind, groups)}" />`);
  const width = rows.length <= FEW ? rows.length : groups.length;
  return html`<svg
    viewBox="0 0 ${width} 10"
    preserveAspectRatio="none"
    role="img"
    aria-label="${stepName(step)}: ${tally.join(", ")}"
  >
    ${shapes}
  </svg>`;
}

function shape(kind: Kind, x: number, width: number, title?: string): Html {
  const [top, height] = extents[kind];
  const rect = html`class="${kind}" x="${x}" y="${top}" width="${width}" height="${height}"`;
  return title === undefined ? html`<rect ${rect} />` : html`<rect ${rect}><title>${title}</title></rect>`;
}

function titleOf({ name }: Row, { verdict, mistake }: Cell): string {
  return `${name}: ${verdict}${mistake ? `; ${mistake.sentence}` : ""}`;
}

/** The cells of a row in groups of nearly equal size, one for each column. */
function groupsOf<T>(cells: readonly T[]): T[][] {
  const start = (i: number): number => Math.round((i * cells.length) / COLUMNS);
  return Array.from({ length: COLUMNS }, (_, i) => cells.slice(start(i), start(i + 1)));
}

/**
 * A kind's share of each column, as one path: what passes stands at the bottom, what is wrong hangs from the top, and what
 * throws hangs below that. What was not started is left free.
 */
function stacked(kind: Kind, groups: readonly (readonly (Cell | undefined)[])[]): string {
  const share = (cells: readonly (Cell | undefined)[], wanted: Kind): number =>
    (10 * cells.filter((cell) => cell && ofVerdict[cell.verdict] === wanted).length) / Math.max(1, cells.length);
  const pieces = groups.map((cells, x) => {
    const height = kind === "open" ? 0 : share(cells, kind);
    const top = kind === "passed" ? 10 - height : kind === "broken" ? share(cells, "wrong") : 0;
    return height > 0 ? `M${x} ${short(top)}h.94v${short(height)}h-.94z` : "";
  });
  return pieces.join("");
}

/** A number with at most two decimals. */
function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}
