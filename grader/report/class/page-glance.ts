import { html, type Html } from "../html.ts";
import { counted, gradedRows, grouped, type ClassView, type Row } from "./view.ts";

/** The bars of the histogram, at most. */
const BARS = 12;

/** The class in four figures, and how its points are distributed. */
export function glance({ rows, counts }: ClassView): Html | undefined {
  const graded = gradedRows(rows);
  if (graded.length === 0) return undefined;
  const points = graded.map(({ points }) => points.earned).sort((a, b) => a - b);
  const possible = Math.max(...graded.map(({ points }) => points.possible));
  const whole = counts.filter(({ passed, graded }) => graded > 0 && passed === graded).length;
  const hardest = counts
    .filter(({ started, passed }) => started > passed)
    .toSorted((a, b) => b.started - b.passed - (a.started - a.passed))[0];
  const named = counts.flatMap(({ mistakes }) => mistakes).filter(({ isSeen }) => !isSeen);
  const made = named.reduce((sum, { rows }) => sum + rows.length, 0);
  const figures: (readonly [value: string, text: string])[] = [
    [`${median(points)}`, `points is the median, of ${possible}`],
    [String(whole), `of ${counted(counts.length, "step")} passed by everybody`],
    [grouped(made), `mistakes recognized, of ${named.length} kinds`],
    ...(hardest
      ? [
          [
            hardest.step.id,
            `is open in the most submissions: ${hardest.started - hardest.passed} of ${hardest.started} who started it`,
          ] as const,
        ]
      : []),
  ];
  return html`<dl class="figures">
      ${figures.map(
        ([value, text]) =>
          html`<div>
            <dt>${text}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>
    ${possible > 0 ? histogram(graded, possible) : []}`;
}

function median(sorted: readonly number[]): number {
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1]!, sorted[Math.floor(middle)]!];
  return (low + high) / 2;
}

/** How many submissions have how many points, as bars; each bar says its range and count. */
function histogram(graded: readonly Row[], possible: number): Html {
  const width = Math.max(1, Math.ceil((possible + 1) / BARS));
  const bars = Array.from({ length: Math.ceil((possible + 1) / width) }, (_, i) => {
    const [from, to] = [i * width, Math.min(possible, (i + 1) * width - 1)];
    const count = graded.filter(({ points: { earned } }) => earned >= from && earned < from + width).length;
    return { range: from === to ? `${from}` : `${from}–${to}`, count };
  });
  const most = Math.max(...bars.map(({ count }) => count));
  return html`<figure class="histogram">
    <ol>
      ${bars.map(
        ({ range, count }) =>
          html`<li>
            <span class="count">${count > 0 ? count : ""}</span
            ><svg
              viewBox="0 0 10 60"
              preserveAspectRatio="none"
              role="img"
              aria-label="${range} points: ${counted(count, "submission")}"
            >
              <rect
                class="bar"
                x="0"
                y="${60 - (56 * count) / most - (count > 0 ? 2 : 0.6)}"
                width="10"
                height="60"
              /></svg
            ><span class="range">${range}</span>
          </li>`,
      )}
    </ol>
    <figcaption>Submissions by points</figcaption>
  </figure>`;
}
