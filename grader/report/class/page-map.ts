import type { Step } from "../../kit/step.ts";
import type { Verdict } from "../../verdict/result.ts";
import { html, type Html } from "../html.ts";
import { counted, gradedRows, partsOf, stepName, type Cell, type ClassView, type Row } from "./view.ts";

/** Up to so many students each cell is a shape of its own that says whose it is; beyond, equal neighbors are one. */
const FEW = 60;
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
export function stepMap({ rows, steps, counts }: ClassView): Html | undefined {
  const graded = gradedRows(rows).toSorted((a, b) => b.points.earned - a.points.earned);
  if (graded.length === 0) return undefined;
  const lineOf = (step: Step): Html => {
    const count = counts.find((one) => one.step === step)!;
    const link =
      count.mistakes.length + count.unexplained.size > 0
        ? html`<a href="#step-${step.id}">${step.id}</a>`
        : html`${step.id}`;
    return html`<tr>
      <th scope="row"><span class="label">${step.label}</span> ${link}</th>
      <td class="cells">${cellsOf(step, graded)}</td>
      <td class="number">${count.passed}<span class="of">/${count.graded}</span></td>
    </tr>`;
  };
  const width = graded.length <= NARROW ? "few" : graded.length <= NAMED ? "some" : "many";
  return html`<p>Each column is a student, with the most points on the left; on the right, how many pass.</p>
    <ul class="legend">${kinds.map((kind) => html`<li><svg class="key" viewBox="0 0 10 10">${shape(kind, 0, 10)}</svg> ${meanings[kind]}</li>`)}</ul>
    <table class="map">
      <thead${width === "many" ? html` class="unnamed"` : html``}><tr><th scope="col">Step</th><td class="heads ${width}">${
        width === "many" ? [] : graded.map(({ name }) => html`<span><bdi>${name}</bdi></span>`)
      }</td><th scope="col" class="number">pass</th></tr></thead>
      ${partsOf(steps).map(
        (part) =>
          html`<tbody>
            <tr class="part">
              <th scope="rowgroup" colspan="3">${partName(part, steps)}</th>
            </tr>
            ${steps.filter((step) => step.part === part).map(lineOf)}
          </tbody>`,
      )}
    </table>`;
}

/** "Part 1: step by step", by the name of its folder. */
export function partName(part: number, steps: readonly Step[]): string {
  const [folder = ""] = steps.find((step) => step.part === part)?.file.split("/") ?? [];
  return `Part ${part}: ${folder.replace(/^\d+-/, "").replaceAll("-", " ")}`;
}

/** A row of the map: a drawing that is stretched to the width that there is. */
function cellsOf(step: Step, rows: readonly Row[]): Html {
  const cells = rows.map(({ cells }) => cells.get(step.id));
  const tally = kinds.flatMap((kind) => {
    const count = cells.filter((cell) => cell && ofVerdict[cell.verdict] === kind).length;
    return count > 0 ? [`${count} ${meanings[kind]}`] : [];
  });
  const shapes =
    rows.length <= FEW
      ? rows.map((row, i) => (cells[i] ? shape(ofVerdict[cells[i].verdict], i, 0.92, titleOf(row, cells[i])) : html``))
      : runs(cells).map(({ kind, from, length }) => shape(kind, from, length));
  return html`<svg
    viewBox="0 0 ${rows.length} 10"
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

/** Equal cells side by side. */
function runs(cells: readonly (Cell | undefined)[]): { kind: Kind; from: number; length: number }[] {
  const found: { kind: Kind; from: number; length: number }[] = [];
  for (const [i, cell] of cells.entries()) {
    if (!cell) continue;
    const kind = ofVerdict[cell.verdict];
    const last = found.at(-1);
    if (last?.kind === kind && last.from + last.length === i) last.length += 1;
    else found.push({ kind, from: i, length: 1 });
  }
  return found;
}

/** How many places are listed. */
const MOST_PLACES = 8;

/** The steps that the most students would work on next. */
export function stalls({ counts, rows }: ClassView): Html | undefined {
  const graded = gradedRows(rows).length;
  const places = counts.filter(({ stalls }) => stalls.length > 0).toSorted((a, b) => b.stalls.length - a.stalls.length);
  if (places.length === 0) return undefined;
  const done = rows.filter(
    ({ problem, stallsAt, cells }) =>
      problem === null && stallsAt === null && [...cells.values()].some(({ passed }) => passed),
  );
  const most = places[0]!.stalls.length;
  return html`<p>
      The step that each would work on next: the first that was started and does not pass, or the next one to start.
      ${done.length > 0 ? `${counted(done.length, "student has", "students have")} passed every step.` : ""}
    </p>
    <ol class="bars">
      ${places.slice(0, MOST_PLACES).map(({ step, stalls }) => {
        const open = stalls.filter(({ cells }) =>
          ["not-started", "missing"].includes(cells.get(step.id)?.verdict ?? "missing"),
        ).length;
        const begun = stalls.length - open;
        const parts = [...(begun > 0 ? [`${begun} started it`] : []), ...(open > 0 ? [`${open} did not`] : [])];
        return html`<li>
          <span class="what"><a href="#step-${step.id}">${stepName(step)}</a></span
          >${bar(stalls.length, most)}<span class="much"
            ><b>${stalls.length}</b> of ${graded}<span class="quiet">: ${parts.join(", ")}</span></span
          >
        </li>`;
      })}
    </ol>`;
}

/** A count as a bar, out of the most that there is. */
export function bar(count: number, most: number): Html {
  return html`<svg class="length" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
    <rect class="rail" width="100" height="10" />
    <rect class="bar" width="${(100 * count) / Math.max(1, most)}" height="10" />
  </svg>`;
}
