import { html, nothing, type TemplateResult } from "lit-html";
import type { ExperimentDone } from "../../grader/course/lab/run.ts";
import { stretches } from "../../grader/report/stretches.ts";
import { askButton, askedView } from "./asked.ts";
import { plotView, tablePlot } from "./plot.ts";
import { prose } from "./prose.ts";
import { textsOf, type Subject, type WorkshopActions, type WorkshopState } from "./state.ts";
import { tableView } from "./table.ts";

/** The step's experiment, run with the learner's function: its curves, its tables with their plots, and what to see. */
export function labView(subject: Subject, { lab }: WorkshopState, actions: WorkshopActions): TemplateResult {
  const { trap, setting } = textsOf(subject).experiment!;
  const isRunning = lab?.is === "running";
  return html`<div class="lab">
    <p><strong>The trap:</strong> ${prose(trap)}.</p>
    <p>${prose(setting)}</p>
    <p>
      ${askButton(lab === undefined || isRunning ? "Run the experiment" : "Run it again", lab, () => actions.lab())}
      ${isRunning ? html`<progress value=${lab.done ?? 0} max="1" aria-label="the experiment"></progress>` : nothing}
    </p>
    <div role="status">${lab && !isRunning ? html`<span class="unseen">The experiment is done.</span>` : nothing}</div>
    ${lab === undefined ? nothing : askedView(lab, "It takes a few seconds.", doneView)}
  </div>`;
}

/** As many points as a plot has places for. */
const POINTS = 300;

function doneView({ findings: { plotted = "", curves = [], tables, remarks }, yours }: ExperimentDone): TemplateResult {
  return html`${
      curves.length === 0
        ? nothing
        : html`<h4>${plotted}</h4>
            ${plotView({
              label: plotted,
              lines: curves.map(({ name, values }) => ({ name, points: overSteps(values) })),
              across: "step",
            })}`
    }
    ${tables.map((table) => html`<div class="finding">${tableView(table)} ${tablePlot(table)}</div>`)}
    ${remarks.map((remark) => html`<p>${prose(remark)}</p>`)}
    <p>${prose(yours)}</p>`;
}

/** How many steps a point of a plot is the mean of. */
export function stepsPerPoint(count: number): number {
  return Math.max(1, Math.ceil(count / POINTS));
}

/** The means of stretches of equal length, each at its first step. */
export function overSteps(values: readonly number[]): [number, number][] {
  const length = stepsPerPoint(values.length);
  return stretches(values, POINTS).map((mean, i) => [i * length, mean]);
}
